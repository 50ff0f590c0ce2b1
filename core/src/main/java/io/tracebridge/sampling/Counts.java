/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the tail decision did, for {@code health()}. Thread-safe. */
final class Counts {
    private static final int MAX_REASONS = 50;

    private final Map<String, LongAdder> kept = new ConcurrentHashMap<>();
    final LongAdder lateSpans = new LongAdder();
    final LongAdder degradedTraces = new LongAdder();
    final LongAdder partialTraces = new LongAdder();

    void kept(String reason) {
        String known = kept.size() < MAX_REASONS || kept.containsKey(reason) ? reason : "other";
        kept.computeIfAbsent(known, key -> new LongAdder()).increment();
    }

    Map<String, Long> kept() {
        Map<String, Long> sums = new HashMap<>();
        kept.forEach((reason, count) -> sums.put(reason, count.sum()));
        return sums;
    }
}
