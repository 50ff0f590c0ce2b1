/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.AiQuery;
import io.tracebridge.dashboard.store.AiReader;
import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.Selection;
import java.sql.SQLException;
import java.util.List;

/** Answers about calls to models. */
final class DuckDbAiReader implements AiReader {
    private static final String COLUMNS =
            "trace_id, span_id, operation, start_us, duration_us, kind, provider, request_model,"
                    + " response_model, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, first_token_ms,"
                    + " error, weight, environment, run_id";

    private final Sql sql;
    private final OperationBook book;

    DuckDbAiReader(Sql sql, OperationBook book) {
        this.sql = sql;
        this.book = book;
    }

    @Override
    public List<AiCall> calls(AiQuery query, int limit, int offset) {
        Where where = where(query);
        String order = switch (query.order()) {
            case START -> "start_us";
            case DURATION -> "duration_us";
            case TOKENS -> "coalesce(input_tokens, 0) + coalesce(output_tokens, 0)";
        };
        return sql.list(
                "SELECT " + COLUMNS + " FROM ai_calls WHERE " + where.text() + " ORDER BY " + order
                        + " DESC, trace_id, span_id LIMIT ? OFFSET ?",
                this::call,
                where.parameters(limit, offset));
    }

    @Override
    public List<AiCall> callsOfTraces(List<String> traceIds) {
        return traceIds.isEmpty()
                ? List.of()
                : sql.list(
                        "SELECT " + COLUMNS
                                + " FROM ai_calls WHERE trace_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY start_us LIMIT 20000",
                        this::call,
                        traceIds);
    }

    @Override
    public List<Usage> usage(AiQuery query, int slices) {
        Where where = where(query);
        Selection selection = query.selection();
        String slice = slices == 1 ? "0" : SliceSql.micros("start_us", selection, slices);
        return sql.list(
                "SELECT request_model, response_model, provider, " + slice
                        + " AS slice, count(*), count(*) - count(weight), coalesce(sum(weight), 0),"
                        + " coalesce(sum(weight) FILTER (WHERE input_tokens IS NOT NULL AND (output_tokens IS NOT NULL OR kind = 'embeddings')), 0),"
                        + " coalesce(sum(weight) FILTER (WHERE error), 0), coalesce(sum(weight * input_tokens), 0),"
                        + " coalesce(sum(weight * output_tokens), 0), coalesce(sum(weight * cache_read_tokens), 0),"
                        + " coalesce(sum(weight * cache_write_tokens), 0)"
                        + " FROM ai_calls WHERE " + where.text() + " GROUP BY ALL ORDER BY 7 DESC",
                cells -> new Usage(
                        cells.textOrNull(),
                        cells.textOrNull(),
                        cells.textOrNull(),
                        cells.integer(),
                        cells.number(),
                        cells.number(),
                        cells.real(),
                        cells.real(),
                        cells.real(),
                        cells.real(),
                        cells.real(),
                        cells.real(),
                        cells.real()),
                where.parameters());
    }

    @Override
    public List<Took> durations(AiQuery query, int exact) {
        Where where = where(query);
        Long calls =
                sql.first("SELECT count(*) FROM ai_calls WHERE " + where.text(), Cells::number, where.parameters());
        boolean measured = calls == null || calls <= exact;
        return sql.list(
                "SELECT request_model, response_model, "
                        + (measured ? "duration_us" : SliceSql.bucket("duration_us"))
                        + " AS place, sum(weight) FROM ai_calls WHERE " + where.text()
                        + " AND weight > 0 GROUP BY request_model, response_model, place ORDER BY place",
                cells -> new Took(
                        cells.textOrNull(),
                        cells.textOrNull(),
                        measured ? cells.number() : DurationBucket.micros(cells.integer()),
                        cells.real()),
                where.parameters());
    }

    @Override
    public long[] extent(AiQuery query) {
        Where where = where(query);
        return sql.list(
                        "SELECT coalesce(min(start_us), 0), coalesce(max(start_us), 0) FROM ai_calls WHERE "
                                + where.text(),
                        cells -> new long[] {cells.number(), cells.number()},
                        where.parameters())
                .get(0);
    }

    private Where where(AiQuery query) {
        Where where = SelectionWhere.operations(query.selection(), book);
        if (query.model() != null) {
            where.and("(request_model = ? OR response_model = ?)", query.model(), query.model());
        }
        if (query.error() != null) {
            where.and(query.error() ? "error" : "NOT error");
        }
        return where.equal("provider", query.provider()).equal("kind", query.kind());
    }

    private AiCall call(Cells cells) throws SQLException {
        return new AiCall(
                cells.text(),
                cells.text(),
                book.operation(cells.integer()),
                cells.number(),
                cells.number(),
                cells.text(),
                cells.textOrNull(),
                cells.textOrNull(),
                cells.textOrNull(),
                cells.numberOrNull(),
                cells.numberOrNull(),
                cells.numberOrNull(),
                cells.numberOrNull(),
                cells.numberOrNull(),
                cells.realOrNull(),
                cells.flag(),
                cells.realOrNull(),
                cells.textOrNull(),
                cells.text());
    }
}
