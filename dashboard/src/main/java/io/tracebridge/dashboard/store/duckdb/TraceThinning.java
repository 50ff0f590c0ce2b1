/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.duckdb.AgeStrata.Stratum;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.duckdb.DuckDBConnection;

/**
 * Takes a part of the traces away. The slowest and the last failed traces of each operation, and those of stored events, prove
 * something and stay. Of the ordinary rest {@link AgeStrata} chooses; within what it chooses each trace stays with the same
 * probability, and the weights of those that stay grow by its inverse, so that counts and percentiles stay true. A trace goes
 * with everything derived from it.
 *
 * <p>Within a transaction of the writer, while nothing derived is written.
 */
final class TraceThinning {
    static final int TRACES_OF_OPERATION = 10;

    /** Traces that left or whose weights rose; stays until the next one. */
    static final String CHANGED = "thinned_traces";

    private static final String LEAVES = "trace_id IN (SELECT trace_id FROM " + CHANGED + " WHERE NOT stays)";

    private static final int MIN_STRATA = 32;
    /** About two of the engine's row groups: less is not worth writing anew. */
    private static final long STRATUM_SPANS = 250_000;

    private final DuckDBConnection connection;
    private final Rollups rollups;

    TraceThinning(DuckDBConnection connection, Rollups rollups) {
        this.connection = connection;
        this.rollups = rollups;
    }

    /**
     * Removes about this part of all spans; returns how many.
     * @param spans how many there are
     * @param part 0 to 1
     */
    long remove(long spans, double part) throws SQLException {
        proof();
        ordinary(Math.max(MIN_STRATA, spans / STRATUM_SPANS));
        long ordinary = first("SELECT coalesce(sum(spans), 0)::BIGINT FROM ordinary_traces");
        double surplus = part * spans;
        if (ordinary > surplus) {
            thin(surplus);
        } else {
            all((surplus - ordinary) / Math.max(1, spans - ordinary));
        }
        rollups.forget(connection, minutes());
        // raised first: small tables are written anew when rows leave
        raise(SpanTable.NAME, "stored_weight");
        raise("trace_summaries", "weight");
        raise("span_paths", "weight", "path_weight");
        raise("ai_calls", "weight");
        raise("findings", "weight");
        for (String table : DuckDbAnalysisStore.TABLES) {
            SmallTables.remove(connection, table, LEAVES);
        }
        return SmallTables.remove(connection, SpanTable.NAME, LEAVES);
    }

    private void proof() throws SQLException {
        String ofOperation = ") <= " + TRACES_OF_OPERATION;
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE proof AS SELECT trace_id FROM (SELECT trace_id FROM spans WHERE segment_root"
                        + " QUALIFY row_number() OVER (PARTITION BY service, operation ORDER BY duration_ns DESC"
                        + ofOperation
                        + ") UNION SELECT trace_id FROM (SELECT trace_id FROM spans WHERE status = 'error'"
                        + " QUALIFY row_number() OVER (PARTITION BY service, operation ORDER BY start_ns DESC"
                        + ofOperation
                        + ") UNION SELECT trace_id FROM events WHERE trace_id IS NOT NULL");
    }

    private void ordinary(long strata) throws SQLException {
        Sql.execute(
                connection,
                "CREATE OR REPLACE TEMP TABLE ordinary_traces AS SELECT trace_id, spans, received, ((sum(spans) OVER"
                        + " (ORDER BY start, trace_id) - 1) * " + strata + " // sum(spans) OVER ())::INTEGER AS stratum"
                        + " FROM (SELECT trace_id, min(start_ns) AS start, count(*) AS spans, sum(stored_weight) AS"
                        + " received FROM spans ANTI JOIN proof USING (trace_id) GROUP BY trace_id)");
    }

    private void thin(double surplus) throws SQLException {
        List<Stratum> strata = Sql.list(
                connection,
                "SELECT stratum, sum(spans)::BIGINT, sum(received) FROM ordinary_traces GROUP BY 1 ORDER BY 1",
                cells -> new Stratum(cells.integer(), cells.number(), cells.real()));
        Map<Integer, Integer> parts = AgeStrata.choose(strata, surplus);
        String chosen = parts.entrySet().stream()
                .map(entry -> "(" + entry.getKey() + ", " + entry.getValue() + ")")
                .collect(Collectors.joining(", "));
        // each time another one, in this process and the next: who stayed once for his hash would stay for ever, and
        // stand for more and more
        Random random = ThreadLocalRandom.current();
        long salt = random.nextLong();
        // those of one weight after another, so that what stays stands for as many as before, not just on average
        change("SELECT trace_id, (row_number() OVER (PARTITION BY stratum ORDER BY received / spans, hash(trace_id || '"
                + salt + "')) + " + random.nextInt(1 << 20) + ") % parts = 0 AS stays, parts AS factor FROM"
                + " ordinary_traces JOIN (VALUES " + chosen + ") AS chosen(stratum, parts) USING (stratum)");
    }

    /** Nothing ordinary stays, and of the proof the oldest part leaves too. */
    private void all(double oldest) throws SQLException {
        change(
                "SELECT trace_id, false AS stays, 1 AS factor FROM ordinary_traces UNION ALL SELECT trace_id, false, 1 FROM"
                        + " (SELECT trace_id, min(start_ns) AS start FROM spans SEMI JOIN proof USING (trace_id) GROUP BY trace_id)"
                        + " QUALIFY percent_rank() OVER (ORDER BY start) < "
                        + String.format(Locale.ROOT, "%.9f", oldest));
    }

    private void change(String select) throws SQLException {
        Sql.execute(connection, "CREATE OR REPLACE TEMP TABLE " + CHANGED + " AS " + select);
    }

    private List<Long> minutes() throws SQLException {
        long minute = RollupLevel.MINUTE.micros;
        return Sql.list(
                connection,
                "SELECT DISTINCT start_us // " + minute + " * " + minute + " FROM span_paths SEMI JOIN " + CHANGED
                        + " USING (trace_id)",
                Cells::number);
    }

    private void raise(String table, String... weights) throws SQLException {
        String raised = List.of(weights).stream()
                .map(column -> column + " = " + column + " * factor")
                .collect(Collectors.joining(", "));
        Sql.execute(
                connection,
                "UPDATE " + table + " SET " + raised + " FROM " + CHANGED + " WHERE " + CHANGED + ".trace_id = " + table
                        + ".trace_id AND stays");
    }

    private long first(String query) throws SQLException {
        return Sql.list(connection, query, Cells::number).get(0);
    }
}
