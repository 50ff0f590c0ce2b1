/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What is derived from traces: read the spans of some, write what was found. Written in one transaction, evicted with the trace.
 *
 * <p>Thread-safe; calls take milliseconds.
 * @since 0.1
 */
public interface AnalysisStore {
    /**
     * Calls the listener after each write with the traces whose spans were written and the earliest start among those spans, Unix
     * nanoseconds. On the writer's thread: be quick, never throw.
     */
    void onSpans(Consumer<Map<String, Long>> listener);

    /**
     * All spans of the traces that started at or after the given time.
     * @param sinceNanos Unix time; {@code Long.MIN_VALUE} looks through everything, which takes longer
     */
    default List<SpanFacts> spans(Collection<String> traceIds, long sinceNanos) {
        return spans(traceIds, sinceNanos, Long.MAX_VALUE);
    }

    /** The same of those that also started before another time: the shorter the time, the less is looked through. */
    List<SpanFacts> spans(Collection<String> traceIds, long sinceNanos, long untilNanos);

    /** Grows whenever stored traces were removed and weights of others rose; waits while that is going on. */
    long removals();

    /**
     * Replaces what was derived from these traces before.
     * @param removals as {@link #removals} said before the spans were read
     * @return false when traces were removed since: nothing was written, because rows of a removed trace would never leave and
     *     weights would be too low; read the spans again
     */
    boolean replace(List<TraceAnalysis> analyses, long removals);

    /** Traces whose spans are not, or not all, in their summary: after a crash, or written by an older version. */
    List<String> unanalysed(int limit);
}
