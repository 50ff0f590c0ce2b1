/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the data under their cap by relevance. What proves something stays longest: the last events of each issue and their
 * traces, the slowest and the last failed traces of each operation. Of the ordinary rest a uniform sample stays, and its
 * weights grow by what left, so that counts and percentiles stay true. Logs, points and retained items go by age. A trace goes
 * with everything derived from it, or stays with it.
 *
 * <p>Used by the writer's thread only.
 */
final class Eviction {
    static final int EVENTS_OF_ISSUE = 20;
    static final int TRACES_OF_OPERATION = 10;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long CHECK_NANOS = 500_000_000L;
    /** When this part of the cap was written, the size is looked at without waiting. */
    private static final double CHECK_PART = 0.05;

    /** Above this part of the cap data leave, until they are back at the lower part. */
    private static final double HIGH = 0.85;

    private static final double LOW = 0.65;
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
    private long checkedNanos = System.nanoTime();
    private long unchecked;
    private int pressure;

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
        if (System.nanoTime() - checkedNanos < CHECK_NANOS && unchecked < CHECK_PART * maxBytes) {
            return;
        }
        unchecked = 0;
        long bytes = Usage.bytes(database.reads());
        if (bytes > HIGH * maxBytes) {
            // much of it may be the write-ahead log and blocks that are free already
            checkpoint();
            bytes = Usage.bytes(database.reads());
        }
        if (bytes > HIGH * maxBytes) {
            analysis.exclusively(this::now);
            checkpoint();
            pressure = Usage.bytes(database.reads()) > HIGH * maxBytes ? pressure + 1 : 0;
        }
        checkedNanos = System.nanoTime();
    }

    private boolean now() throws SQLException {
        long bytes = Usage.bytes(database.reads());
        double part = Math.min(0.9, Math.max(0.1, 1 - LOW * maxBytes / bytes));
        DuckDBConnection connection = database.writes();
        Sql.execute(connection, "BEGIN TRANSACTION");
        try {
            evictEvents(connection, part);
            evictTraces(connection, part);
            for (String table : List.of(LogTable.NAME, MetricTable.NAME, RetainedTable.NAME)) {
                remove(
                        connection,
                        table,
                        "time_ns <= (SELECT quantile_disc(time_ns, " + part + ") FROM " + table + ")");
            }
            issues.forget(
                    connection,
                    Sql.list(connection, "SELECT issue_id FROM issues ANTI JOIN events USING (issue_id)", Cells::text));
            // rows left and weights rose everywhere
            analysis.rollups().forget(connection);
            analysis.removed();
            Sql.execute(connection, "COMMIT");
        } catch (SQLException | RuntimeException e) {
            Sql.execute(connection, "ROLLBACK");
            analysis.rollups().load(connection);
            throw e;
        }
        issues.load(connection);
        memory.removed(connection);
        return true;
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

    private void evictTraces(DuckDBConnection connection, double part) throws SQLException {
        Sql.execute(connection, proof());
        double rest = shareOfRest(connection);
        // in steps of a ten-thousandth, so that the weight is exactly what was kept
        int kept = rest <= part ? 0 : (int) Math.ceil(10_000 * (1 - part / rest));
        // each time another one, in this process and the next: who stayed once for his hash would stay for ever, and
        // stand for more and more
        long salt = ThreadLocalRandom.current().nextLong();
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE victims AS SELECT DISTINCT trace_id FROM spans ANTI JOIN proof USING"
                        + " (trace_id) WHERE hash(trace_id || '" + salt + "') % 10000 >= " + kept);
        if (rest < part) {
            double oldest = (part - rest) / (1 - rest);
            Sql.execute(
                    connection,
                    "INSERT INTO victims SELECT trace_id FROM (SELECT trace_id, min(start_ns) AS start FROM spans SEMI"
                            + " JOIN proof USING (trace_id) GROUP BY trace_id) QUALIFY percent_rank() OVER (ORDER BY"
                            + " start) < " + number(oldest));
        }
        remove(connection, SpanTable.NAME, "trace_id IN (SELECT trace_id FROM victims)");
        for (String table : DuckDbAnalysisStore.TABLES) {
            Sql.execute(connection, "DELETE FROM " + table + " WHERE trace_id IN (SELECT trace_id FROM victims)");
        }
        if (kept > 0 && kept < 10_000) {
            raiseWeights(connection, 10_000.0 / kept);
        }
    }

    private static String proof() {
        String ofOperation = ") <= " + TRACES_OF_OPERATION;
        return "CREATE OR REPLACE TEMP TABLE proof AS SELECT trace_id FROM (SELECT trace_id FROM spans WHERE segment_root"
                + " QUALIFY row_number() OVER (PARTITION BY service, operation ORDER BY duration_ns DESC"
                + ofOperation
                + ") UNION SELECT trace_id FROM (SELECT trace_id FROM spans WHERE status = 'error'"
                + " QUALIFY row_number() OVER (PARTITION BY service, operation ORDER BY start_ns DESC"
                + ofOperation
                + ") UNION SELECT trace_id FROM events WHERE trace_id IS NOT NULL";
    }

    /** Which part of the spans proves nothing. */
    private static double shareOfRest(DuckDBConnection connection) throws SQLException {
        List<Double> shares = Sql.list(
                connection,
                "SELECT coalesce((SELECT count(*) FROM spans ANTI JOIN proof USING (trace_id)) /"
                        + " nullif((SELECT count(*) FROM spans), 0), 1.0)::DOUBLE",
                Cells::real);
        return shares.get(0);
    }

    private static void raiseWeights(DuckDBConnection connection, double factor) throws SQLException {
        String rest = " WHERE trace_id NOT IN (SELECT trace_id FROM proof)";
        String by = " * " + number(factor);
        Sql.execute(connection, "UPDATE spans SET stored_weight = stored_weight" + by + rest);
        Sql.execute(connection, "UPDATE trace_summaries SET weight = weight" + by + rest);
        Sql.execute(
                connection, "UPDATE span_paths SET weight = weight" + by + ", path_weight = path_weight" + by + rest);
        Sql.execute(connection, "UPDATE ai_calls SET weight = weight" + by + rest);
        Sql.execute(connection, "UPDATE findings SET weight = weight" + by + rest);
    }

    private void remove(DuckDBConnection connection, String table, String condition) throws SQLException {
        evicted.addAndGet(Sql.update(connection, "DELETE FROM " + table + " WHERE " + condition));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.9f", value);
    }

    private void checkpoint() {
        try {
            // blocks that the first one replaces are free after the second
            Sql.execute(database.writes(), "CHECKPOINT");
            Sql.execute(database.writes(), "CHECKPOINT");
        } catch (SQLException e) {
            // a reader is in the middle of a question: space is given back the next time
            LOG.debug("no checkpoint now: {}", e.getMessage());
        }
    }
}
