/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * Durations in buckets with an error of under 1 %: whole microseconds up to 127, from there 64 buckets for each doubling.
 * @since 0.1
 */
public final class DurationBucket {
    /** Buckets from this one on are wider than a microsecond. */
    public static final int UNIT_BUCKETS = 128;

    private static final int PER_DOUBLING = 64;

    private DurationBucket() {}

    /** The bucket of a duration in microseconds, from 0. */
    public static int of(long micros) {
        if (micros < UNIT_BUCKETS) {
            return (int) Math.max(0, micros);
        }
        int shift = 57 - Long.numberOfLeadingZeros(micros);
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
