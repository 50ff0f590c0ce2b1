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
        String sentence = durations.samples() == 1
                ? "the only one like it"
                : sentence(Math.round(durations.shareBelow(micros) * 100), 100L - percentile, durations.total());
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

    /** Those as long as it are neither slower nor faster: of five alike none is slow. */
    private static String sentence(long shorter, long longer, double of) {
        String others = " % of " + Units.count(of) + " like it";
        if (shorter >= Math.max(longer, 1)) {
            return "slower than " + shorter + others;
        }
        return longer > 0 ? "faster than " + longer + others : "as long as all " + Units.count(of) + " like it";
    }
}
