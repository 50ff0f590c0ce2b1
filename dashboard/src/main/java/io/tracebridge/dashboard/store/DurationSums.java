/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Arrays;

/**
 * Weighted durations by {@link DurationBucket}, with percentiles by nearest rank.
 *
 * <p>Holds the buckets between the shortest and the longest duration, in steps of {@value #STEP}. Not thread-safe.
 * @since 0.1
 */
public final class DurationSums {
    private static final int STEP = 64;

    private int first;
    private double[] weights = new double[0];
    private double total;

    /** Sees one bucket with its weight. */
    public interface Visitor {
        void visit(int bucket, double weight);
    }

    /** Adds to a bucket. */
    public void add(int bucket, double weight) {
        if (bucket < first || bucket >= first + weights.length) {
            makeRoom(bucket);
        }
        weights[bucket - first] += weight;
        total += weight;
    }

    private void makeRoom(int bucket) {
        int from = bucket / STEP * STEP;
        int to = from + STEP;
        if (weights.length > 0) {
            from = Math.min(from, first);
            to = Math.max(to, first + weights.length);
        }
        double[] larger = new double[to - from];
        System.arraycopy(weights, 0, larger, weights.length == 0 ? 0 : first - from, weights.length);
        first = from;
        weights = larger;
    }

    /** Sum of all weights. */
    public double total() {
        return total;
    }

    /**
     * The middle of the bucket that holds the percentile, microseconds; 0 when there is nothing.
     * @param q above 0, at most 1
     */
    public long percentile(double q) {
        // a hair under q·total: sums of fractions must not push an exact rank one further
        double wanted = q * total * (1 - 1e-9);
        double upTo = 0;
        for (int i = 0; i < weights.length; i++) {
            upTo += weights[i];
            if (upTo >= wanted && weights[i] > 0) {
                return DurationBucket.micros(first + i);
            }
        }
        return 0;
    }

    /** Visits the buckets that are not empty, from short to long. */
    public void forEach(Visitor visitor) {
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] > 0) {
                visitor.visit(first + i, weights[i]);
            }
        }
    }

    @Override
    public String toString() {
        return "from " + first + ": " + Arrays.toString(weights);
    }
}
