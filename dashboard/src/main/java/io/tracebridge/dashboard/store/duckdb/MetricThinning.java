/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/**
 * Makes old points of metrics fewer: after ten minutes one for ten seconds of each series, after three hours one for a minute. Increases stay
 * what they were: of cumulative points the last of each slot stays, with the ones around a reset; increments of a slot become their sum,
 * and histograms of increments with the same bounds one with the sums of their buckets. Of a gauge the last, the least and the greatest stay.
 * Exponential histograms of increments and single measured values stay as they are: they leave by age only.
 *
 * <p>How far it came is in the data, so that a restart goes on from there. Points that arrive for a time it has passed stay too. Not
 * thread-safe; each part of an hour is a transaction that runs while nothing is evicted.
 */
final class MetricThinning {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final int MAX_PARTS = 48;
    private static final String SERIES = "name, type, service, environment, release, run_id, attributes";
    private static final String CUMULATIVE = "NOT delta AND type <> 'distribution'";
    private static final String HISTOGRAMS = "delta AND type = 'histogram'";
    /** What a sender says that it counted may be anything. */
    private static final String SUM = "greatest(least(sum(%s), 9223372036854775807), -9223372036854775807)::BIGINT";

    private static final String INCREMENTS = "delta AND type IN ('counter', 'sum')";

    private final DuckDbAnalysisStore analysis;
    private final DuckDBConnection connection;

    /** One coarseness: points at least so old are one for each slot. */
    private record Stage(String key, long ageNanos, long slotNanos) {}

    private static final List<Stage> STAGES = List.of(
            new Stage("metrics_thinned_10s", 600 * SECOND, 10 * SECOND),
            new Stage("metrics_thinned_60s", 3 * HOUR, 60 * SECOND));

    /**
     * Does nothing yet.
     * @param connection not used by others meanwhile
     */
    MetricThinning(DuckDbAnalysisStore analysis, DuckDBConnection connection) {
        this.analysis = analysis;
        this.connection = connection;
    }

    /**
     * Goes on to where points are old enough now; returns how many rows there are fewer.
     * @param nowNanos Unix time
     */
    int step(long nowNanos) throws SQLException {
        int fewer = 0;
        for (Stage stage : STAGES) {
            // whole minutes, so that no slot is cut in two
            long until = Math.floorDiv(nowNanos - stage.ageNanos, 60 * SECOND) * 60 * SECOND;
            for (int part = 0; part < MAX_PARTS; part++) {
                int removed = analysis.exclusively(() -> part(stage, until));
                if (removed < 0) {
                    break;
                }
                fewer += removed;
            }
        }
        return fewer;
    }

    /** Returns how many rows there are fewer; -1 when there is nothing to do. */
    private int part(Stage stage, long until) throws SQLException {
        List<Long> reached =
                Sql.list(connection, "SELECT value::BIGINT FROM meta WHERE key = ?", Cells::number, stage.key);
        // from the next point on: there may be nothing for years
        long from = Sql.list(
                        connection,
                        "SELECT coalesce(min(time_ns), ?) FROM metric_points WHERE time_ns >= ?",
                        Cells::number,
                        until,
                        reached.isEmpty() ? Long.MIN_VALUE : reached.get(0))
                .get(0);
        from = Math.floorDiv(from, 60 * SECOND) * 60 * SECOND;
        if (from >= until) {
            return -1;
        }
        long to = Math.min(until, from + HOUR);
        Sql.execute(connection, "BEGIN TRANSACTION");
        try {
            int removed = keepLast(stage, from, to) + sumUp(stage, from, to) + merge(stage, from, to);
            Sql.update(connection, "DELETE FROM meta WHERE key = ?", stage.key);
            Sql.update(connection, "INSERT INTO meta VALUES (?, ?)", stage.key, String.valueOf(to));
            Sql.execute(connection, "COMMIT");
            return removed;
        } catch (SQLException | RuntimeException e) {
            Sql.execute(connection, "ROLLBACK");
            throw e;
        }
    }

