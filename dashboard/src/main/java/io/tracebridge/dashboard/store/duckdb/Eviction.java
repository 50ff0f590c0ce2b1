/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the data under their cap by relevance. What proves something stays longest: the last events of each issue and their
 * traces, the slowest and the last failed traces of each operation. Of the ordinary rest a sample stays, see {@link
 * TraceThinning}. Logs, points and retained items go by age. A trace goes with everything derived from it, or stays with it.
 *
 * <p>What leaves, leaves in rounds of a bounded size, and between two of them what arrives is written for as long as the first
 * one took.
 *
 * <p>Used by the writer's thread only.
 */
final class Eviction {
    static final int EVENTS_OF_ISSUE = 20;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long CHECK_NANOS = 500_000_000L;
    /** When this part of the cap was written, the size is looked at without waiting. */
    private static final double CHECK_PART = 0.05;

    /** Above this part of the cap data leave, until they are back at the lower part. */
    private static final double HIGH = 0.85;

    private static final double LOW = 0.75;
    /** Above this part nothing is waited for. */
    private static final double LAST = 0.95;

    /** Spans that leave in one round: some seconds of work for the engine. */
    static final long ROUND_SPANS = 100_000;

    /** The engine gives room back when no question is being answered; longer than that none runs. */
    private static final long PATIENCE_NANOS = 15_000_000_000L;

    /** After so many rounds that freed too little, events go by age as well. */
    private static final int MAX_PRESSURE = 5;

    /** Events go by age only where they take more than one part in this many of the cap. */
    private static final int EVENTS_SPARED = 10;

    private final long maxBytes;
    private final Database database;
    private final DuckDbAnalysisStore analysis;
    private final IssueBook issues;
    private final TraceMemory memory;
    private final AtomicLong evicted = new AtomicLong();
    private long nextNanos = System.nanoTime() + CHECK_NANOS;
    private long unchecked;
    private boolean evicting;
    private long awaitedBytes = Long.MAX_VALUE;
    private long awaitedNanos;
    private int pressure;
    private long checkpoints;

    Eviction(
            DuckDbOptions options,
            Database database,
            DuckDbAnalysisStore analysis,
            IssueBook issues,
            TraceMemory memory) {
        this.maxBytes = options.maxBytes();
        this.database = database;
        this.analysis = analysis;
        this.issues = issues;
        this.memory = memory;
    }

    /** Rows removed since start, derived ones not counted. */
    long evicted() {
        return evicted.get();
    }

    /**
     * Looks at the size twice a second, and more often when much is written, and evicts when it is too large.
     * @param written bytes written since the last call
     */
    void whenDue(long written) throws SQLException {
        List<String> surplus = issues.surplus();
        if (!surplus.isEmpty()) {
            analysis.exclusively(() -> evictIssues(surplus));
        }
        unchecked += written;
        long start = System.nanoTime();
        if (start - nextNanos < 0 && unchecked < CHECK_PART * maxBytes) {
            return;
        }
        unchecked = 0;
        look();
        long end = System.nanoTime();
        nextNanos = end + Math.max(CHECK_NANOS, end - start);
    }

    private void look() throws SQLException {
        long bytes = Usage.bytes(database.reads());
        if (bytes > HIGH * maxBytes || bytes > awaitedBytes) {
            // much of it may be the write-ahead log and blocks that are free already
            bytes = analysis.exclusively(this::sizeAfterCheckpoint);
        }
        boolean awaiting = bytes > awaitedBytes && bytes < LAST * maxBytes;
        if (awaiting && System.nanoTime() - awaitedNanos < PATIENCE_NANOS) {
            return;
        }
        awaitedBytes = Long.MAX_VALUE;
        evicting = bytes > (evicting ? LOW : HIGH) * maxBytes;
        if (evicting) {
            long size = bytes;
            analysis.exclusively(() -> round(size));
        }
    }

