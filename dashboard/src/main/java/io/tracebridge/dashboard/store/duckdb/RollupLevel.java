/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How long a window of time is that spans are summed up by. A window holds a whole number of windows of the level below. */
enum RollupLevel {
    MINUTE(0, 1),
    TEN_MINUTES(1, 10),
    HOUR(2, 60),
    SIX_HOURS(3, 360),
    DAY(4, 1_440);

    /** In tables; longer windows have a larger one. */
    final int number;

    final long micros;

    RollupLevel(int number, long minutes) {
        this.number = number;
        micros = minutes * 60_000_000L;
    }

    /** The longest level whose windows lie within slices that are multiples of the given length; null when there is none. */
    static @Nullable RollupLevel within(long unitMicros) {
        RollupLevel longest = null;
        for (RollupLevel level : values()) {
            if (unitMicros >= level.micros && unitMicros % level.micros == 0) {
                longest = level;
            }
        }
        return longest;
    }

    static RollupLevel of(int number) {
        return List.of(values()).get(number);
    }

    /** Start of the window that holds a time. */
    long start(long atMicros) {
        return Math.floorDiv(atMicros, micros) * micros;
    }
}
