/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Payloads over real sockets and a real disk, in one process. */
class DeliveryTest {
    @TempDir
    Path spool;

    private final Fixture fixture = new Fixture();
    private FakeIngest ingest;
    private Delivery delivery;

    @BeforeEach
    void start() throws IOException {
        ingest = new FakeIngest();
        delivery = fixture.delivery(spool);
    }

    @AfterEach
    void stop() throws IOException {
        delivery.close(Duration.ZERO);
        ingest.close();
    }

    @Test
    void payload_arrivesOnce() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));

        assertThat(outbox.offerDurably(Fixture.error("e1"))).isTrue();
        assertThat(outbox.offer(Fixture.transaction("t1"))).isTrue();

        assertThat(outbox.flush(Duration.ofSeconds(5))).isTrue();
        assertThat(ingest.times("e1")).isEqualTo(1);
        assertThat(ingest.times("t1")).isEqualTo(1);
        assertThat(delivery.state().get(0).delivered()).isEqualTo(2);
        assertThat(delivery.state().get(0).pending()).isZero();
    }

    @Test
    void burst_arrivesWhole_overAFewConnections() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        Set<String> ids = IntStream.range(0, 2_000).mapToObj(i -> "e" + i).collect(Collectors.toSet());

        ids.parallelStream().forEach(id -> outbox.offerDurably(Fixture.error(id)));

        await().atMost(Duration.ofSeconds(20)).until(() -> ingest.ids().size() == 2_000);
        assertThat(ingest.ids()).isEqualTo(ids);
        assertThat(ingest.duplicates()).isZero();
        assertThat(ingest.connections.get()).isLessThanOrEqualTo(5);
    }

    @Test
    void errors_goFirst_whenTheDestinationComesBack() {
        ingest.answers(ingest.status(429, "Retry-After: 1")); // hardly ever a request under way
        List<String> sent = Collections.synchronizedList(new ArrayList<>());
        Outbox outbox = delivery.outbox(fixture.to(ingest, payload -> sent.add(payload.id())));
        for (int i = 0; i < 100; i++) {
            outbox.offer(Fixture.transaction("t" + i));
        }
        outbox.flush(Duration.ofMillis(100));
        for (int i = 0; i < 10; i++) {
            outbox.offerDurably(Fixture.error("e" + i));
        }
        int before = sent.size();

        ingest.answers(ingest.taken());

        await().until(() -> ingest.ids().size() == 110);
        List<String> order = List.copyOf(sent);
        int lastError = IntStream.range(0, 10)
                .map(i -> order.lastIndexOf("e" + i))
                .max()
                .orElseThrow();
        // a few transactions were under way already, as four requests are at a time
        assertThat(order.subList(Math.min(before, lastError), lastError))
                .filteredOn(id -> id.startsWith("t"))
                .hasSizeLessThan(20);
    }

    @Test
    void pendingPayloads_arriveFromTheNextDelivery() throws IOException {
        ingest.answers(ingest.status(500));
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        outbox.offerDurably(Fixture.error("e1"));
        outbox.offer(Fixture.transaction("t1"));
        await().until(() -> ingest.requests.get() > 0);
        delivery.close(Duration.ofMillis(300));

        ingest.answers(ingest.taken());
        delivery = fixture.delivery(spool);
        delivery.outbox(fixture.to(ingest));

        await().until(() -> ingest.ids().equals(Set.of("e1", "t1")));
        assertThat(ingest.duplicates()).isZero();
        assertThat(fixture.losses).isEmpty();
    }

    @Test
    void deliveredPayloads_leaveNoFiles() throws IOException {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 300; i++) {
            outbox.offerDurably(Fixture.payload("error", "e" + i, 1_000));
        }
        await().until(() -> ingest.ids().size() == 300);
        delivery.close();

        try (Stream<Path> files = Files.walk(spool)) {
            assertThat(files.filter(Files::isRegularFile).toList()).isEmpty();
        }
    }

    @Test
    void files_areForTheirOwnerOnly_andNameNoSecret() throws IOException {
        ingest.answers(ingest.status(500));
        delivery.outbox(fixture.to(ingest)).offerDurably(Fixture.error("e1"));

        try (Stream<Path> paths = Files.walk(spool)) {
            for (Path path : paths.filter(path -> !path.equals(spool)).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
                assertThat(path.toString()).doesNotContain("secret");
                if (Files.isRegularFile(path)) {
                    assertThat(new String(Files.readAllBytes(path), java.nio.charset.StandardCharsets.ISO_8859_1))
                            .doesNotContain("secret");
                }
            }
        }
    }

    @Test
    void offer_countsALoss_whenClosed() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        delivery.close();

        assertThat(outbox.offerDurably(Fixture.error("e1"))).isFalse();
        assertThat(outbox.offer(Fixture.transaction("t1"))).isFalse();
        assertThat(fixture.accounting.drops(DropReason.SHUTDOWN)).isEqualTo(2);
    }

    @Test
    void offerDurably_works_onAnInterruptedThread() {
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        Thread.currentThread().interrupt();
        boolean taken = outbox.offerDurably(Fixture.error("e1"));
        boolean again = outbox.offerDurably(Fixture.error("e2"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(taken && again).isTrue();
        await().until(() -> ingest.ids().equals(Set.of("e1", "e2")));
        assertThat(delivery.state().get(0).inMemory()).isZero();
    }

    @Test
    void close_keepsItsDeadline_whenTheServerHangs() {
        ingest.answers(ingest.after(60_000, ingest.taken()));
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 30; i++) {
            outbox.offerDurably(Fixture.error("e" + i));
        }

        long start = System.nanoTime();
        delivery.close(Duration.ofMillis(300));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isLessThan(Duration.ofSeconds(8)); // a request waits ten
        assertThat(fixture.losses).isEmpty();
    }

    @Test
    void close_doesNotWait_whenTheDestinationFailsAndAllIsOnDisk() throws IOException {
        ingest.close();
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        outbox.offerDurably(Fixture.error("e1"));
        outbox.flush(Duration.ofSeconds(2));

        long start = System.nanoTime();
        delivery.close(Duration.ofSeconds(20));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }

    @Test
    void backlog_isSentFourAtATime_whenEachTakesARoundTrip() {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        FakeIngest.Reply later = ingest.after(50, (request, socket) -> {
            underWay.decrementAndGet();
            ingest.taken().to(request, socket);
        });
        ingest.answers((request, socket) -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            later.to(request, socket);
        });
        Outbox outbox = delivery.outbox(fixture.to(ingest));
        for (int i = 0; i < 200; i++) {
            outbox.offerDurably(Fixture.error("e" + i));
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> ingest.ids().size() == 200);

        assertThat(most.get()).isEqualTo(4);
        assertThat(ingest.connections.get()).isLessThanOrEqualTo(4);
        assertThat(ingest.duplicates()).isZero();
    }

    @Test
    void equalDestination_getsTheSameDoor() {
        assertThat(delivery.outbox(fixture.to(ingest))).isSameAs(delivery.outbox(fixture.to(ingest)));
        assertThat(delivery.state()).hasSize(1);
    }

    @Test
    void logAndNames_holdNoPayloadAndNoCredential() throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("io.tracebridge");
        Level level = logger.getLevel();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(log);
        try {
            Destination destination = fixture.to(ingest);
            Outbox outbox = delivery.outbox(destination);
            for (int status : new int[] {500, 413, 429, 401}) {
                AtomicInteger answered = new AtomicInteger();
                ingest.answers((request, socket) -> {
                    FakeIngest.answer(socket, status);
                    answered.incrementAndGet();
                });
                outbox.offerDurably(Fixture.error("private-" + status));
                await().until(() -> answered.get() > 0);
            }
            await().until(() -> log.list.stream()
                    .anyMatch(event -> event.getFormattedMessage().contains("401")));
            String all =
                    log.list.stream().map(ILoggingEvent::getFormattedMessage).collect(Collectors.joining())
                            + destination
                            + destination.transmission()
                            + Fixture.error("x")
                            + delivery.state();
            assertThat(all).contains("413").doesNotContain("secret", "private-", "....");
        } finally {
            logger.detachAppender(log);
            logger.setLevel(level);
        }
    }

    @Test
    void sending_goesOn_afterATransmissionThatThrowsAnything() {
        AtomicInteger calls = new AtomicInteger();
        Outbox outbox = delivery.outbox(Destination.of("test", "thrower", (payload, attempt) -> {
            switch (calls.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("bug");
                case 2 -> throw new OutOfMemoryError("none left");
                case 3 -> throw new NoClassDefFoundError("gone");
                default -> {
                    return new Transmission.Answer(200, null, null);
                }
            }
        }));
        outbox.offerDurably(Fixture.error("e1"));

        await().until(() -> delivery.state().get(0).delivered() == 1);
        assertThat(calls.get()).isEqualTo(4);
    }

    @Test
    void threads_areNamedDaemons() {
        delivery.outbox(fixture.to(ingest));
        List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tracebridge-"))
                .toList();
        assertThat(ours).isNotEmpty().allMatch(Thread::isDaemon);
    }
}
