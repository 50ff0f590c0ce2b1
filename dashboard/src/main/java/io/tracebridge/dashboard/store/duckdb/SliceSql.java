/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Selection;

/** Cuts the time of a selection into equal slices, and durations into buckets, in SQL. The text is made of numbers and column names of ours only. */
final class SliceSql {
    private SliceSql() {}

    /** The number of the slice from 0, of a column in nanoseconds. */
    static String nanos(String column, Selection selection, int slices) {
        return slice(column, selection.fromNanos(), selection.toNanos(), slices);
    }

    /** The same of a column in microseconds. */
    static String micros(String column, Selection selection, int slices) {
        return slice(
                column,
                Math.floorDiv(selection.fromNanos(), 1_000L),
                Math.floorDiv(selection.toNanos() + 999, 1_000L),
                slices);
    }

    /** The {@link io.tracebridge.dashboard.store.DurationBucket} of a column in microseconds. */
    static String bucket(String column) {
        // log2 is exact for powers of two, and rounds up only above 2^47 microseconds, some years
        String shift = "(floor(log2(" + column + "))::INTEGER - 6)";
        return "(CASE WHEN " + column + " < 128 THEN greatest(" + column + ", 0) ELSE 128 + (" + shift
                + " - 1) * 64 + (" + column + " >> " + shift + ") - 64 END)::INTEGER";
    }

    private static String slice(String column, long from, long to, int slices) {
        long width = Math.max(1, -Math.floorDiv(from - to, (long) slices));
        return "((" + column + " - (" + from + ")) // " + width + ")::INTEGER";
    }
}