    private int keepLast(Stage stage, long from, long to) throws SQLException {
        String slot = "time_ns // " + stage.slotNanos;
        String last = "coalesce(lead(" + slot + ") OVER series <> " + slot + ", TRUE)";
        String first = "lag(time_ns) OVER series IS NULL";
        String beforeReset = "type NOT IN ('gauge', 'sum') AND (coalesce(lead(value) OVER series < value, FALSE) OR"
                + " coalesce(lead(count) OVER series < count, FALSE) OR coalesce(lead(start_ns) OVER series <> start_ns, FALSE))";
        String extreme = "type IN ('gauge', 'sum') AND (row_number() OVER (slot ORDER BY value, time_ns) = 1"
                + " OR row_number() OVER (slot ORDER BY value DESC, time_ns) = 1)";
        return Sql.update(
                connection,
                "DELETE FROM metric_points WHERE rowid IN (SELECT id FROM (SELECT rowid AS id, " + last + " OR " + first
                        + " OR (" + beforeReset + ") OR (" + extreme + ") AS stays FROM metric_points WHERE "
                        + CUMULATIVE
                        + " AND time_ns >= ? AND time_ns < ? WINDOW series AS (PARTITION BY " + SERIES
                        + " ORDER BY time_ns, rowid), slot AS (PARTITION BY " + SERIES + ", " + slot
                        + ")) WHERE NOT stays)",
                from,
                to);
    }

    private int sumUp(Stage stage, long from, long to) throws SQLException {
        String slot = "time_ns // " + stage.slotNanos;
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE crowded AS SELECT rowid AS id FROM metric_points WHERE " + INCREMENTS
                        + " AND time_ns >= " + from + " AND time_ns < " + to
                        + " QUALIFY count(*) OVER (PARTITION BY " + SERIES + ", " + slot + ") > 1");
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE thinned AS SELECT " + one(stage, "NULL::VARCHAR") + " FROM metric_points"
                        + " WHERE rowid IN (SELECT id FROM crowded) GROUP BY " + SERIES + ", " + slot);
        return replace();
    }

    /** Histograms with other bounds stay apart: they cannot be added. */
    private int merge(Stage stage, long from, long to) throws SQLException {
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE crowded AS SELECT id, dense_rank() OVER (ORDER BY " + SERIES
                        + ", slot, bounds)"
                        + " AS part, bounds, counts FROM (SELECT rowid AS id, " + SERIES + ", time_ns // "
                        + stage.slotNanos
                        + " AS slot, json_extract(buckets, '$.bounds')::VARCHAR AS bounds,"
                        + " json_extract(buckets, '$.counts')::BIGINT[] AS counts FROM metric_points WHERE "
                        + HISTOGRAMS
                        + " AND time_ns >= " + from + " AND time_ns < " + to + ") QUALIFY count(*) OVER (PARTITION BY "
                        + SERIES + ", slot, bounds) > 1");
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE sums AS SELECT part, list(total ORDER BY place) AS counts FROM (SELECT part, place, "
                        + SUM.formatted("one")
                        + " AS total FROM (SELECT part, unnest(counts) AS one, generate_subscripts(counts, 1) AS place FROM"
                        + " crowded) GROUP BY part, place) GROUP BY part");
        String buckets =
                "'{\"bounds\":' || max(crowded.bounds) || ',\"counts\":' || to_json(max(sums.counts))::VARCHAR || '}'";
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE thinned AS SELECT " + one(stage, buckets)
                        + " FROM metric_points JOIN crowded ON"
                        + " metric_points.rowid = crowded.id LEFT JOIN sums USING (part) GROUP BY part, " + SERIES
                        + ", time_ns // " + stage.slotNanos);
        return replace();
    }

    /** The columns of the one point that a slot's increments become. */
    private static String one(Stage stage, String buckets) {
        // what was counted in the slot is counted from its start on, not from before it
        return "name, type, max(time_ns) AS time_ns, service, environment, release, run_id,"
                + " greatest(min(CASE WHEN start_ns > 0 THEN start_ns ELSE time_ns END), time_ns // " + stage.slotNanos
                + " * " + stage.slotNanos + ") AS start_ns, max(unit) AS unit, max(description) AS description,"
                + " TRUE AS delta, sum(value) AS value, " + SUM.formatted("count") + " AS count, min(min) AS min,"
                + " max(max) AS max, " + buckets + " AS buckets, attributes, NULL::VARCHAR AS exemplars,"
                + " NULL::VARCHAR AS trace_id, NULL::VARCHAR AS span_id, bit_or(sources) AS sources";
    }

    private int replace() throws SQLException {
        int removed = Sql.update(connection, "DELETE FROM metric_points WHERE rowid IN (SELECT id FROM crowded)");
        return removed
                - Sql.update(connection, "INSERT INTO metric_points SELECT " + MetricTable.COLUMNS + " FROM thinned");
    }
}
