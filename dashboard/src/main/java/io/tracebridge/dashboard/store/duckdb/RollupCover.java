/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A span of time taken apart: into whole windows that were summed up, the longest that fit, and what is left between them, which is read from the
 * spans themselves.
 */
final class RollupCover {
    /** With more pieces than this, the shortest windows are not used: each piece is a scan of its own. */
    private static final int MAX_PIECES = 48;

    /** A window that was summed up. */
    record Window(RollupLevel level, long fromMicros) {
        static Window of(RollupLevel level, long atMicros) {
            return new Window(level, level.start(atMicros));
        }

        long toMicros() {
            return fromMicros + level.micros;
        }
    }

    /**
     * A part of the time.
     * @param level of the windows that make it up; null when it is to be read from the spans
     * @param fromMicros inclusive; {@code Long.MIN_VALUE} when there is no lower end
     * @param toMicros exclusive; {@code Long.MAX_VALUE} when there is no upper end
     */
    record Piece(@Nullable RollupLevel level, long fromMicros, long toMicros) {}

    private RollupCover() {}

    /**
     * Takes a time apart; the pieces are in order, do not overlap and leave nothing out.
     * @param known windows that were summed up
     * @param longest no longer windows than these; null for none at all
     */
    static List<Piece> of(long from, long to, Collection<Window> known, @Nullable RollupLevel longest) {
        int most = longest == null ? -1 : longest.number;
        for (int least = 0; least <= most; least++) {
            List<Piece> pieces = pieces(from, to, chosen(from, to, known, least, most));
            if (pieces.size() <= MAX_PIECES) {
                return pieces;
            }
        }
        return List.of(new Piece(null, from, to));
    }

    private static NavigableMap<Long, Window> chosen(
            long from, long to, Collection<Window> known, int least, int most) {
        NavigableMap<Long, Window> chosen = new TreeMap<>();
        for (int level = most; level >= least; level--) {
            for (Window window : known) {
                if (window.level().number == level && window.fromMicros() >= from && window.toMicros() <= to) {
                    Map.Entry<Long, Window> before = chosen.floorEntry(window.fromMicros());
                    if (before == null || before.getValue().toMicros() <= window.fromMicros()) {
                        chosen.put(window.fromMicros(), window);
                    }
                }
            }
        }
        return chosen;
    }

    private static List<Piece> pieces(long from, long to, NavigableMap<Long, Window> chosen) {
        List<Piece> pieces = new ArrayList<>();
        long reached = from;
        for (Window window : chosen.values()) {
            if (window.fromMicros() > reached) {
                pieces.add(new Piece(null, reached, window.fromMicros()));
            }
            Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
            if (last != null && last.level() == window.level() && last.toMicros() == window.fromMicros()) {
                pieces.set(pieces.size() - 1, new Piece(last.level(), last.fromMicros(), window.toMicros()));
            } else {
                pieces.add(new Piece(window.level(), window.fromMicros(), window.toMicros()));
            }
            reached = window.toMicros();
        }
        if (reached < to || pieces.isEmpty()) {
            pieces.add(new Piece(null, reached, to));
        }
        return pieces;
    }
}
