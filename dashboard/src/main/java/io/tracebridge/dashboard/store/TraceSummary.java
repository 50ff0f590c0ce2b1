/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the trace list, computed when a trace went quiet and again when more of it arrived.
 *
 * @param startMicros earliest start, Unix time in microseconds
 * @param durationMicros from the earliest start to the latest end
 * @param waitMicros sum of the durations of its roots
 * @param services in order of their first span; at most 50
 * @param operations every operation in it; at most 200
 * @param weight how many traces it stands for; null when unknown
 * @param keptBecause why sampling kept it, or null
 * @param chips bit set of {@link Chip}
 * @since 0.1
 */
public record TraceSummary(
        String traceId,
        long startMicros,
        long durationMicros,
        long waitMicros,
        OperationRef root,
        List<String> services,
        List<OperationRef> operations,
        @Nullable String environment,
        @Nullable String release,
        String runId,
        int spans,
        int errorSpans,
        SpanStatus status,
        @Nullable Double weight,
        @Nullable String keptBecause,
        int chips) {
    public TraceSummary {
        services = List.copyOf(services);
        operations = List.copyOf(operations);
    }

    /** Oddities of a trace, as bits. */
    public static final class Chip {
        public static final int LATE = 1;
        public static final int ORPHAN = 2;
        public static final int SKEWED = 4;
        public static final int ROOTLESS = 8;
        // 16 was never set and is free
        public static final int PARTIAL = 32;

        private Chip() {}
    }
}
