/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was decided for kept traces, for spans that come later and for whoever asks. At most 20,000 for 5 minutes; the
 * oldest is forgotten first. Read by any thread, changed by the worker only.
 */
final class KeptTraces {
    private static final int MAX_TRACES = 20_000;
    private static final long MAX_AGE_NANOS = 300_000_000_000L;

    private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();
    private final ArrayDeque<Added> order = new ArrayDeque<>();

    private record Added(String traceId, long nanos) {}

    @Nullable
    Verdict get(String traceId) {
        return verdicts.get(traceId);
    }

    void put(String traceId, Verdict verdict, long nowNanos) {
        if (verdicts.put(traceId, verdict) == null) {
            order.addLast(new Added(traceId, nowNanos));
        }
        if (order.size() > MAX_TRACES) {
            verdicts.remove(order.removeFirst().traceId);
        }
    }

    void expire(long nowNanos) {
        while (!order.isEmpty() && nowNanos - order.getFirst().nanos > MAX_AGE_NANOS) {
            verdicts.remove(order.removeFirst().traceId);
        }
    }
}
