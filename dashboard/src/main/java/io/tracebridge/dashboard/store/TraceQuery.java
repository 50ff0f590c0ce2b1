/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of the trace list are asked for.
 *
 * @param minMicros least duration
 * @param maxMicros greatest duration
 * @param error true: only traces that failed or have an event; false: only the others; null: all
 * @param operation any operation of the trace, or null
 * @param root operation of the root, or null
 * @param traceIds only these, or null for no such bound
 * @param byDuration longest first instead of newest first
 * @param afterValue start or duration of the last line of the page before, with its trace id; null for the first page
 * @since 0.1
 */
public record TraceQuery(
        Selection selection,
        long minMicros,
        long maxMicros,
        @Nullable Boolean error,
        @Nullable OperationRef operation,
        @Nullable OperationRef root,
        int minSpans,
        @Nullable List<String> traceIds,
        boolean byDuration,
        @Nullable Long afterValue,
        @Nullable String afterId) {
    /** The same within other bounds of time. */
    public TraceQuery between(Selection bounded) {
        return new TraceQuery(
                bounded, minMicros, maxMicros, error, operation, root, minSpans, traceIds, byDuration, null, null);
    }

    /** The newest traces of a selection. */
    public static TraceQuery newest(Selection selection) {
        return new TraceQuery(selection, 0, Long.MAX_VALUE, null, null, null, 0, null, false, null, null);
    }
}
