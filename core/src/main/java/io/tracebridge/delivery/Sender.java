/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.delivery.Transmission.Answer;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Brings what waits in a spool to its destination, errors first: one payload after the other, and a few at a time while
 * many wait, since each takes a round trip.
 */
final class Sender implements Runnable {
    /** From this attempt on a failing payload goes behind the others, as it may be the cause. */
    private static final int ATTEMPTS_IN_FRONT = 3;
    /** So often the destination may fail on a payload while it takes others, until it is given up. */
    private static final int STRIKES = 10;
    /** From so many waiting payloads on, helpers are started. */
    private static final int CROWD = 16;

    private static final int MOST_HELPERS = 3;
    private static final long HELPER_IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Destination destination;
    private final Spool spool;
    private final Gate gate;
    private final DeadLetters deadLetters;
    private final Losses losses;
    private final Warnings warnings;
    private final Pauses pauses;
    private final InstantSource wallClock;

    final AtomicLong delivered = new AtomicLong();
    final AtomicLong retries = new AtomicLong();
    final AtomicLong rejected = new AtomicLong();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final AtomicInteger helpers = new AtomicInteger();
    /** Of the main thread only. */
    private long adoptAt = System.nanoTime();

    private volatile boolean stopped;

    Sender(
            Destination destination,
            Spool spool,
            Gate gate,
            DeadLetters deadLetters,
            Losses losses,
            Warnings warnings,
            Pauses pauses,
            InstantSource wallClock) {
        this.destination = destination;
        this.spool = spool;
        this.gate = gate;
        this.deadLetters = deadLetters;
        this.losses = losses;
        this.warnings = warnings;
        this.pauses = pauses;
        this.wallClock = wallClock;
    }

    /** Which categories may be sent at this moment. */
    Predicate<String> open() {
        long now = System.nanoTime();
        return category -> gate.open(category, now);
    }

    void start() {
        threads.add(DaemonThreads.start(threadName(), this));
    }

