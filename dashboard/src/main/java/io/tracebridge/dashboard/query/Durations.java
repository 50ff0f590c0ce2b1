/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Weighted durations with percentiles by nearest rank: exact up to {@value #EXACT} samples, from then on a histogram with an error
 * under 1 %.
 *
 * <p>The percentile q is the least duration that at least q of the weight does not exceed; with equal weights that is the sample of rank
 * ⌈q·n⌉. Values are microseconds, from 0 to an hour; longer ones count as an hour in the histogram, {@link #max} stays true. At most 40 kB each.
 * Not thread-safe.
 */
final class Durations {
    /** Samples that are kept one by one. */
    static final int EXACT = 1_024;

    /** Enough for {@link #EXACT} places. */
    private static final int PLACE_BITS = 11;

    /** Some 140 years; what is longer is in no order. */
    private static final long MAX_SORTED = Long.MAX_VALUE >> PLACE_BITS;

    private static final long HIGHEST = 3_600_000_000L;
    /** The histogram counts whole numbers: a weight is kept to a thousandth. */
    private static final double SCALE = 1_000;

    private long[] values = new long[16];
    private double[] weights = new double[16];
    private int kept;
    private boolean sorted = true;
    private @Nullable Histogram histogram;
    private long samples;
    private double total;
    private long max;

    void add(long micros, double weight) {
        long value = Math.max(0, micros);
        samples++;
        max = Math.max(max, value);
        if (!(weight > 0)) {
            return;
        }
        total += weight;
        if (histogram == null && kept == EXACT) {
            histogram = spilled();
        }
        if (histogram != null) {
            record(histogram, value, weight);
        } else {
            keep(value, weight);
        }
    }

    /** Adds all samples of another. */
    void addAll(Durations other) {
        long together = samples + other.samples;
        long highest = Math.max(max, other.max);
        for (int i = 0; i < other.kept; i++) {
            add(other.values[i], other.weights[i]);
        }
        if (other.histogram != null) {
            if (histogram == null) {
                histogram = spilled();
            }
            histogram.add(other.histogram);
            total += other.total;
        }
        samples = together;
        max = highest;
    }

    long samples() {
        return samples;
    }

    double total() {
        return total;
    }

    long max() {
        return max;
    }

    boolean exact() {
        return histogram == null;
    }

    /**
     * The percentile in microseconds, 0 when there are no samples with a weight.
     * @param q above 0, at most 1
     */
    long percentile(double q) {
        if (histogram != null) {
            return Math.min(max, histogram.getValueAtPercentile(q * 100));
        }
        sort();
        // a hair under q·total: sums of tenths must not push an exact rank one further
        double wanted = q * total * (1 - 1e-9);
        double seen = 0;
        for (int i = 0; i < kept; i++) {
            seen += weights[i];
            if (seen >= wanted) {
                return values[i];
            }
        }
        return kept == 0 ? 0 : values[kept - 1];
    }

    /** Share of the weight that is at most this long, 0…1. */
    double shareUpTo(long micros) {
        if (total <= 0) {
            return 0;
        }
        if (histogram != null) {
            return histogram.getPercentileAtOrBelowValue(Math.min(micros, HIGHEST)) / 100;
        }
        double under = 0;
        for (int i = 0; i < kept; i++) {
            under += values[i] <= micros ? weights[i] : 0;
        }
        return under / total;
    }

    /** Share that is shorter; what cannot be told apart from it (within the promised error) is not. */
    double shareBelow(long micros) {
        long shorter = histogram == null ? micros - 1 : histogram.lowestEquivalentValue(Math.min(micros, HIGHEST)) - 1;
        return shorter < 0 ? 0 : shareUpTo(shorter);
    }

    /** Estimated bytes on the heap. */
    int footprintBytes() {
        return 64 + 16 * values.length + (histogram == null ? 0 : histogram.getEstimatedFootprintInBytes());
    }

    private void keep(long value, double weight) {
        if (kept == values.length) {
            values = Arrays.copyOf(values, kept * 2);
            weights = Arrays.copyOf(weights, kept * 2);
        }
        values[kept] = value;
        weights[kept++] = weight;
        sorted = false;
    }

    private Histogram spilled() {
        Histogram fresh = new Histogram(1, HIGHEST, 2);
        for (int i = 0; i < kept; i++) {
            record(fresh, values[i], weights[i]);
        }
        kept = 0;
        values = new long[0];
        weights = new double[0];
        return fresh;
    }

    private static void record(Histogram histogram, long value, double weight) {
        histogram.recordValueWithCount(Math.min(value, HIGHEST), Math.max(1, Math.round(weight * SCALE)));
    }

    private void sort() {
        if (sorted) {
            return;
        }
        // value and place in one number: sorting numbers takes a fraction of sorting objects
        long[] order = new long[kept];
        for (int i = 0; i < kept; i++) {
            order[i] = Math.min(values[i], MAX_SORTED) << PLACE_BITS | i;
        }
        Arrays.sort(order);
        long[] sortedValues = new long[kept];
        double[] sortedWeights = new double[kept];
        for (int i = 0; i < kept; i++) {
            int place = (int) (order[i] & ((1 << PLACE_BITS) - 1));
            sortedValues[i] = values[place];
            sortedWeights[i] = weights[place];
        }
        values = sortedValues;
        weights = sortedWeights;
        sorted = true;
    }
}
