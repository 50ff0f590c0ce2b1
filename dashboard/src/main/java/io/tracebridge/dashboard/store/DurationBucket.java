/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * Durations in buckets of under 1 %: whole microseconds up to 255, from there 128 buckets for each doubling, as in an HdrHistogram of two digits.
 * @since 0.1
 */
public final class DurationBucket {
    private static final int UNIT_BUCKETS = 256;
    private static final int PER_DOUBLING = 128;

    private DurationBucket() {}

    /** The bucket of a duration in microseconds, from 0. */
    public static int of(long micros) {
        if (micros < UNIT_BUCKETS) {
            return (int) Math.max(0, micros);
        }
        int shift = 56 - Long.numberOfLeadingZeros(micros);
        return UNIT_BUCKETS + (shift - 1) * PER_DOUBLING + (int) (micros >> shift) - PER_DOUBLING;
    }

    /** The middle of a bucket in microseconds. */
    public static long micros(int bucket) {
        if (bucket < UNIT_BUCKETS) {
            return bucket;
        }
        int shift = (bucket - UNIT_BUCKETS) / PER_DOUBLING + 1;
        long lowest = (long) ((bucket - UNIT_BUCKETS) % PER_DOUBLING + PER_DOUBLING) << shift;
        return lowest + (1L << shift) / 2;
    }
}