    private boolean round(long bytes) throws SQLException {
        double part = Math.min(0.9, Math.max(0.1, 1 - LOW * maxBytes / bytes));
        long start = System.nanoTime();
        double done = remove(part);
        long left = sizeAfterCheckpoint();
        if (left > bytes - done * bytes / 2) {
            awaitedBytes = Math.round(bytes - done * bytes / 2);
            awaitedNanos = System.nanoTime();
        }
        LOG.debug(
                "{} % of what can leave left in {} ms: from {} to {} bytes",
                Math.round(100 * done), (System.nanoTime() - start) / 1_000_000, bytes, left);
        if (left <= HIGH * maxBytes) {
            pressure = 0;
        } else if (done >= part) {
            pressure++;
        }
        return true;
    }

    /** Removes this part, or as much as a round may; returns the part. */
    private double remove(double wanted) throws SQLException {
        DuckDBConnection connection = database.writes();
        double part;
        Sql.execute(connection, "BEGIN TRANSACTION");
        try {
            long spans = Sql.list(connection, "SELECT count(*) FROM spans", Cells::number)
                    .get(0);
            part = Math.min(wanted, (double) ROUND_SPANS / Math.max(1, spans));
            evictEvents(connection, part);
            evicted.addAndGet(new TraceThinning(connection, analysis.rollups()).remove(spans, part));
            for (String table : List.of(LogTable.NAME, MetricTable.NAME, RetainedTable.NAME)) {
                remove(
                        connection,
                        table,
                        "time_ns <= (SELECT quantile_disc(time_ns, " + part + ") FROM " + table + ")");
            }
            issues.forget(
                    connection,
                    Sql.list(connection, "SELECT issue_id FROM issues ANTI JOIN events USING (issue_id)", Cells::text));
            analysis.removed();
            Sql.execute(connection, "COMMIT");
        } catch (SQLException | RuntimeException e) {
            Sql.execute(connection, "ROLLBACK");
            analysis.rollups().load(connection);
            throw e;
        }
        issues.load(connection);
        memory.thinned(connection);
        return part;
    }

    /** With their events: an event without an issue is found by nobody. */
    private boolean evictIssues(List<String> ids) throws SQLException {
        DuckDBConnection connection = database.writes();
        Sql.execute(connection, "BEGIN TRANSACTION");
        try {
            evicted.addAndGet(
                    Sql.update(connection, "DELETE FROM events WHERE issue_id IN (SELECT unnest(?::VARCHAR[]))", ids));
            issues.forget(connection, ids);
            Sql.execute(connection, "COMMIT");
        } catch (SQLException | RuntimeException e) {
            Sql.execute(connection, "ROLLBACK");
            throw e;
        }
        issues.load(connection);
        LOG.debug("{} issues seen longest ago left with their events", ids.size());
        return true;
    }

    private void evictEvents(DuckDBConnection connection, double part) throws SQLException {
        int keep = Math.max(1, EVENTS_OF_ISSUE >> Math.min(pressure, MAX_PRESSURE));
        remove(
                connection,
                EventTable.NAME,
                "event_id IN (SELECT event_id FROM events QUALIFY"
                        + " row_number() OVER (PARTITION BY issue_id ORDER BY time_ns DESC) > " + keep + ")");
        if (pressure >= MAX_PRESSURE) {
            // where events are a small part, it is not they that fill the store
            remove(
                    connection,
                    EventTable.NAME,
                    "time_ns <= (SELECT quantile_disc(time_ns, " + part + ") FROM events) AND (SELECT"
                            + " sum(strlen(payload)) FROM events) > " + maxBytes / EVENTS_SPARED);
        }
    }

    private void remove(DuckDBConnection connection, String table, String condition) throws SQLException {
        evicted.addAndGet(SmallTables.remove(connection, table, condition));
    }

    /** The room of removed rows comes back when nobody else writes meanwhile and no question is being answered. */
    private long sizeAfterCheckpoint() {
        try {
            Sql.execute(database.writes(), "CHECKPOINT");
            // blocks that it replaced are free after the next one, which is made only if there is something to write
            Sql.update(
                    database.writes(),
                    "INSERT OR REPLACE INTO meta VALUES ('checkpoints', ?)",
                    String.valueOf(++checkpoints));
            Sql.execute(database.writes(), "CHECKPOINT");
        } catch (SQLException e) {
            LOG.debug("no checkpoint now: {}", e.getMessage());
        }
        return Usage.bytes(database.reads());
    }
}
