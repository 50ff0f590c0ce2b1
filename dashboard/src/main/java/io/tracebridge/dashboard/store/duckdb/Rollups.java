/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.duckdb.RollupCover.Window;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.duckdb.DuckDBConnection;

/**
 * Which windows of time are summed up. What is summed up always equals what the rows of its spans add up to: whoever writes or removes such rows
 * takes the windows that hold them back in the same transaction.
 *
 * <p>Guarded by the lock of {@link DuckDbAnalysisStore}, which its users hold from their first write to their commit. Bounded: windows are only
 * summed up when they hold thousands of spans, and of those written lately at most {@value #MAX_TOUCHED} are known one by one.
 */
final class Rollups {
    static final List<String> TABLES =
            List.of("rollup_windows", "rollup_figures", "rollup_durations", "rollup_evidence");
    static final int MAX_TOUCHED = 20_000;
    /** A window is at rest when this part of its length passed since it was over and since it was written to. */
    private static final int REST_PART = 10;

    private final LongSupplier nanos;
    private final Set<Window> known = new HashSet<>();
    private final Map<Window, Long> touched = new HashMap<>();
    /** Summing these up would save nothing; forgotten when they are written to. */
    private final Set<Window> refused = new HashSet<>();

    private long allTouched;
    private int forgotten;
    private boolean changed = true;

    /** A moment that can be compared with what was written since. */
    record Mark(long nanos, int forgotten) {}

    /**
     * Knows nothing until {@link #load}.
     * @param nanos a clock as {@link System#nanoTime}
     */
    Rollups(LongSupplier nanos) {
        this.nanos = nanos;
        // what an earlier process wrote is at rest
        this.allTouched = nanos.getAsLong() - RollupLevel.DAY.micros * 1_000;
    }

    /** The windows that a connection sees, of a time. */
    static List<Window> visible(DuckDBConnection connection, long from, long to) throws SQLException {
        return Sql.list(
                connection,
                "SELECT level, from_us FROM rollup_windows WHERE from_us >= ? AND from_us < ?",
                cells -> new Window(RollupLevel.of(cells.integer()), cells.number()),
                from,
                to);
    }

    void load(DuckDBConnection connection) throws SQLException {
        known.clear();
        known.addAll(visible(connection, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /** Takes windows back that hold one of these times; in the transaction that writes there. Reload after a rollback. */
    void touch(DuckDBConnection connection, Collection<Long> minutes) throws SQLException {
        if (minutes.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        Set<Window> windows = windows(minutes);
        if (touched.size() + windows.size() > MAX_TOUCHED) {
            touched.clear();
            allTouched = now;
        } else {
            windows.forEach(window -> touched.put(window, now));
        }
        takeBack(connection, windows);
    }

    private static Set<Window> windows(Collection<Long> minutes) {
        Set<Window> windows = new HashSet<>();
        for (long minute : minutes) {
            for (RollupLevel level : RollupLevel.values()) {
                windows.add(Window.of(level, minute));
            }
        }
        return windows;
    }

    private void takeBack(DuckDBConnection connection, Set<Window> windows) throws SQLException {
        changed = true;
        refused.removeAll(windows);
        windows.retainAll(known);
        for (Window window : windows) {
            remove(connection, window);
            known.remove(window);
        }
    }

    private static void remove(DuckDBConnection connection, Window window) throws SQLException {
        for (String table : TABLES) {
            Sql.update(
                    connection,
                    "DELETE FROM " + table + " WHERE level = ? AND from_us = ?",
                    window.level().number,
                    window.fromMicros());
        }
    }

    /**
     * Takes windows back that hold one of these times, in the transaction that removes or changes rows there. They need no rest:
     * nothing new is expected there. Reload after a rollback.
     */
    void forget(DuckDBConnection connection, Collection<Long> minutes) throws SQLException {
        forgotten++;
        takeBack(connection, windows(minutes));
    }

    /** Takes all windows back, in the transaction that changes rows everywhere. Reload after a rollback. */
    void forget(DuckDBConnection connection) throws SQLException {
        changed = true;
        forgotten++;
        refused.clear();
        known.clear();
        for (String table : TABLES) {
            Sql.execute(connection, "DELETE FROM " + table);
        }
    }

    /** Whether anything was written since the last call, or waits for its rest: then windows may have become ready. */
    boolean startLook() {
        boolean worthIt = changed || !touched.isEmpty();
        changed = false;
        long now = nanos.getAsLong();
        touched.entrySet().removeIf(entry -> now - entry.getValue() >= rest(entry.getKey()));
        return worthIt;
    }

    /**
     * Whether a window may be summed up.
     * @param nowMicros Unix time
     * @param waits false when it need not rest after a write
     */
    boolean atRest(Window window, long nowMicros, boolean waits) {
        long since = nanos.getAsLong() - touched.getOrDefault(window, allTouched);
        return window.toMicros() + window.level().micros / REST_PART <= nowMicros
                && (!waits || since >= rest(window))
                && !known.contains(window)
                && !refused.contains(window);
    }

    private static long rest(Window window) {
        return window.level().micros * 1_000 / REST_PART;
    }

    void refuse(Window window) {
        refused.add(window);
    }

    Mark mark() {
        return new Mark(nanos.getAsLong(), forgotten);
    }

    /** Whether nothing was written to a window, and nothing taken back everywhere, since then. */
    boolean untouchedSince(Window window, Mark then) {
        return forgotten == then.forgotten && touched.getOrDefault(window, allTouched) - then.nanos < 0;
    }

    /** Call with the commit that sums a window up. */
    void add(Window window) {
        known.add(window);
    }
}
