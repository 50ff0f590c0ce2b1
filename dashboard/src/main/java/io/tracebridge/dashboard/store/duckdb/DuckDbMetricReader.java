/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.MetricReader;
import io.tracebridge.dashboard.store.Selection;
import java.util.List;

/** Answers about metrics. */
final class DuckDbMetricReader implements MetricReader {
    private final Sql sql;

    DuckDbMetricReader(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<Info> metrics(Selection selection, int limit) {
        Where where = SelectionWhere.records(selection, "time_ns", "attributes", "name");
        return sql.list(
                "SELECT name, arg_max(type, time_ns), arg_max(unit, time_ns), arg_max(description, time_ns), bit_or(sources)::INTEGER,"
                        + " string_agg(DISTINCT service, chr(10)), count(DISTINCT service || attributes), min(time_ns), max(time_ns)"
                        + " FROM metric_points WHERE " + where.text() + " GROUP BY name ORDER BY name LIMIT ?",
                cells -> new Info(
                        cells.text(),
                        cells.text(),
                        cells.textOrNull(),
                        cells.textOrNull(),
                        cells.integer(),
                        cells.text(),
                        cells.number(),
                        cells.number(),
                        cells.number()),
                where.parameters(limit));
    }

    @Override
    public List<MetricPoint> series(String name, Selection selection, int limit) {
        Where where = SelectionWhere.records(selection, "time_ns", "attributes", "name")
                .and("name = ?", name);
        return sql.list(
                "SELECT " + MetricTable.COLUMNS + " FROM metric_points WHERE " + where.text()
                        + " ORDER BY service, attributes, run_id, time_ns LIMIT ?",
                MetricTable::read,
                where.parameters(limit));
    }

    @Override
    public List<MetricPoint> points(String name, Filter filter, int limit) {
        Where where = Where.of(filter, "time_ns", "attributes", "name").and("name = ?", name);
        return sql.list(
                "SELECT " + MetricTable.COLUMNS + " FROM metric_points WHERE " + where.text()
                        + " ORDER BY time_ns LIMIT ?",
                MetricTable::read,
                where.parameters(limit));
    }
}
