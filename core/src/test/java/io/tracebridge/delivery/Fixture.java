/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** Small bounds, short pauses and payloads for tests of delivery. */
final class Fixture {
    static final Bounds BOUNDS = new Bounds(1024 * 1024, 16 * 1024, 256 * 1024, 64 * 1024, 5_000);
    static final Pauses PAUSES = new Pauses(
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofMillis(600),
            Duration.ofMillis(600),
            Duration.ofMillis(200),
            Duration.ofMillis(100));

    record Loss(DropReason reason, String category, Map<String, Integer> quantities) {}

    final Accounting accounting = new Accounting();
    final Queue<Loss> losses = new ConcurrentLinkedQueue<>();

    Delivery delivery(Path spool) {
        return delivery(spool, BOUNDS);
    }

    Delivery delivery(Path spool, Bounds bounds) {
        return new Delivery(spool, accounting, InstantSource.system(), bounds, PAUSES);
    }

    Destination to(FakeIngest ingest) {
        return to(ingest.url());
    }

    Destination to(String url) {
        // the test's port changes with each server; the destination stays the same
        return new Destination(
                "test",
                "project 1",
                HttpTransmission.ofEnvelopes(url, () -> Map.of("X-Sentry-Auth", "Sentry sentry_key=secret")),
                (reason, category, quantities) -> losses.add(new Loss(reason, category, quantities)));
    }

    /** A destination that tells which payload it is about to send. */
    Destination to(FakeIngest ingest, Consumer<Payload> sending) {
        Destination plain = to(ingest);
        Transmission telling = new Transmission() {
            @Override
            public Answer send(Payload payload, int attempt) throws IOException {
                sending.accept(payload);
                return plain.transmission().send(payload, attempt);
            }

            @Override
            public void close() {
                plain.transmission().close();
            }
        };
        return new Destination(plain.name(), plain.identity(), telling, plain.lossListener());
    }

    static Payload error(String id) {
        return payload("error", id, 100);
    }

    static Payload transaction(String id) {
        return payload("transaction", id, 100);
    }

    static Payload payload(String category, String id, int size) {
        byte[] body = new byte[Math.max(size, id.length() + 1)];
        java.util.Arrays.fill(body, (byte) '.');
        byte[] head = (id + "\n").getBytes(StandardCharsets.UTF_8);
        System.arraycopy(head, 0, body, 0, head.length);
        return new Payload(category, id, Map.of(category, 1), body);
    }
}
