/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.sentry.Sentry;
import io.tracebridge.metrics.Accounting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/**
 * A program that captures until it ends in the way it is told to. It prints each id after the call returned,
 * so that the parent knows what must arrive whatever happened next; and how many transactions, which another
 * thread writes, have reached their file.
 */
public final class Child {
    /** So many requests at most are counted as delivered and, a moment longer, as pending. */
    private static final int UNDER_WAY = 4;

    private Child() {}

    /** Arguments: who (delivery or sentry), spool, URL, how many, largest payload, how it ends. */
    public static void main(String[] args) {
        int count = Integer.parseInt(args[3]);
        String end = args[5];
        if (args[0].equals("sentry")) {
            plainSentry(Path.of(args[1]), args[2], count);
        } else {
            delivery(Path.of(args[1]), args[2], count, Integer.parseInt(args[4]));
        }
        say("done", "-");
        switch (end) {
            case "halt" -> Runtime.getRuntime().halt(0);
            case "exit" -> System.exit(0);
            default -> LockSupport.parkNanos(Duration.ofMinutes(1).toNanos());
        }
    }

    private static void delivery(Path spool, String url, int count, int largest) {
        Accounting accounting = new Accounting();
        Delivery delivery = Delivery.open(spool, accounting, InstantSource.system());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delivery.close(Duration.ofMillis(300))));
        Outbox outbox =
                delivery.outbox(Destination.of("test", "project 1", HttpTransmission.ofEnvelopes(url, () -> Map.of())));
        Random random = new Random();
        long errors = 0;
        // about 12 MB a second at any size: its own bound must not be what drops
        long pauseNanos = largest * 40L;
        for (int i = 0; i < count; i++) {
            LockSupport.parkNanos(pauseNanos);
            String id = UUID.randomUUID().toString();
            int size = random.nextInt(largest) + 64;
            if (i % 3 == 2) {
                if (outbox.offer(Fixture.payload("transaction", id, size))) {
                    say("transaction", id);
                }
            } else if (outbox.offerDurably(Fixture.payload("error", id, size))) {
                say("error", id);
                errors++;
            }
            // in this order, what is delivered in between is missing in the sum and not in it twice
            long delivered = delivery.state().get(0).delivered();
            long pending = delivery.state().get(0).pending();
            long written = delivered + pending - errors - UNDER_WAY;
            say("written", String.valueOf(Math.max(0, written)));
        }
        accounting.drops().forEach((reason, drops) -> {
            if (drops > 0) {
                say("dropped", reason + "=" + drops);
            }
        });
    }

    private static void plainSentry(Path cache, String url, int count) {
        Sentry.init(options -> {
            options.setDsn(url.replace("http://", "http://key@").replace("/api/1/envelope/", "/1"));
            options.setCacheDirPath(cache.toString());
        });
        for (int i = 0; i < count; i++) {
            say(
                    "error",
                    Sentry.captureException(new IllegalStateException("failure " + i))
                            .toString());
        }
    }

    private static void say(String what, String id) {
        System.out.println("CHILD " + what + " " + id);
    }
}
