/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanStatus;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Reads what analysis needs of spans. A text takes the driver longer than all numbers of a row, and most texts of spans are alike: each
 * combination of them is read once, and the rows only say which it is.
 */
final class FactsSql {
    private static final String ALIKE =
            "service, environment, release, run_id, name, operation, kind, category, status, error_type, kept_because";
    // of 63 bits, since the driver has no unsigned numbers
    private static final String WHICH = "(hash(" + ALIKE + ") >> 1)::BIGINT";
    private static final String OF_TRACES =
            " FROM spans WHERE trace_id IN (SELECT unnest(?::VARCHAR[])) AND start_ns >= ? AND start_ns < ?";

    private FactsSql() {}

    private record Alike(
            String service,
            @Nullable String environment,
            @Nullable String release,
            String runId,
            String name,
            String operation,
            String kind,
            String category,
            SpanStatus status,
            @Nullable String errorType,
            @Nullable String keptBecause) {}

    /** All spans of the traces that started in a time; both queries must see the same data. */
    static List<SpanFacts> read(DuckDBConnection connection, List<String> traceIds, long since, long until)
            throws SQLException {
        Map<Long, Alike> alike = new HashMap<>();
        Sql.list(
                connection,
                "SELECT DISTINCT " + WHICH + ", " + ALIKE + OF_TRACES,
                cells -> alike.put(cells.number(), alike(cells)),
                traceIds,
                since,
                until);
        Map<String, String> ids = new HashMap<>();
        return Sql.list(
                connection,
                "SELECT " + WHICH + ", trace_id, span_id, parent_id, start_ns, duration_ns, weight, stored_weight,"
                        + " CASE WHEN category = 'ai' THEN attributes END, contains(attributes, '\"tracebridge.late\"'),"
                        + " sources = " + Source.SENTRY + " AND contains(attributes, '\"tracebridge.spans_pruned\"')"
                        + OF_TRACES,
                cells -> facts(Objects.requireNonNull(alike.get(cells.number())), cells, ids),
                traceIds,
                since,
                until);
    }

    private static Alike alike(Cells cells) throws SQLException {
        return new Alike(
                cells.text(),
                cells.textOrNull(),
                cells.textOrNull(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                SpanStatus.valueOf(cells.text().toUpperCase(ROOT)),
                cells.textOrNull(),
                cells.textOrNull());
    }

    private static SpanFacts facts(Alike alike, Cells cells, Map<String, String> ids) throws SQLException {
        String traceId = cells.text();
        return new SpanFacts(
                // one string for all spans of a trace
                ids.computeIfAbsent(traceId, id -> id),
                cells.text(),
                cells.textOrNull(),
                alike.service,
                alike.environment,
                alike.release,
                alike.runId,
                alike.name,
                alike.operation,
                alike.kind,
                alike.category,
                cells.number(),
                cells.number(),
                alike.status,
                alike.errorType,
                cells.realOrNull(),
                cells.real(),
                alike.keptBecause,
                cells.textOrNull(),
                cells.flag(),
                cells.flag());
    }
}
