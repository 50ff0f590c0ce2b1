/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Selection;

/** Cuts the time of a selection into equal slices, in SQL. The text is made of numbers and column names of ours only. */
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

    private static String slice(String column, long from, long to, int slices) {
        long width = Math.max(1, -Math.floorDiv(from - to, (long) slices));
        return "((" + column + " - (" + from + ")) // " + width + ")::INTEGER";
    }
}