    /** Ends the attempts under way; their payloads stay in the spool. */
    void stop(long waitMillis) throws InterruptedException {
        stopped = true;
        spool.backlog().wake();
        destination.transmission().close();
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
        for (Thread thread : threads) {
            thread.interrupt();
        }
        for (Thread thread : threads) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left > 0) {
                thread.join(left);
            }
        }
    }

    /** Nothing ends this thread but {@link #stop}, not even a lack of memory: all later payloads would stay behind. */
    @Override
    public void run() {
        while (!stopped) {
            try {
                adoptWhenDue();
                long now = System.nanoTime();
                if (deliverNext(Math.min(gate.nanosUntilChange(now), adoptAt - now))) {
                    helpInACrowd();
                }
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    private void adoptWhenDue() {
        long now = System.nanoTime();
        if (now - adoptAt >= 0) {
            adoptAt = now + pauses.adoption().toNanos();
            spool.adopt();
        }
    }

    private void helpInACrowd() {
        if (helpers.get() < MOST_HELPERS && spool.backlog().waiting() > CROWD) {
            threads.add(DaemonThreads.start(threadName(), this::help));
            helpers.incrementAndGet();
        }
    }

    private void help() {
        try {
            while (!stopped && deliverNext(HELPER_IDLE_NANOS)) {
                // the next one
            }
        } finally {
            helpers.decrementAndGet();
            threads.remove(Thread.currentThread());
        }
    }

    private String threadName() {
        return "tracebridge-sender-" + destination.name();
    }

    /**
     * Sends one payload; whatever goes wrong, it is delivered, dropped and counted, or back in its place afterwards.
     * @return false when there was nothing to send in time
     */
    private boolean deliverNext(long waitNanos) {
        Entry entry = null;
        try {
            entry = spool.backlog().take(open(), Math.max(waitNanos, TimeUnit.MILLISECONDS.toNanos(1)));
            if (entry != null) {
                deliver(entry);
            }
        } catch (InterruptedException e) {
            // asked to look at stopped
        } catch (RuntimeException | Error e) {
            if (entry != null) {
                spool.putBack(entry, true);
            }
            failed(e);
        }
        return entry != null;
    }

    private void failed(Throwable cause) {
        gate.failed(null, System.nanoTime());
        warnings.warn(
                Warnings.Kind.INTERNAL, "sending failed: " + cause.getClass().getName());
    }

    private void deliver(Entry entry) {
        Payload payload;
        try {
            payload = spool.read(entry);
        } catch (IOException | RuntimeException e) {
            losses.lost(DropReason.ENCODING_FAILED, entry);
            spool.end(entry);
            return;
        }
        entry.attempts = Math.min(entry.attempts + 1, RecordFormat.MAX_ATTEMPTS);
        Answer answer;
        try {
            answer = destination.transmission().send(payload, entry.attempts);
        } catch (IOException | RuntimeException | LinkageError e) {
            unanswered(entry, e);
            return;
        }
        answered(entry, payload, answer);
    }

    private void answered(Entry entry, Payload payload, Answer answer) {
        long now = System.nanoTime();
        gate.noteLimits(answer.rateLimits(), now);
        switch (Verdict.of(answer.status())) {
            case DELIVERED -> {
                gate.succeeded();
                delivered.incrementAndGet();
                spool.end(entry);
                if (answer.rejected() > 0) {
                    losses.partly(DropReason.REJECTED, entry, answer.rejected());
                    warnings.warn(
                            Warnings.Kind.REJECTED, "took a payload without " + answer.rejected() + " of its parts");
                }
                warnings.over(Warnings.Kind.UNREACHABLE, "reachable again");
                warnings.over(Warnings.Kind.REFUSED, "accepted again");
            }
            case REJECTED -> {
                gate.succeeded(); // it answers, and the next payload may be welcome
                reject(entry, payload, answer.status());
            }
            case LIMITED -> {
                gate.limited(answer, now);
                warnings.warn(Warnings.Kind.RATE_LIMITED, "asks to send less; payloads wait in the spool");
                again(entry, false);
            }
            case REFUSED -> {
                gate.refused(now);
                warnings.warn(
                        Warnings.Kind.REFUSED,
                        "answers " + answer.status()
                                + ": check address and key; payloads wait in the spool, next attempt in "
                                + pauses.refused().toSeconds() + " s");
                again(entry, false);
            }
            case AGAIN -> {
                warnings.warn(Warnings.Kind.UNREACHABLE, "answers " + answer.status() + "; payloads wait in the spool");
                failed(entry, payload, answer);
            }
        }
    }

    private void failed(Entry entry, Payload payload, Answer answer) {
        entry.strikes += gate.failing() ? 0 : 1;
        gate.failed(answer.retryAfter(), System.nanoTime());
        if (entry.strikes >= STRIKES) {
            reject(entry, payload, answer.status());
        } else {
            again(entry, entry.attempts >= ATTEMPTS_IN_FRONT);
        }
    }

    private void unanswered(Entry entry, Throwable cause) {
        if (stopped) {
            spool.putBack(entry, false);
            return;
        }
        gate.failed(null, System.nanoTime());
        // the class says enough; messages of clients can hold header values
        warnings.warn(
                Warnings.Kind.UNREACHABLE,
                "cannot be reached (" + cause.getClass().getSimpleName() + "); payloads wait in the spool");
        again(entry, entry.attempts >= ATTEMPTS_IN_FRONT);
    }

    private void again(Entry entry, boolean last) {
        retries.incrementAndGet();
        spool.putBack(entry, last);
    }

    private void reject(Entry entry, Payload payload, int status) {
        rejected.incrementAndGet();
        deadLetters.keep(payload, status, wallClock.millis());
        losses.lost(DropReason.REJECTED, entry);
        spool.end(entry);
        warnings.warn(Warnings.Kind.REJECTED, "refused a payload for good with " + status);
    }
}
