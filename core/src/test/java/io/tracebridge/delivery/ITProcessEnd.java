/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
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
 * process starts, and every error whose capture returned must arrive, and every transaction that had reached its file.
 */
class ITProcessEnd {
    private static final int MANY = 1_000_000;
    /** A JVM and its classes take a second or two of a processor; with a load of 30 on two processors 20 s were not enough. */
    private static final Duration STARTED = Duration.ofSeconds(90);

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
            child.kill();
            everythingArrives(child);
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenKilledDuringALargeWrite() throws Exception {
        try (ChildProcess child = child(MANY, 400_000, "wait")) {
            runs(child);
            child.kill();
            everythingArrives(child);
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenTerminated() throws Exception {
        try (ChildProcess child = child(MANY, 12_000, "wait")) {
            runs(child);
            // the hook closes within its 300 ms and leaves the rest to the next process
            child.terminate();
            everythingArrives(child);
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenHalted() throws Exception {
        try (ChildProcess child = child(50 + random.nextInt(500), 12_000, "halt")) {
            child.join();
            everythingArrives(child);
        }
    }

    @RepeatedTest(2)
    void nothingIsLost_whenExiting() throws Exception {
        try (ChildProcess child = child(50 + random.nextInt(500), 12_000, "exit")) {
            child.join();
            everythingArrives(child, child.transactions);
        }
    }

    @Test
    void restart_bringsWhatSeveralDeadProcessesLeft_once() throws Exception {
        ingest.answers(ingest.status(503));
        Set<String> captured = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            try (ChildProcess child = child(30, 12_000, "halt")) {
                child.join();
                captured.addAll(child.errors);
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
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(child.errors));
            await().atMost(DRAINED).until(() -> ingest.ids().containsAll(child.transactions));
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
            ours.join();
            everythingArrives(ours);
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
            await().atMost(STARTED).until(plain::done);
            await().atMost(STARTED).until(ours::done);
            // SIGTERM: its hook sends what its queue of 30 still holds
            for (ChildProcess each : List.of(plain, ours)) {
                if (kill) {
                    each.kill();
                } else {
                    each.terminate();
                }
            }
            everythingArrives(ours);
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
            everythingArrives(ours, ours.transactions);
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
        await().atMost(STARTED).until(child::started);
        long from = System.nanoTime();
        long nanos = Duration.ofMillis(random.nextInt(700)).toNanos();
        await().pollInterval(Duration.ofMillis(1)).until(() -> System.nanoTime() - from > nanos);
    }

    /** What is in a file when the process ends outlives it. */
    private void everythingArrives(ChildProcess child) {
        everythingArrives(child, child.written());
    }

    private void everythingArrives(ChildProcess child, List<String> transactions) {
        ingest.answers(ingest.taken());
        try (Delivery next = fixture.delivery(spool, Bounds.defaults())) {
            next.outbox(fixture.to(ingest));
            await().atMost(DRAINED).untilAsserted(() -> {
                assertThat(missing(child.errors)).as("errors").isEmpty();
                assertThat(missing(transactions)).as("transactions").isEmpty();
            });
        }
        assertThat(child.dropped).isEmpty();
        assertThat(child.errors).isNotEmpty();
        assertThat(fixture.losses).isEmpty();
        // the requests that the end cut off, four at most, may have arrived without an answer
        assertThat(ingest.duplicates()).isLessThanOrEqualTo(4);
    }

    private Set<String> missing(Collection<String> expected) {
        Set<String> missing = new HashSet<>(expected);
        missing.removeAll(ingest.ids());
        return missing;
    }
}
