/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.MetricReader;
import java.util.List;

/** Answers about metrics. */
final class DuckDbMetricReader implements MetricReader {
    private final Sql sql;

    DuckDbMetricReader(Sql sql) {
        this.sql = sql;
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
