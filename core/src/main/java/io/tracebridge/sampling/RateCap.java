/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets so many pass in each second on average, with a burst. One compare-and-set for each question; no thread, no
 * lock. (The generic cell rate algorithm: remembers only when the next one would be due.)
 */
final class RateCap {
    private final long intervalNanos;
    private final long burstNanos;
    private final AtomicLong due;

    /** @param burst how many may pass at once after a silence */
    RateCap(double perSecond, int burst, long nowNanos) {
        intervalNanos = Math.max(1, Math.round(1e9 / perSecond));
        burstNanos = intervalNanos * Math.max(0, burst - 1);
        due = new AtomicLong(nowNanos);
    }

    boolean tryPass(long nowNanos) {
        while (true) {
            long expected = due.get();
            long from = expected - nowNanos < 0 ? nowNanos : expected;
            if (from - nowNanos > burstNanos) {
                return false;
            }
            if (due.compareAndSet(expected, from + intervalNanos)) {
                return true;
            }
        }
    }
}
