/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How likely chance alone makes two times differ as much as they do, in the share of calls that fail or that are longer than a limit.
 *
 * <p>A likelihood ratio test of two shares with continuity correction. Calls are not independent: those of one request come together, some moments
 * are slow for all, and sampled ones stand for others. How much more the share varies from slice to slice than that of independent calls would is
 * measured, and the calls count for so many fewer (Rao and Scott 1992). The measure is itself an estimate, so the result is that of a t distribution
 * (Wallace 1959). What is common to a whole time cannot be told from a change.
 */
final class Chance {
    /** With fewer slices there is nothing to measure the variation by. */
    static final int SLICES = 3;

    private Chance() {}

    /** One time in slices, weighted; both arrays are of one length. */
    record Counts(double[] hits, double[] all) {
        private double allHits() {
            return Arrays.stream(hits).sum();
        }

        private double total() {
            return Arrays.stream(all).sum();
        }

        private int slices() {
            return (int) Arrays.stream(all).filter(one -> one > 0).count();
        }

        /** Variance of the hits, from how they differ between slices. */
        private double variance() {
            double share = allHits() / total();
            double sum = 0;
            for (int i = 0; i < all.length; i++) {
                double residual = hits[i] - share * all[i];
                sum += residual * residual;
            }
            return sum * slices() / (slices() - 1);
        }
    }

    /**
     * The probability, 0…1, of a difference at least this large when nothing changed; null when there are calls in too few slices.
     * @param leastWeight of a call: no estimate of the variation is below it
     */
    static @Nullable Double of(Counts before, Counts now, double leastWeight) {
        if (before.slices() < SLICES || now.slices() < SLICES) {
            return null;
        }
        double all = before.total() + now.total();
        double share = (before.allHits() + now.allHits()) / all;
        if (share <= 0 || share >= 1) {
            return 1.0;
        }
        double effect = Math.max(leastWeight, (before.variance() + now.variance()) / (share * (1 - share) * all));
        double callsBefore = before.total() / effect;
        double callsNow = now.total() / effect;
        double more = now.allHits() / effect - share * callsNow;
        // half a call less, as counts are whole numbers
        double shift = Math.signum(more) * Math.max(0, Math.abs(more) - 0.5);
        double ratio = 2 * (term(callsNow, share, shift) + term(callsBefore, share, -shift));
        int freedom = before.slices() + now.slices() - 2;
        double normal = (8 * freedom + 1.0)
                / (8 * freedom + 3.0)
                * Math.sqrt(freedom * Math.log1p(Math.max(0, ratio) / freedom));
        return Math.min(1, twoSided(normal));
    }

    private static double term(double calls, double share, double shift) {
        double hits = share * calls;
        double others = (1 - share) * calls;
        return information(hits + shift, hits) + information(others - shift, others);
    }

    private static double information(double observed, double expected) {
        return observed <= 0 ? 0 : observed * Math.log(observed / expected);
    }

    /** Of the normal distribution beyond ±z: the complementary error function, by a fraction with an error under 1.2e-7 of its value. */
    private static double twoSided(double z) {
        double x = z / Math.sqrt(2);
        double t = 1 / (1 + x / 2);
        double[] factors = {
            -1.26551223,
            1.00002368,
            0.37409196,
            0.09678418,
            -0.18628806,
            0.27886807,
            -1.13520398,
            1.48851587,
            -0.82215223,
            0.17087277
        };
        double sum = 0;
        for (int i = factors.length - 1; i >= 0; i--) {
            sum = sum * t + factors[i];
        }
        return t * Math.exp(-x * x + sum);
    }

    /**
     * Which of some chances are small enough to speak of: of those told, at most this share is false in the long run, and when nothing changed at
     * all, so many answers tell anything (Benjamini and Hochberg 1995).
     * @return the largest chance that is told, or -1
     */
    static double told(double[] chances, double falseShare) {
        double[] sorted = chances.clone();
        Arrays.sort(sorted);
        for (int i = sorted.length - 1; i >= 0; i--) {
            if (sorted[i] <= falseShare * (i + 1) / sorted.length) {
                return sorted[i];
            }
        }
        return -1;
    }
}
