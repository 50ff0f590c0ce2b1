/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

/**
 * Where one duration is among others like it.
 *
 * @param percentile share of them that is at most as long, 0…100
 * @param of how many they stand for
 * @since 0.1
 */
public record Rank(
        int percentile,
        double of,
        long seen,
        double p50Ms,
        double p95Ms,
        double p99Ms,
        double minMs,
        double maxMs,
        String sentence) {
    static Rank of(Durations durations, long micros) {
        int percentile = (int) Math.round(durations.shareUpTo(micros) * 100);
        // its own length counts among the others', so of one it is neither slow nor fast
        String sentence = durations.samples() == 1
                ? "the only one like it"
                : percentile >= 50
                        ? "slower than " + percentile + " % of " + Units.count(durations.total()) + " like it"
                        : "faster than " + (100 - percentile) + " % of " + Units.count(durations.total()) + " like it";
        return new Rank(
                percentile,
                Units.round(durations.total()),
                durations.samples(),
                Units.millis(durations.percentile(0.5)),
                Units.millis(durations.percentile(0.95)),
                Units.millis(durations.percentile(0.99)),
                Units.millis(durations.percentile(1e-9)),
                Units.millis(durations.max()),
                sentence);
    }
}
