/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import java.time.Duration;

/** One time limit for several waits after each other; a year at most. */
final class Deadline {
    private static final Duration LONGEST = Duration.ofDays(365);

    private final long endNanos;

    Deadline(Duration timeout) {
        endNanos = System.nanoTime() + (timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout).toNanos();
    }

    /** What is left, at least 1 ms: zero means "no limit" to some of those who wait. */
    Duration left() {
        return Duration.ofNanos(Math.max(1_000_000, endNanos - System.nanoTime()));
    }

    /** A part of what is left: half of it for 2. */
    Duration share(int parts) {
        return left().dividedBy(parts);
    }
}
