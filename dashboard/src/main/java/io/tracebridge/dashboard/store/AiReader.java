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

    /** The oldest and newest call, microseconds; zeros when there is none. */
    long[] extent(AiQuery query);

    /**
     * Sums over calls of one model asked and answered.
     * @param seen calls stored
     * @param counted calls that say how many tokens came in and went out
     * @param p95 of durations in microseconds
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
            double cacheWrite,
            long p95) {}
}
