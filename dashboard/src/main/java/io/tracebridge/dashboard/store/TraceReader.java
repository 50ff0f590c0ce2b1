/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about traces and spans. Who needs another answer adds a method here and its SQL in the engine's class of the
 * same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface TraceReader {
    /**
     * The spans of a trace in order of their start.
     * @param limit the most to return; the earliest win
     */
    List<StoredSpan> spans(String traceId, int limit);

    /** The copies of a span, one for each service that sent it. */
    List<StoredSpan> spans(String traceId, String spanId);

    /** What the spans of a trace say beside: of those that have events or links. */
    List<Notes> notes(String traceId);

    /**
     * Events and links of a span.
     * @param events JSON array, or null
     * @param links JSON array, or null
     */
    record Notes(
            String spanId,
            String service,
            @Nullable String events,
            @Nullable String links) {}

    /** Lines of the trace list. */
    List<TraceSummary> summaries(TraceQuery query, int limit);

    /** The line of one trace, or null when it is not analysed (yet). */
    @Nullable
    TraceSummary summary(String traceId);

    /** What all lines of the query are together; its page is not looked at. */
    Totals totals(TraceQuery query);

    /** Traces in equal slices of time, from {@code selection.fromNanos()} to {@code toNanos()}; both must be set. */
    List<Slice> slices(Selection selection, int slices);

    /**
     * Traces by time and duration, as they are stored and not weighted; cells without any are left out. Its selection must have
     * both ends; its page is not looked at.
     * @param bucketsPerDecade bucket b holds durations from 10^(b/this) to 10^((b+1)/this) microseconds
     */
    List<DurationCell> durations(TraceQuery query, int slices, int bucketsPerDecade);

    /** Which of these traces are stored. */
    List<String> stored(List<String> traceIds);

    /**
     * Figures over lines.
     * @param seen lines
     * @param unknown of these, without a known weight
     * @param estimated traces they stand for
     * @param errors of the estimated, failed ones
     * @param p99 in microseconds, like the other durations; 0 when there are none
     */
    record Totals(
            long seen,
            long unknown,
            double estimated,
            double errors,
            boolean weighted,
            long p50,
            long p95,
            long p99,
            long firstStartMicros,
            long lastStartMicros) {}

    /** Traces of one slice and one bucket of durations. */
    record DurationCell(int slice, int bucket, long traces, long failed) {}

    /** Traces of one slice; weighted counts, P95 in microseconds. */
    record Slice(int slice, double count, double errors, long p95) {}
}
