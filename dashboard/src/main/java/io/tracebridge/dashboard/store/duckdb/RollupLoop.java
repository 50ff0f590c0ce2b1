/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.duckdb.RollupCover.Piece;
import io.tracebridge.dashboard.store.duckdb.RollupCover.Window;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps old data small and quick to ask. Sums up the spans of windows that are at rest, short windows first, longer ones from these; a
 * window that is small, or whose sums would be nearly as many rows as its spans, stays as it is. Thins old points of metrics out.
 *
 * <p>One daemon thread that looks every {@value #LOOK_MILLIS} ms, on a connection of its own. Failure leaves the windows as they were:
 * answers are right, only slower.
 */
final class RollupLoop implements AutoCloseable {
    static final long LOOK_MILLIS = 15_000;
    private static final long CLOSE_MILLIS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");

    private final DuckDbAnalysisStore analysis;
    private final Supplier<DuckDBConnection> connections;
    private final Rollups rollups;
    private final MetricThinning thinning;
    private final LongSupplier millis;
    private final Thread thread = new Thread(this::run, "tracebridge-rollups");
    private final Object wake = new Object();
    /** The same for all of a step: work begun on a database that is closed meanwhile fails as a whole. */
    private DuckDBConnection connection;

    private volatile boolean closed;

    /**
     * Starts nothing.
     * @param connections gives one for this loop alone, another when the database was opened anew; closed by who opened it
     * @param millis Unix time
     */
    RollupLoop(DuckDbAnalysisStore analysis, Supplier<DuckDBConnection> connections, LongSupplier millis) {
        this.analysis = analysis;
        this.connections = connections;
        this.connection = connections.get();
        this.rollups = analysis.rollups();
        this.thinning = new MetricThinning(analysis, connection);
        this.millis = millis;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try {
                step(RollupRules.DEFAULT);
                thin(millis.getAsLong() * 1_000_000);
            } catch (SQLException | RuntimeException e) {
                if (!closed) {
                    LOG.debug("upkeep failed, it is tried again: {}", e.toString());
                }
            }
            synchronized (wake) {
                try {
                    if (!closed) {
                        wake.wait(LOOK_MILLIS);
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    /** Sums up all windows that are at rest and worth it; returns how many. */
    synchronized int step(RollupRules rules) throws SQLException {
        connection = connections.get();
        if (!analysis.exclusively(rollups::startLook) && rules.waits()) {
            return 0;
        }
        int done = 0;
        for (RollupLevel level : RollupLevel.values()) {
            for (Window window : candidates(level, rules)) {
                if (closed) {
                    return done;
                }
                done += sumUp(window, rules) ? 1 : 0;
            }
        }
        return done;
    }

    /** See {@link MetricThinning#step}. */
    synchronized int thin(long nowNanos) throws SQLException {
        return thinning.step(nowNanos);
    }

    /** Newest first: that is what is asked for most. */
    private List<Window> candidates(RollupLevel level, RollupRules rules) throws SQLException {
        List<Window> known = Rollups.visible(connection, Long.MIN_VALUE, Long.MAX_VALUE);
        Set<Window> worth = new HashSet<>(Sql.list(
                connection,
                "SELECT start_us // " + level.micros + " * " + level.micros + " AS start FROM "
                        + source(Long.MIN_VALUE, Long.MAX_VALUE, known, level).spanTimes()
                        + " GROUP BY start HAVING count(*) >= " + rules.worthSpans(),
                cells -> new Window(level, cells.number())));
        Map<Window, Integer> parts = new HashMap<>();
        for (Window window : known) {
            if (window.level().number < level.number) {
                parts.merge(Window.of(level, window.fromMicros()), 1, Integer::sum);
            }
        }
        parts.forEach((window, count) -> {
            if (count > 1) {
                worth.add(window);
            }
        });
        long now = millis.getAsLong() * 1_000;
        return analysis.exclusively(() -> worth.stream()
                // the engine divides towards zero: what is before 1970 would be in the wrong window
                .filter(window -> window.fromMicros() >= 0)
                .filter(window -> rollups.atRest(window, now, rules.waits()))
                .sorted(Comparator.comparingLong(Window::fromMicros).reversed())
                .toList());
    }

    private static RollupSql source(long from, long to, List<Window> known, @Nullable RollupLevel longest) {
        List<Piece> pieces = RollupCover.of(from, to, known, longest);
        return new RollupSql(pieces, Where.scope(Filter.ALL, "start_us"));
    }

    private boolean sumUp(Window window, RollupRules rules) throws SQLException {
        // between two writes, so that each write is either in what this transaction sees or comes after the mark
        Rollups.Mark mark = analysis.exclusively(() -> {
            Sql.execute(connection, "BEGIN TRANSACTION");
            Sql.list(connection, "SELECT count(*) FROM rollup_windows", cells -> cells.number());
            return rollups.mark();
        });
        boolean committed = false;
        try {
            boolean worth = write(window, rules);
            committed = analysis.exclusively(() -> {
                if (!worth) {
                    rollups.refuse(window);
                } else if (rollups.untouchedSince(window, mark)) {
                    Sql.execute(connection, "COMMIT");
                    rollups.add(window);
                    return true;
                }
                return false;
            });
        } finally {
            if (!committed) {
                Sql.execute(connection, "ROLLBACK");
            }
        }
        return committed;
    }

    private boolean write(Window window, RollupRules rules) throws SQLException {
        List<Window> parts = Rollups.visible(connection, window.fromMicros(), window.toMicros());
        RollupSql source = source(window.fromMicros(), window.toMicros(), parts, window.level());
        Sql.update(connection, source.insertEvidence(window), source.parameters());
        int rows = Sql.update(connection, source.insertFigures(window), source.parameters())
                + Sql.update(connection, source.insertDurations(window), source.parameters());
        long spans = Sql.list(
                        connection,
                        "SELECT coalesce(sum(seen), 0)::BIGINT FROM rollup_figures WHERE level = ? AND from_us = ?",
                        Cells::number,
                        window.level().number,
                        window.fromMicros())
                .get(0);
        Sql.update(
                connection,
                "INSERT INTO rollup_windows VALUES (?, ?, ?)",
                window.level().number,
                window.fromMicros(),
                spans);
        return rows < rules.worthPart() * spans;
    }

    @Override
    public void close() {
        synchronized (wake) {
            closed = true;
            wake.notifyAll();
        }
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
