/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.core.Context;
import io.tracebridge.Tracebridge;
import io.tracebridge.error.LogEvent;
import io.tracebridge.error.UncaughtErrors;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Starts the bridge at the first line, on a thread of its own and after Logback's configuration, and keeps up to
 * {@value #MAX_WAITING} lines meanwhile. Past that a line that is to be an event takes the place of the oldest that is not;
 * what is dropped is counted. Once started, lines pass through.
 *
 * <p>Thread-safe; no caller waits.
 */
final class Starting {
    static final int MAX_WAITING = 100;
    private static final Duration CONFIGURATION = Duration.ofSeconds(10);
    private static final Duration UNCAUGHT = Duration.ofSeconds(10);

    private final Context context;
    private final Runnable start;
    private final Runnable afterwards;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private volatile boolean started;
    private volatile boolean ending;
    private @Nullable Thread thread;
    private long dropped;

    /**
     * Nothing is started yet.
     * @param start what starts the bridge, or returns at once when it runs already; called once at most, never throws
     * @param afterwards called on the starting thread when the lines that waited were handled
     */
    Starting(Context context, Runnable start, Runnable afterwards) {
        this.context = context;
        this.start = start;
        this.afterwards = afterwards;
    }

    /**
     * Handles the line, now or when the bridge runs.
     * @param isEvent whether losing it would be losing an event
     */
    void handle(LogEvent line, boolean isEvent, Handler handler) {
        if (started || !keep(new Waiting(line, isEvent, handler))) {
            handler.handle(line);
        }
    }

    private synchronized boolean keep(Waiting line) {
        if (started) {
            return false;
        }
        if (thread == null
                && Tracebridge.isStarted()
                && !context.getConfigurationLock().isLocked()) {
            start.run(); // the application was first: nothing to wait for
            started = true;
            return false;
        }
        add(line);
        if (thread == null) {
            // not a daemon: a program that logs one error and ends must still send it
            thread = new Thread(this::run, "tracebridge-start");
            thread.setDaemon(false);
            thread.start();
            UncaughtErrors.install(() -> join(UNCAUGHT));
        }
        return true;
    }

    private void add(Waiting line) {
        if (waiting.size() >= MAX_WAITING) {
            dropped++;
            if (!line.isEvent || !removeOldestNote()) {
                return;
            }
        }
        waiting.add(line);
    }

    private boolean removeOldestNote() {
        for (Waiting each : waiting) {
            if (!each.isEvent) {
                return waiting.remove(each);
            }
        }
        return false;
    }

    private void run() {
        awaitConfiguration();
        start.run();
        passOn();
        afterwards.run();
    }

    /** Looks at the lock and never takes it. */
    private void awaitConfiguration() {
        long deadline = System.nanoTime() + CONFIGURATION.toNanos();
        while (!ending && context.getConfigurationLock().isLocked() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }

    private void passOn() {
        while (true) {
            Waiting next;
            synchronized (this) {
                next = waiting.poll();
                if (next == null) {
                    started = true;
                    LogEvent.lost(dropped);
                    return;
                }
            }
            next.handler.handle(next.line);
        }
    }

    /** Waits for a start that is under way; for the end. */
    void await(Duration timeout) {
        ending = true; // the end of Logback's context holds that lock, too, and waits for us
        join(timeout);
    }

    private void join(Duration timeout) {
        Thread starting;
        synchronized (this) {
            starting = thread;
        }
        if (starting != null && starting != Thread.currentThread()) {
            try {
                starting.join(timeout.toMillis());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** What is done with a line. */
    @FunctionalInterface
    interface Handler {
        /** Never throws. */
        void handle(LogEvent line);
    }

    private record Waiting(LogEvent line, boolean isEvent, Handler handler) {}
}
