/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tracebridge.delivery.FakeIngest.Reply;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A destination that fails in every way for a while (2 s; 60 s with {@code -Plong}), with the pauses of production.
 * Afterwards everything arrives within 30 s and nothing was dropped.
 */
class ITFaults {
    private static final Duration FAULT =
            Boolean.getBoolean("tracebridge.long") ? Duration.ofSeconds(60) : Duration.ofSeconds(2);
    /** Of these plain Sentry captures two thirds; its queue holds 30. */
    private static final int MANY = 120;

    private static final Duration DRAINED = Duration.ofSeconds(30);

    private static final Map<String, FutureTask<Outcome>> OUTCOMES = new ConcurrentHashMap<>();

    @TempDir
    static Path SPOOLS;

    @TempDir
    Path spool;

    private final Accounting accounting = new Accounting();

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("500", ingest -> ingest.status(500)),
                fault("502", ingest -> ingest.status(502)),
                fault("503", ingest -> ingest.status(503)),
                fault("503 with Retry-After", ingest -> ingest.status(503, "Retry-After: 1")),
                fault("408", ingest -> ingest.status(408)),
                fault("429 with seconds", ingest -> ingest.status(429, "Retry-After: 1")),
                fault(
                        "429 with a date",
                        ingest -> (request, socket) -> FakeIngest.answer(
                                socket,
                                429,
                                "Retry-After: " + httpDate(Instant.now().plusSeconds(2)))),
                fault(
                        "429 with rate limits",
                        ingest -> ingest.status(429, "X-Sentry-Rate-Limits: 1:error;transaction:organization")),
                fault("429 without a word", ingest -> ingest.status(429)),
                fault("closed without an answer", ingest -> (request, socket) -> socket.close()),
                fault("answer cut in its head", ingest -> (request, socket) -> {
                    socket.getOutputStream().write("HTTP/1.1 20".getBytes());
                    socket.close();
                }));
    }

    private static Arguments fault(String name, Function<FakeIngest, Reply> reply) {
        return Arguments.of(name, reply);
    }

    /** All at the same time, each with a server and a spool of its own: most of their time is waiting. */
    @BeforeAll
    static void startFaults() {
        faults().forEach(arguments -> {
            String name = (String) arguments.get()[0];
            @SuppressWarnings("unchecked")
            Function<FakeIngest, Reply> fault =
                    (Function<FakeIngest, Reply>) arguments.get()[1];
            FutureTask<Outcome> outcome = new FutureTask<>(() -> suffer(SPOOLS.resolve(name), fault));
            OUTCOMES.put(name, outcome);
            new Thread(outcome, "fault " + name).start();
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void everythingArrivesOnce_after(String name) throws Exception {
        Outcome outcome = OUTCOMES.get(name).get();

        assertThat(outcome.received).isEqualTo(outcome.accepted);
        assertThat(outcome.duplicates).isZero();
        assertThat(outcome.attemptsDuringTheFault).isPositive();
        assertThat(outcome.accounting.drops().values()).containsOnly(0L);
        // the same fault, the same captures: what reaches the server afterwards is at most what it was still holding
        System.out.printf(
                "%s for %d s: delivery lost 0 of %d, plain Sentry %d of %d%n",
                name,
                FAULT.toSeconds(),
                outcome.accepted.size(),
                outcome.plain.captured() - outcome.plain.received(),
                outcome.plain.captured());
        assertThat(outcome.plain.received()).isLessThan(outcome.plain.captured() / 2);
    }

    private record Outcome(
            Set<String> accepted,
            Set<String> received,
            long duplicates,
            int attemptsDuringTheFault,
            Accounting accounting,
            PlainSentry.Outcome plain) {}

    private static Outcome suffer(Path spool, Function<FakeIngest, Reply> fault) throws IOException {
        Accounting accounting = new Accounting();
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery(spool, accounting);
                PlainSentry plain = new PlainSentry(fault)) {
            ingest.answers(fault.apply(ingest));
            Set<String> ids = offerDuringTheFault(delivery.outbox(to(ingest.url())), plain::capture);
            int attempts = ingest.requests.get();
            ingest.answers(ingest.taken());
            PlainSentry.Outcome other = plain.afterTheFault();
            await().atMost(DRAINED).until(() -> delivery.state().get(0).pending() == 0);
            return new Outcome(ids, ingest.ids(), ingest.duplicates(), attempts, accounting, other);
        }
    }

    @Test
    void everythingArrivesOnce_whenTheConnectionWasRefused() throws IOException {
        // bound and not listening: refused, and nobody else's meanwhile
        Socket reserved = new Socket();
        reserved.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        int port = reserved.getLocalPort();
        try (reserved;
                Delivery delivery = delivery()) {
            Set<String> ids =
                    offerDuringTheFault(delivery.outbox(to("http://127.0.0.1:" + port + "/api/1/envelope/")), () -> {});
            reserved.close();
            try (FakeIngest ingest = new FakeIngest(port)) {
                await().atMost(DRAINED).until(() -> ingest.ids().size() == ids.size());
                assertThat(ingest.duplicates()).isZero();
            }
        }
    }

    @Test
    void everythingArrivesOnce_whenItTakesWith202() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            ingest.answers(ingest.status(202));
            Outbox outbox = delivery.outbox(to(ingest.url()));
            for (int i = 0; i < 50; i++) {
                outbox.offerDurably(Fixture.error("e" + i));
            }
            assertThat(outbox.flush(DRAINED)).isTrue();
            assertThat(ingest.ids()).hasSize(50);
            assertThat(ingest.duplicates()).isZero();
        }
    }

    @Test
    void payloadArrivesOnce_whenTheAnswerIsCutInItsBody() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            ingest.answers((request, socket) -> {
                ingest.received(request.id());
                socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"id".getBytes());
                socket.close();
            });
            Outbox outbox = delivery.outbox(to(ingest.url()));
            for (int i = 0; i < 20; i++) {
                outbox.offerDurably(Fixture.error("e" + i));
            }
            assertThat(outbox.flush(DRAINED)).isTrue();
            assertThat(ingest.ids()).hasSize(20);
            assertThat(ingest.duplicates()).isZero();
        }
    }

    @Test
    void payloadArrivesAgain_whenTheAnswerTimedOut() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            ingest.answers((request, socket) -> {
                ingest.received(request.id());
                Thread.sleep(5_000); // the server's delay, not the test's
            });
            Outbox outbox = delivery.outbox(Destination.of(
                    "test",
                    "project 1",
                    HttpTransmission.ofEnvelopes(ingest.url(), () -> Map.of(), Duration.ofSeconds(2))));
            outbox.offerDurably(Fixture.error("e1"));
            await().until(() -> delivery.state().get(0).retries() > 0);
            ingest.answers(ingest.taken());
            outbox.offerDurably(Fixture.error("e2"));

            await().atMost(DRAINED).until(() -> delivery.state().get(0).pending() == 0);
            assertThat(ingest.ids()).containsExactlyInAnyOrder("e1", "e2");
            assertThat(ingest.times("e2")).isEqualTo(1);
        }
    }

    @Test
    void onlyWhatTheServerHadWithoutSayingSo_arrivesTwice() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            ingest.answers((request, socket) -> {
                ingest.received(request.id());
                socket.close();
            });
            Outbox outbox = delivery.outbox(to(ingest.url()));
            outbox.offerDurably(Fixture.error("e1"));
            await().until(() -> ingest.times("e1") > 0);
            ingest.answers(ingest.taken());
            outbox.offerDurably(Fixture.error("e2"));

            await().atMost(DRAINED).until(() -> ingest.times("e1") == 2 && ingest.times("e2") == 1);
            await().until(() -> delivery.state().get(0).pending() == 0);
            assertThat(ingest.times("e1")).isEqualTo(2);
        }
    }

    @Test
    void everythingArrives_whenNamesOrCertificatesFailedBefore() throws IOException {
        try (FakeIngest ingest = new FakeIngest()) {
            try (Delivery delivery = delivery()) {
                delivery.outbox(to("https://127.0.0.1:" + ingest.port() + "/api/1/envelope/"))
                        .offerDurably(Fixture.error("tls"));
                await().atMost(DRAINED).until(() -> delivery.state().get(0).retries() > 0);
            }
            try (Delivery delivery = delivery()) {
                delivery.outbox(to("http://no-such-host.invalid/api/1/envelope/"))
                        .offerDurably(Fixture.error("dns"));
                await().atMost(DRAINED).until(() -> delivery.state().get(0).retries() > 0);
            }
            try (Delivery delivery = delivery()) {
                delivery.outbox(to(ingest.url()));
                await().atMost(DRAINED).until(() -> ingest.ids().equals(Set.of("tls", "dns")));
            }
            assertThat(ingest.duplicates()).isZero();
        }
    }

    @Test
    void rateLimit_endsInTime_whenTheWallClockIsSetBack() throws IOException {
        AtomicReference<Instant> wall = new AtomicReference<>(Instant.now());
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = new Delivery(spool, accounting, wall::get, Bounds.defaults(), Pauses.defaults())) {
            ingest.answers((request, socket) -> FakeIngest.answer(
                    socket, 429, "Retry-After: " + httpDate(wall.get().plusSeconds(3))));
            Outbox outbox = delivery.outbox(to(ingest.url()));
            outbox.offerDurably(Fixture.error("e1"));
            await().until(() -> delivery.state().get(0).retries() > 0);

            wall.set(wall.get().minus(Duration.ofHours(1)));
            ingest.answers(ingest.taken());

            await().atMost(DRAINED).until(() -> ingest.times("e1") == 1);
        }
    }

    @Test
    void limitedCategory_waits_whileOthersGoOn() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            Map<String, Long> arrivals = new ConcurrentHashMap<>();
            ingest.answers((request, socket) -> {
                arrivals.put(request.id(), System.nanoTime());
                ingest.received(request.id());
                FakeIngest.answer(socket, 200, "X-Sentry-Rate-Limits: 4:transaction;span:project:quota");
            });
            Outbox outbox = delivery.outbox(to(ingest.url()));
            outbox.offerDurably(Fixture.error("e1"));
            assertThat(outbox.flush(DRAINED)).isTrue();
            outbox.offerDurably(Fixture.error("e2"));
            outbox.offer(Fixture.transaction("t1"));

            await().atMost(DRAINED).until(() -> ingest.times("e2") == 1 && ingest.times("t1") == 1);
            assertThat(arrivals.get("t1") - arrivals.get("e1")).isGreaterThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(arrivals.get("t1")).isGreaterThan(arrivals.get("e2"));
        }
    }

    @Test
    void refusedDestination_isLeftAlone_andKeepsAll() throws IOException {
        try (FakeIngest ingest = new FakeIngest()) {
            try (Delivery delivery = delivery()) {
                ingest.answers(ingest.status(401));
                Outbox outbox = delivery.outbox(to(ingest.url()));
                for (int i = 0; i < 20; i++) {
                    outbox.offerDurably(Fixture.error("e" + i));
                }
                await().until(() -> ingest.requests.get() == 1);
                assertThat(outbox.flush(Duration.ofMillis(300))).isFalse();
                assertThat(ingest.requests.get()).isEqualTo(1);
            }
            ingest.answers(ingest.taken());
            try (Delivery delivery = delivery()) {
                delivery.outbox(to(ingest.url()));
                await().atMost(DRAINED).until(() -> ingest.ids().size() == 20);
            }
        }
    }

    @Test
    void payloadRefusedForGood_isCountedAndKeptAside() throws IOException {
        try (FakeIngest ingest = new FakeIngest();
                Delivery delivery = delivery()) {
            ingest.answers((request, socket) -> {
                if (request.id().equals("bad")) {
                    FakeIngest.answer(socket, 413);
                } else {
                    ingest.taken().to(request, socket);
                }
            });
            Outbox outbox = delivery.outbox(to(ingest.url()));
            outbox.offerDurably(Fixture.error("bad"));
            outbox.offerDurably(Fixture.error("good"));

            await().until(() -> ingest.times("good") == 1);
            assertThat(ingest.requests.get()).isEqualTo(2);
            assertThat(accounting.drops(DropReason.REJECTED)).isEqualTo(1);
            Path folder = SpoolFolders.of(spool, "project 1").resolve("dead-letters");
            assertThat(folder)
                    .isDirectoryContaining(file -> file.getFileName().toString().endsWith("-413-bad"));
        }
    }

    private static Set<String> offerDuringTheFault(Outbox outbox, Runnable beside) {
        Set<String> ids = new HashSet<>();
        long start = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(FAULT.plusSeconds(30))
                .until(() -> {
                    String id = String.valueOf(ids.size());
                    if (ids.size() % 3 == 0) {
                        outbox.offer(Fixture.transaction("t" + id));
                        ids.add("t" + id);
                    } else {
                        outbox.offerDurably(Fixture.error("e" + id));
                        ids.add("e" + id);
                        beside.run();
                    }
                    return ids.size() >= MANY && System.nanoTime() - start > FAULT.toNanos();
                });
        return ids;
    }

    private Delivery delivery() {
        return delivery(spool, accounting);
    }

    private static Delivery delivery(Path spool, Accounting accounting) {
        Pauses production = Pauses.defaults();
        Pauses pauses = new Pauses(
                production.firstRetry(),
                production.longestRetry(),
                FAULT, // the minute after a 429 without a word
                production.refused(),
                production.adoption(),
                production.diskRetry());
        return new Delivery(spool, accounting, Instant::now, Bounds.defaults(), pauses);
    }

    private static Destination to(String url) {
        return Destination.of("test", "project 1", HttpTransmission.ofEnvelopes(url, () -> Map.of()));
    }

    private static String httpDate(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atZone(ZoneOffset.UTC));
    }
}
