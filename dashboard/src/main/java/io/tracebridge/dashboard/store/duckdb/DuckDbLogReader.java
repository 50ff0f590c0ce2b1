/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.LogReader;
import io.tracebridge.dashboard.store.LogRecord;
import java.util.List;

/** Answers about log lines. */
final class DuckDbLogReader implements LogReader {
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
    public List<LogRecord> logsOfTrace(String traceId, int limit) {
        return sql.list(
                "SELECT " + LogTable.COLUMNS + " FROM logs WHERE trace_id = ? ORDER BY time_ns LIMIT ?",
                LogTable::read,
                traceId,
                limit);
    }
}
