/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * How closely a {@code Sentry.init} of the application is waited for: the SDK tells nobody of it. Between taking the
 * options and making a client from them it spends 0.2 to 40 ms, measured; who looks in that time is early enough.
 */
enum InitWatch {
    /** It has begun on the calling thread: every 50 µs for half a second, then as {@link #AT_LEISURE}. */
    AT_ONCE(Duration.ofMillis(500)),
    /** It may come: every 10 ms for half a minute, in which programs start, then every second. */
    AT_LEISURE(Duration.ZERO);

    private static final Duration STARTING = Duration.ofSeconds(30);

    private final Duration closely;

    InitWatch(Duration closely) {
        this.closely = closely;
    }

    /**
     * Looks on a thread of its own, which runs when this returns.
     * @param look false when there is nothing more to look for
     */
    void start(BooleanSupplier look) {
        CountDownLatch running = new CountDownLatch(1);
        Thread watcher = new Thread(() -> run(running, look), "tracebridge-sentry-watch");
        watcher.setDaemon(true);
        watcher.start();
        if (this == AT_ONCE) {
            await(running);
        }
    }

    // the caller is the application's init: a thread that starts later than it goes on would look too late
    private static void await(CountDownLatch running) {
        try {
            boolean unused = running.await(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(CountDownLatch running, BooleanSupplier look) {
        running.countDown();
        long start = System.nanoTime();
        while (look.getAsBoolean()) {
            LockSupport.parkNanos(pause(System.nanoTime() - start));
        }
    }

    private long pause(long elapsed) {
        if (elapsed < closely.toNanos()) {
            return TimeUnit.MICROSECONDS.toNanos(50);
        }
        return elapsed < STARTING.toNanos() ? TimeUnit.MILLISECONDS.toNanos(10) : TimeUnit.SECONDS.toNanos(1);
    }
}
