/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Questions about operations: counts, rates, percentiles, bottlenecks over many spans. Attribute tests of a selection mean spans of traces in which
 * any span passes.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take tens of milliseconds.
 * @since 0.1
 */
public interface OperationReader {
    /** Figures of each operation that has spans in the selection; {@code text} is looked for in its name. */
    default List<OperationFigures> figures(Selection selection, boolean onlyTop) {
        return figures(selection, onlyTop, null);
    }

    /** The same of some operations only, which takes less time; null for all. */
    default List<OperationFigures> figures(
            Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations) {
        Map<OperationRef, DurationSums> durations = durations(selection, onlyTop, operations);
        return totals(selection, onlyTop, operations).stream()
                .map(one -> one.ranked(durations.get(one.operation())))
                .toList();
    }

    /** The same without percentiles, which takes a fraction of the time; they are 0. */
    List<OperationFigures> totals(Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations);

    /** Weighted calls by duration, of each operation that has calls with a weight. */
    Map<OperationRef, DurationSums> durations(
            Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations);

    /** The operation with this key, or null. */
    @Nullable
    OperationRef operation(String key);

    /** How many operations are told apart at most; the others are {@link OperationRef#OTHER}. */
    int limit();

    /** Operations counted as {@link OperationRef#OTHER} since start. */
    long overflowed();

    /** Durations one by one, for exact percentiles. */
    List<Sample> samples(Selection selection, Collection<OperationRef> operations, int limit);

    /**
     * Weighted calls by duration in slices of time; slices without calls are left out.
     * @param step so many neighbouring buckets are taken for one: 1 for figures, 4 (an error of up to 3 %, a fraction of the time) for drawings
     */
    List<Slice> slices(Selection selection, Collection<OperationRef> operations, TimeGrid grid, int step);

    /** Weighted failed calls in each slice that has some. */
    Map<Integer, Double> errors(Selection selection, OperationRef operation, TimeGrid grid);

    /** Weighted calls and failed calls of all operations, in each slice that has some. */
    List<Calls> calls(Selection selection, TimeGrid grid);

    /** Critical time by operation and root, the largest first. */
    List<Blame> blames(Selection selection);

    /**
     * Traces that hold the operation, each once. By {@link Order#CRITICAL} over much time, a trace whose calls began in two windows of the sums may
     * be missed although it waited up to twice as long as the last one found.
     * @param micros what {@link Order#TYPICAL} is near to; else unused
     */
    List<Evidence> evidence(Selection selection, OperationRef operation, Order order, long micros, int limit);

    /** Sum of the times that somebody waited, the number of such waits, and the ends of what matched. */
    Wait waited(Selection selection);

    /** The oldest and newest span in the selection, microseconds; zeros when there is none. */
    Span extent(Selection selection);

    /** Findings by type, operation and parent, the most waste first. */
    List<FindingGroup> findings(Selection selection, @Nullable OperationRef operation, int limit);

    /** Traces with a finding in slices of time; those without are left out. */
    List<FindingSlice> findingSlices(Selection selection, TimeGrid grid);

    /** Weighted traces that have a finding. */
    record FindingSlice(String type, OperationRef operation, OperationRef parent, int slice, double traces) {}

    /** One duration. */
    record Sample(OperationRef operation, long micros, double weight) {}

    /** One slice of time of one operation. */
    record Slice(OperationRef operation, int slice, DurationSums durations) {}

    /** Calls of one operation in one slice of time; {@code least} is the smallest weight among them. */
    record Calls(OperationRef operation, int slice, double count, double errors, double least) {}

    /** How long was waited for one operation under one root, weighted microseconds. */
    record Blame(OperationRef operation, OperationRef root, double critical) {}

    /** One trace as a proof; times in microseconds. */
    record Evidence(String traceId, long startMicros, long spanMicros, long criticalMicros) {}

    /** How evidence is chosen. */
    enum Order {
        CRITICAL,
        SLOWEST,
        /** Nearest to the given duration. */
        TYPICAL,
        NEWEST,
        NEWEST_ERROR
    }

    /** Weighted; {@code micros} of roots together. */
    record Wait(double micros, double count, double errors, long seen, long unknown, boolean weighted) {}

    /** Ends in microseconds. */
    record Span(long fromMicros, long toMicros) {}

    /** What a detector found, over traces. */
    record FindingGroup(
            String type,
            OperationRef operation,
            OperationRef parent,
            String detail,
            double traces,
            double waste,
            int calls,
            double totalMicros,
            long firstMicros,
            long lastMicros,
            String traceId,
            String parentSpanId,
            List<String> spanIds) {
        public FindingGroup {
            spanIds = List.copyOf(spanIds);
        }
    }
}
