/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The first so many traces of each error fingerprint in a minute; the rest is left to the head decision. Whether a
 * trace is among the first does not depend on its randomness, so weights stay unbiased.
 *
 * <p>Thread-safe; asked once for each erroring trace. Fingerprints beyond 1,000 a minute share one budget.
 */
final class ErrorBudget {
    private static final int MAX_FINGERPRINTS = 1_000;
    private static final long MINUTE_NANOS = 60_000_000_000L;
    private static final String OTHERS = "\0others";

    private final int tracesPerMinute;
    private final ConcurrentHashMap<String, AtomicLong> used = new ConcurrentHashMap<>();
    private final AtomicLong windowStart;

    /** @param tracesPerMinute for each fingerprint; {@link Integer#MAX_VALUE} for no budget at all */
    ErrorBudget(int tracesPerMinute, long nowNanos) {
        this.tracesPerMinute = tracesPerMinute;
        windowStart = new AtomicLong(nowNanos);
    }

    boolean admit(String fingerprint, long nowNanos) {
        if (tracesPerMinute == Integer.MAX_VALUE) {
            return true;
        }
        long start = windowStart.get();
        if (nowNanos - start >= MINUTE_NANOS && windowStart.compareAndSet(start, nowNanos)) {
            used.clear();
        }
        boolean known = used.containsKey(fingerprint) || used.size() < MAX_FINGERPRINTS;
        return used.computeIfAbsent(known ? fingerprint : OTHERS, key -> new AtomicLong())
                        .incrementAndGet()
                <= tracesPerMinute;
    }
}
