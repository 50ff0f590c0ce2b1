/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about calls to models.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface AiReader {
    List<AiCall> calls(AiQuery query, int limit, int offset);

    /** Calls of these traces. */
    List<AiCall> callsOfTraces(List<String> traceIds);

    /**
     * Calls by model and slice of time, weighted.
     * @param slices equal parts of the selection, which must have both ends then; 1 for the whole
     */
    List<Usage> usage(AiQuery query, int slices);

    /**
     * Durations of calls by model, those of one length together, from short to long.
     * @param exact calls up to which they are as measured; of more they are middles of {@link DurationBucket}s
     */
    List<Took> durations(AiQuery query, int exact);

    /** The oldest and newest call, microseconds; zeros when there is none. */
    long[] extent(AiQuery query);

    /** So many calls of one model took so long. */
    record Took(@Nullable String requestModel, @Nullable String responseModel, long micros, double weight) {}

    /**
     * Sums over calls of one model asked and answered.
     * @param seen calls stored
     * @param counted calls that say how many tokens came in and went out
     */
    record Usage(
            @Nullable String requestModel,
            @Nullable String responseModel,
            @Nullable String provider,
            int slice,
            long seen,
            long unknown,
            double calls,
            double counted,
            double errors,
            double input,
            double output,
            double cacheRead,
            double cacheWrite) {}
}
