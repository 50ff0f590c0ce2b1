/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoredSpan;
import io.tracebridge.dashboard.store.TraceReader;
import java.util.List;

/** Answers about traces. */
final class DuckDbTraceReader implements TraceReader {
    private final Sql sql;

    DuckDbTraceReader(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<StoredSpan> spans(String traceId, int limit) {
        return sql.list(
                "SELECT " + SpanTable.COLUMNS + " FROM spans WHERE trace_id = ? ORDER BY start_ns, span_id LIMIT ?",
                SpanTable::read,
                traceId,
                limit);
    }
}
