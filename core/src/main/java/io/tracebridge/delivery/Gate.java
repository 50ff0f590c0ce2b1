/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.delivery.Transmission.Answer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Says which categories may be sent to a destination now: back-off after failures, waits it asked for, and the pause
 * after it refused us. Deadlines are on the monotonic clock, so setting the wall clock changes none of them.
 *
 * <p>Thread-safe.
 */
final class Gate {
    private static final String ALL = "";
    private static final int MOST_LIMITS = 64;

    private final Pauses pauses;
    private final InstantSource wallClock;
    private final DoubleSupplier random;
    /** Category to nanoTime at which it opens; {@link #ALL} for the destination as a whole. */
    private final Map<String, Long> closedUntil = new HashMap<>();

    private int failures;

    /**
     * All open.
     * @param random from 0 to 1, for jitter
     */
    Gate(Pauses pauses, InstantSource wallClock, DoubleSupplier random) {
        this.pauses = pauses;
        this.wallClock = wallClock;
        this.random = random;
    }

    synchronized boolean open(String category, long now) {
        return open(closedUntil.get(ALL), now) && open(closedUntil.get(category), now);
    }

    private static boolean open(@Nullable Long until, long now) {
        return until == null || until - now <= 0;
    }

    /** How long until something opens; {@code Long.MAX_VALUE} when nothing is closed. */
    synchronized long nanosUntilChange(long now) {
        closedUntil.values().removeIf(until -> until - now <= 0);
        return closedUntil.values().stream()
                .mapToLong(until -> until - now)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    /** Whether the last attempt failed. */
    synchronized boolean failing() {
        return failures > 0;
    }

    synchronized void succeeded() {
        failures = 0;
    }

    /**
     * No answer, or one that says "later".
     * @param retryAfter the header; null when absent
     */
    synchronized void failed(@Nullable String retryAfter, long now) {
        Duration asked = RetryAfter.parse(retryAfter, wallClock.instant());
        if (failures == 0 || open(closedUntil.get(ALL), now)) {
            // else it began before the failure that closed us: one outage, not two
            failures = Math.min(failures + 1, 30);
            close(ALL, backOff(), now);
        }
        if (asked != null) {
            close(ALL, asked, now);
        }
    }

    private Duration backOff() {
        long doubled = pauses.firstRetry().toNanos() << (failures - 1);
        long longest = pauses.longestRetry().toNanos();
        long base = doubled <= 0 || doubled > longest ? longest : doubled;
        // from half to all of it: processes that failed together do not come back together
        return Duration.ofNanos((long) (base * (0.5 + random.getAsDouble() / 2)));
    }

    synchronized void refused(long now) {
        close(ALL, pauses.refused(), now);
    }

    /** A 429: the header that names categories counts, else {@code Retry-After}, else a minute. */
    synchronized void limited(Answer answer, long now) {
        if (answer.rateLimits() != null) {
            return; // noted for every answer
        }
        Duration asked = RetryAfter.parse(answer.retryAfter(), wallClock.instant());
        close(ALL, asked == null ? pauses.silentLimit() : asked, now);
    }

    /** Notes limits that came with an answer of any status: {@code 60:error;transaction:organization, 10::key}. */
    synchronized void noteLimits(@Nullable String rateLimits, long now) {
        if (rateLimits == null) {
            return;
        }
        for (String limit : rateLimits.split(",")) {
            String[] parts = limit.strip().split(":", -1);
            Duration asked = RetryAfter.seconds(parts[0]);
            Duration wait = asked == null ? pauses.silentLimit() : asked;
            String categories = parts.length < 2 ? ALL : parts[1];
            for (String category : categories.split(";", -1)) {
                close(category.strip(), wait, now);
            }
        }
    }

    private void close(String category, Duration wait, long now) {
        if (closedUntil.size() >= MOST_LIMITS && !closedUntil.containsKey(category)) {
            return; // nobody has that many categories
        }
        closedUntil.merge(category, now + wait.toNanos(), (a, b) -> a - b > 0 ? a : b);
    }
}
