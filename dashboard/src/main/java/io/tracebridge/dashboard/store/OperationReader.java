/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Collection;
import java.util.List;
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
    List<OperationFigures> figures(Selection selection, boolean onlyTop, @Nullable Collection<OperationRef> operations);

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
     * The selection cut into equal slices of time.
     * @param slices how many; the selection must have both ends
     */
    List<Slice> slices(Selection selection, Collection<OperationRef> operations, int slices);

    /** Weighted calls in each bucket of {@link DurationBucket}, for spreads and heat maps; all operations together for each slice. */
    List<Cell> cells(Selection selection, Collection<OperationRef> operations, int slices);

    /** Critical time by operation and root, the largest first. */
    List<Blame> blames(Selection selection);

    /**
     * Traces that hold the operation, each once.
     * @param micros what {@link Order#TYPICAL} is near to; else unused
     */
    List<Evidence> evidence(Selection selection, OperationRef operation, Order order, long micros, int limit);

    /** Sum of the times that somebody waited, the number of such waits, and the ends of what matched. */
    Wait waited(Selection selection);

    /** The oldest and newest span in the selection, microseconds; zeros when there is none. */
    Span extent(Selection selection);

    /** Findings by type, operation and parent, the most waste first. */
    List<FindingGroup> findings(Selection selection, @Nullable OperationRef operation, int limit);

    /** One duration. */
    record Sample(OperationRef operation, long micros, double weight) {}

    /** One slice of time of one operation; percentiles are 0 when there were no calls. */
    record Slice(OperationRef operation, int slice, double count, double errors, long p50, long p95, long p99) {}

    /** Calls in one bucket in one slice. */
    record Cell(OperationRef operation, int slice, int bucket, double count) {}

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
