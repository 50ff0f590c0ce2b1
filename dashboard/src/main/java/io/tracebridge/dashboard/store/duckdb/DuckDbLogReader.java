/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.LogQuery;
import io.tracebridge.dashboard.store.LogReader;
import io.tracebridge.dashboard.store.LogRecord;
import java.util.List;
import java.util.Set;

/** Answers about log lines. */
final class DuckDbLogReader implements LogReader {
    private static final Set<String> FACETS = Set.of("level", "logger", "thread", "service");
    private final Sql sql;

    DuckDbLogReader(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<LogRecord> logs(Filter filter, int limit, int offset) {
        Where where = Where.of(filter, "time_ns", "attributes", "body", "logger");
        return sql.list(
                "SELECT " + LogTable.COLUMNS + " FROM logs WHERE " + where.text()
                        + " ORDER BY time_ns DESC LIMIT ? OFFSET ?",
                LogTable::read,
                where.parameters(limit, offset));
    }

    @Override
    public List<Line> lines(LogQuery query, int limit) {
        Where where = where(query);
        if (query.beforeNanos() != Long.MAX_VALUE) {
            where.and("(time_ns, rowid) < (?, ?)", query.beforeNanos(), query.beforeRow());
        }
        return sql.list(
                "SELECT rowid, " + LogTable.COLUMNS + " FROM logs WHERE " + where.text()
                        + " ORDER BY time_ns DESC, rowid DESC LIMIT ?",
                cells -> new Line(cells.number(), LogTable.read(cells)),
                where.parameters(limit));
    }

    @Override
    public List<Facet> facet(LogQuery query, String column, int limit) {
        if (!FACETS.contains(column)) {
            throw new IllegalArgumentException("no facet " + column);
        }
        Where where = where(query).and(column + " IS NOT NULL");
        return sql.list(
                "SELECT " + column + ", count(*) AS n FROM logs WHERE " + where.text()
                        + " GROUP BY 1 ORDER BY n DESC, 1 LIMIT ?",
                cells -> new Facet(cells.text(), cells.number()),
                where.parameters(limit));
    }

    @Override
    public List<Slice> slices(LogQuery query, int slices) {
        Where where = where(query);
        return sql.list(
                "SELECT " + SliceSql.nanos("time_ns", query.selection(), slices)
                        + " AS slice, level, count(*) FROM logs WHERE " + where.text() + " GROUP BY ALL ORDER BY 1, 2",
                cells -> new Slice(cells.integer(), cells.text(), cells.number()),
                where.parameters());
    }

    @Override
    public long[] extent(LogQuery query) {
        Where where = where(query);
        return sql.list(
                        "SELECT coalesce(min(time_ns), 0), coalesce(max(time_ns), 0) FROM logs WHERE " + where.text(),
                        cells -> new long[] {cells.number(), cells.number()},
                        where.parameters())
                .get(0);
    }

    private static Where where(LogQuery query) {
        Where where = SelectionWhere.records(query.selection(), "time_ns", "attributes", "body", "logger");
        if (query.minSeverity() > 0) {
            where.and("severity >= ?", query.minSeverity());
        }
        return where.equal("logger", query.logger())
                .equal("trace_id", query.traceId())
                .equal("span_id", query.spanId())
                .equal("thread", query.thread());
    }

    @Override
    public List<LogRecord> logsOfTrace(String traceId, int limit) {
        return sql.list(
                "SELECT " + LogTable.COLUMNS + " FROM logs WHERE trace_id = ? ORDER BY time_ns LIMIT ?",
                LogTable::read,
                traceId,
                limit);
    }
}
