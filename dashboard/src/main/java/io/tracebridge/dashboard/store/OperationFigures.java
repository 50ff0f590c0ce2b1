/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * One operation over a time. Weighted, but for {@code seen}, {@code unknown} and {@code max}; durations are microseconds.
 *
 * @param seen spans stored
 * @param unknown of these, spans whose weight is not known: not in any weighted figure
 * @param count spans they stand for
 * @param weighted not all weights are 1
 * @param p50 of a histogram with an error under 1 %, like the other percentiles; 0 when nothing has a weight
 * @since 0.1
 */
public record OperationFigures(
        OperationRef operation,
        long seen,
        long unknown,
        double count,
        double errors,
        boolean weighted,
        double total,
        double self,
        double critical,
        long max,
        long p50,
        long p95,
        long p99) {
    /** The same with percentiles; null when nothing has a weight. */
    public OperationFigures ranked(@Nullable DurationSums durations) {
        // the middle of a bucket may lie above the largest value in it
        return durations == null
                ? this
                : withPercentiles(
                        Math.min(max, durations.percentile(0.5)),
                        Math.min(max, durations.percentile(0.95)),
                        Math.min(max, durations.percentile(0.99)));
    }

    /** The same with these percentiles. */
    public OperationFigures withPercentiles(long newP50, long newP95, long newP99) {
        return new OperationFigures(
                operation, seen, unknown, count, errors, weighted, total, self, critical, max, newP50, newP95, newP99);
    }
}
