/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Real processes that end in every way, at random moments, against a slow server. Then the server is fast, the next
 * process starts, and every error whose capture returned must arrive, and every transaction handed over 200 ms before.
 */
class ITProcessEnd {
    private static final int MANY = 1_000_000;
    private static final Duration DRAINED = Duration.ofSeconds(30);

    @TempDir
    Path spool;

    private final Random random = new Random();
    private final Fixture fixture = new Fixture();
    private FakeIngest ingest;

    @BeforeEach
    void start() throws IOException {
        ingest = new FakeIngest();
        ingest.answers(ingest.after(40, ingest.taken()));
    }

    @AfterEach
    void stop() throws IOException {
        ingest.close();
    }

    @RepeatedTest(4)
    void nothingIsLost_whenKilled() throws Exception {
        try (ChildProcess child = child(MANY, 12_000, "wait")) {
            runs(child);
            everythingArrives(child, child.kill());
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenKilledDuringALargeWrite() throws Exception {
        try (ChildProcess child = child(MANY, 400_000, "wait")) {
            runs(child);
            everythingArrives(child, child.kill());
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenTerminated() throws Exception {
        try (ChildProcess child = child(MANY, 12_000, "wait")) {
            runs(child);
            // the hook closes within its 300 ms and leaves the rest to the next process
            everythingArrives(child, child.terminate());
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenHalted() throws Exception {
        try (ChildProcess child = child(50 + random.nextInt(500), 12_000, "halt")) {
            everythingArrives(child, child.join());
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenExiting() throws Exception {
        try (ChildProcess child = child(50 + random.nextInt(500), 12_000, "exit")) {
            child.join();
            everythingArrives(child, Long.MAX_VALUE);
        }
    }

    @Test
    void restart_bringsWhatSeveralDeadProcessesLeft_once() throws Exception {
        ingest.answers(ingest.status(503));
        Set<String> captured = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (ChildProcess child = child(30, 12_000, "halt")) {
                child.join();
                captured.addAll(child.errors.keySet());
            }
        }
        assertThat(captured).hasSize(60);

        ingest.answers(ingest.taken());
        // two at once: each leftover folder may have one new owner only
        try (ChildProcess one = child(0, 1, "wait");
                ChildProcess two = child(0, 1, "wait")) {
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(captured));
        }
        assertThat(captured).allSatisfy(id -> assertThat(ingest.times(id)).isEqualTo(1));
    }

    @Test
    void nothingIsLost_whenTheDiskTakesNoMore() throws Exception {
        ingest.answers(ingest.taken());
        try (ChildProcess child = new ChildProcess("delivery", spool, ingest.url(), 300, 30_000, "wait", 8)) {
            await().atMost(DRAINED).until(child::done);
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(child.errors.keySet()));
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(child.transactions.keySet()));
            assertThat(child.errors).hasSize(200);
            assertThat(child.dropped).isEmpty();
            assertThat(child.log.stream().filter(line -> line.contains("cannot be written")))
                    .hasSize(1);
        }
    }

    /** 200 captures, a server that takes 40 ms for each, the process halts: the same for both. */
    @Test
    void plainSentry_losesWhatDeliveryKeeps_whenHalted() throws Exception {
        try (FakeIngest other = new FakeIngest();
                ChildProcess plain =
                        new ChildProcess("sentry", spool.resolve("sentry"), other.url(), 200, 0, "halt", 0);
                ChildProcess ours = child(300, 12_000, "halt")) {
            other.answers(other.after(40, other.taken()));
            plain.join();
            everythingArrives(ours, ours.join());
            assertThat(plain.errors).hasSize(200);
            assertThat(other.requests.get()).isLessThan(100);
        }
    }

    /** The same server, the process is killed or terminated right after the last capture. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void plainSentry_losesWhatDeliveryKeeps_whenKilledOrTerminated(boolean kill) throws Exception {
        try (FakeIngest other = new FakeIngest();
                ChildProcess plain =
                        new ChildProcess("sentry", spool.resolve("sentry"), other.url(), 200, 0, "wait", 0);
                ChildProcess ours = child(300, 12_000, "wait")) {
            other.answers(other.after(40, other.taken()));
            await().atMost(Duration.ofSeconds(20)).until(plain::done);
            await().atMost(Duration.ofSeconds(20)).until(ours::done);
            // SIGTERM: its hook sends what its queue of 30 still holds
            long unused = kill ? plain.kill() : plain.terminate();
            everythingArrives(ours, kill ? ours.kill() : ours.terminate());
            assertThat(plain.errors).hasSize(200);
            assertThat(other.requests.get()).isLessThan(150);
        }
    }

    @Test
    void plainSentry_losesWhatDeliveryKeeps_inABurst() throws Exception {
        try (FakeIngest other = new FakeIngest();
                ChildProcess plain =
                        new ChildProcess("sentry", spool.resolve("sentry"), other.url(), 2_000, 0, "exit", 0);
                ChildProcess ours = child(3_000, 1_000, "exit")) {
            other.answers(other.after(5, other.taken()));
            plain.join(); // its hook flushes for up to 15 s
            ours.join();
            everythingArrives(ours, Long.MAX_VALUE);
            assertThat(ours.errors).hasSize(2_000);
            assertThat(plain.errors).hasSize(2_000);
            assertThat(other.requests.get()).isLessThan(1_900);
        }
    }

    private ChildProcess child(int count, int largest, String end) throws IOException {
        return new ChildProcess("delivery", spool, ingest.url(), count, largest, end, 0);
    }

    /** Until it captures, and a random moment longer. */
    private void runs(ChildProcess child) {
        await().atMost(Duration.ofSeconds(20)).until(child::started);
        long from = System.nanoTime();
        long nanos = Duration.ofMillis(random.nextInt(700)).toNanos();
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() - from > nanos);
    }

    private void everythingArrives(ChildProcess child, long endedAt) {
        ingest.answers(ingest.taken());
        Set<String> expected = new HashSet<>(child.errors.keySet());
        child.transactions.forEach((id, at) -> {
            if (at < endedAt - 200) {
                expected.add(id);
            }
        });
        Bounds bounds = Bounds.defaults();
        try (Delivery next = fixture.delivery(spool, bounds)) {
            next.outbox(fixture.to(ingest));
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(expected));
        }
        assertThat(child.dropped).isEmpty();
        assertThat(expected).isNotEmpty();
        assertThat(fixture.losses).isEmpty();
        // the requests that the end cut off, four at most, may have arrived without an answer
        assertThat(ingest.duplicates()).isLessThanOrEqualTo(4);
    }
}
