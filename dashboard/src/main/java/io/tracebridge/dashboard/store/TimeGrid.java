/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * A time cut into equal slices. Slices of long times start at whole minutes, ten minutes, hours, six hours or days, so that answers can be put
 * together from what was summed up before.
 *
 * @param fromMicros start of the first slice, Unix microseconds; up to one {@code unit} before the time that was asked for
 * @param widthMicros of each slice
 * @param slices how many
 * @param unitMicros both of the above are multiples of it; 0 when they are multiples of nothing
 * @since 0.1
 */
public record TimeGrid(long fromMicros, long widthMicros, int slices, long unitMicros) {
    private static final long MINUTE = 60_000_000L;
    /** Each is a multiple of the next. */
    private static final long[] UNITS = {1_440 * MINUTE, 360 * MINUTE, 60 * MINUTE, 10 * MINUTE, MINUTE};

    /**
     * Cuts the time of a selection that has both ends.
     * @param most at most so many slices, and at least half as many when the time is longer than a few minutes
     */
    public static TimeGrid of(Selection selection, int most) {
        long from = Math.floorDiv(selection.fromNanos(), 1_000L);
        long to = Math.max(from + 1, Math.floorDiv(selection.toNanos() + 999, 1_000L));
        for (long unit : UNITS) {
            if ((to - from) / unit * 2 >= most) {
                return aligned(from, to, most, unit);
            }
        }
        return exact(selection, most);
    }

    /** Cuts the time of a selection that has both ends into exactly so many slices, wherever they start. */
    public static TimeGrid exact(Selection selection, int slices) {
        long from = Math.floorDiv(selection.fromNanos(), 1_000L);
        long to = Math.max(from + 1, Math.floorDiv(selection.toNanos() + 999, 1_000L));
        return new TimeGrid(from, ceil(to - from, slices), slices, 0);
    }

    /** The whole time of a selection as one slice. */
    public static TimeGrid whole() {
        return new TimeGrid(0, Long.MAX_VALUE, 1, UNITS[0]);
    }

    private static TimeGrid aligned(long from, long to, int most, long unit) {
        long start = Math.floorDiv(from, unit) * unit;
        long width = ceil(ceil(to - start, unit), most) * unit;
        return new TimeGrid(start, width, (int) ceil(to - start, width), unit);
    }

    private static long ceil(long value, long by) {
        return -Math.floorDiv(-value, by);
    }
}
