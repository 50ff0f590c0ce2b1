/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.HealthReader;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.StoreFacts;
import java.time.Duration;
import java.util.List;

/** Answers about the store itself. */
final class DuckDbHealthReader implements HealthReader {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final DuckDbOptions options;
    private final Sql sql;
    private final RecordQueue queue;
    private final WriteLoop writer;
    private final LastKnown<Stored> stored;

    private record Stored(
            long bytes,
            long traces,
            long spans,
            long events,
            long logs,
            long points,
            long oldestNanos,
            long newestNanos) {}

    DuckDbHealthReader(DuckDbOptions options, Database database, RecordQueue queue, WriteLoop writer) {
        this.options = options;
        this.sql = database.reads();
        this.queue = queue;
        this.writer = writer;
        this.stored = new LastKnown<>(new Stored(0, 0, 0, 0, 0, 0, 0, 0), this::stored, PATIENCE);
    }

    @Override
    public StoreFacts facts() {
        // what there was is a better answer than none: the engine tells no size while it makes room, half a minute
        // at a large cap, and then the trouble is what the person needs to see
        return facts(stored.get());
    }

    private Stored stored() {
        List<Long> ends = sql.list(
                        "SELECT coalesce(min(start_ns), 0), coalesce(max(start_ns), 0) FROM spans",
                        cells -> List.of(cells.number(), cells.number()))
                .get(0);
        return new Stored(
                Usage.bytes(sql),
                count("trace_summaries"),
                count(SpanTable.NAME),
                count(EventTable.NAME),
                count(LogTable.NAME),
                count(MetricTable.NAME),
                ends.get(0),
                ends.get(1));
    }

    private StoreFacts facts(Stored now) {
        return new StoreFacts(
                "DuckDB",
                options.folder() == null ? null : options.folder().toString(),
                Migrations.NEWEST,
                options.runId(),
                now.bytes,
                options.maxBytes(),
                queue.waiting(),
                queue.waitingBytes(),
                options.queueBytes(),
                now.traces,
                now.spans,
                now.events,
                now.logs,
                now.points,
                writer.evicted(),
                writer.failed(),
                writer.trouble().reopenings(),
                writer.trouble().text(),
                now.oldestNanos,
                now.newestNanos);
    }

    @Override
    public long oldestNanos() {
        Long oldest = sql.first(
                "SELECT coalesce(least((SELECT min(start_ns) FROM spans), (SELECT min(time_ns) FROM events),"
                        + " (SELECT min(time_ns) FROM logs), (SELECT min(time_ns) FROM metric_points)), "
                        + Long.MAX_VALUE + ")",
                Cells::number);
        return oldest == null ? Long.MAX_VALUE : oldest;
    }

    @Override
    public List<String> environments() {
        return sql.list(
                "SELECT environment FROM (SELECT DISTINCT environment FROM trace_summaries UNION SELECT DISTINCT environment"
                        + " FROM events) WHERE environment IS NOT NULL ORDER BY 1 LIMIT 100",
                Cells::text);
    }

    @Override
    public List<RetainedItem> retained(int limit) {
        return sql.list(
                "SELECT " + RetainedTable.COLUMNS + " FROM retained_items ORDER BY time_ns DESC LIMIT ?",
                RetainedTable::read,
                limit);
    }

    @Override
    public List<RunRecord> runs(int limit) {
        return sql.list(
                "SELECT " + RunBook.COLUMNS + " FROM runs ORDER BY last_seen_ns DESC LIMIT ?", RunBook::read, limit);
    }

    private long count(String table) {
        Long count = sql.first("SELECT count(*) FROM " + table, Cells::number);
        return count == null ? 0 : count;
    }
}
