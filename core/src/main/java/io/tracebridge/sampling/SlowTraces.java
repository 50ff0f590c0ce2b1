/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.LinkedHashMap;
import java.util.Map;

/** At most one slow trace a second for each operation; the last 1,000 operations are remembered. Worker only. */
final class SlowTraces {
    private static final int MAX_OPERATIONS = 1_000;
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long thresholdNanos;
    private final Map<String, Long> lastKept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_OPERATIONS;
        }
    };

    SlowTraces(long thresholdNanos) {
        this.thresholdNanos = thresholdNanos;
    }

    boolean admit(PlainSpan localRoot, long nowNanos) {
        if (localRoot.endEpochNanos() - localRoot.startEpochNanos() < thresholdNanos) {
            return false;
        }
        Long last = lastKept.get(localRoot.name());
        if (last != null && nowNanos - last < SECOND_NANOS) {
            return false;
        }
        lastKept.put(localRoot.name(), nowNanos);
        return true;
    }
}
