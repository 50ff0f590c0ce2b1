/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.AnalysisStore;
import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanPath;
import io.tracebridge.dashboard.store.StoreQueryException;
import io.tracebridge.dashboard.store.TraceAnalysis;
import io.tracebridge.dashboard.store.TraceFinding;
import io.tracebridge.dashboard.store.TraceSummary;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** Derived tables: written on a connection of its own, so that the writer of what arrives never waits for analysis. */
final class DuckDbAnalysisStore implements AnalysisStore {
    /** Emptied and evicted together with the spans of a trace. */
    static final List<String> TABLES = List.of("trace_summaries", "span_paths", "ai_calls", "findings");

    private final Sql sql;
    private DuckDBConnection connection;
    private final OperationBook operations;
    private final TraceMemory memory;
    private final Rollups rollups;
    private long removals;
    private volatile @Nullable Consumer<Map<String, Long>> listener;

    /**
     * Loads the operations.
     * @param connection for this store alone; closed by who opened it
     * @param rollups guarded by the lock of this store
     */
    DuckDbAnalysisStore(
            Sql sql, DuckDBConnection connection, OperationBook operations, TraceMemory memory, Rollups rollups)
            throws SQLException {
        this.sql = sql;
        this.connection = connection;
        this.operations = operations;
        this.memory = memory;
        this.rollups = rollups;
        operations.load(connection);
        rollups.load(connection);
    }

    /** Goes on with a database that was opened anew; within {@link #exclusively}. */
    synchronized void reconnect(DuckDBConnection fresh) throws SQLException {
        connection = fresh;
        operations.load(fresh);
        rollups.load(fresh);
        removed();
    }

    /** Traces were removed; within {@link #exclusively}. */
    synchronized void removed() {
        removals++;
    }

    @Override
    public synchronized long removals() {
        return removals;
    }

    @Override
    public void onSpans(Consumer<Map<String, Long>> listener) {
        this.listener = listener;
    }

    /** Passes on what was written. */
    void wrote(Map<String, Long> earliestByTrace) {
        Consumer<Map<String, Long>> current = listener;
        if (current != null && !earliestByTrace.isEmpty()) {
            current.accept(earliestByTrace);
        }
    }

    @Override
    public List<SpanFacts> spans(Collection<String> traceIds, long sinceNanos, long untilNanos) {
        List<SpanFacts> spans = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String id : traceIds) {
            List<SpanFacts> remembered = memory.spans(id);
            if (remembered == null) {
                others.add(id);
            } else {
                spans.addAll(remembered);
            }
        }
        if (!others.isEmpty()) {
            spans.addAll(sql.snapshot(connection -> FactsSql.read(connection, others, sinceNanos, untilNanos)));
        }
        return spans;
    }

    @Override
    public List<String> unanalysed(int limit) {
        return sql.list(
                "SELECT s.trace_id FROM (SELECT trace_id, count(*) AS n FROM spans GROUP BY trace_id) s"
                        + " LEFT JOIN trace_summaries t ON t.trace_id = s.trace_id WHERE t.spans IS NULL OR t.spans <> s.n LIMIT ?",
                Cells::text,
                limit);
    }

    @Override
    public synchronized boolean replace(List<TraceAnalysis> analyses, long removals) {
        if (removals != this.removals) {
            return false;
        }
        try {
            Sql.execute(connection, "BEGIN TRANSACTION");
            try {
                Set<Long> minutes = new HashSet<>(remove(analyses));
                append(analyses);
                analyses.forEach(analysis ->
                        analysis.paths().forEach(path -> minutes.add(RollupLevel.MINUTE.start(path.startMicros()))));
                rollups.touch(connection, minutes);
                int known = operations.save(connection);
                Sql.execute(connection, "COMMIT");
                operations.adopt(known);
                return true;
            } catch (SQLException | RuntimeException e) {
                rollback(e);
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreQueryException("write of derived tables", e);
        }
    }

    /** Work on the database. */
    interface Work<T> {
        T run() throws SQLException;
    }

    /** Runs the work while nothing derived is being written, so that no row of a removed trace comes after its removal. */
    synchronized <T> T exclusively(Work<T> work) throws SQLException {
        return work.run();
    }

    /** To be used within {@link #exclusively} only. */
    Rollups rollups() {
        return rollups;
    }

    private void rollback(Exception cause) {
        try {
            Sql.execute(connection, "ROLLBACK");
            rollups.load(connection);
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    /** Returns the minutes in which spans were removed. */
    private List<Long> remove(List<TraceAnalysis> analyses) throws SQLException {
        List<String> ids =
                analyses.stream().map(analysis -> analysis.summary().traceId()).toList();
        // most traces are written once: look in the small table before searching the large ones
        List<String> known = Sql.list(
                connection,
                "SELECT trace_id FROM trace_summaries WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))",
                Cells::text,
                ids);
        if (known.isEmpty()) {
            return List.of();
        }
        List<Long> minutes = new ArrayList<>();
        for (String table : TABLES) {
            String removal = "DELETE FROM " + table + " WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))";
            if (table.equals("span_paths")) {
                minutes.addAll(Sql.list(
                        connection,
                        removal + " RETURNING start_us",
                        cells -> RollupLevel.MINUTE.start(cells.number()),
                        known));
            } else {
                Sql.update(connection, removal, known);
            }
        }
        return minutes;
    }

    private void append(List<TraceAnalysis> analyses) throws SQLException {
        try (DuckDBAppender summaries = connection.createAppender("main", "trace_summaries");
                DuckDBAppender paths = connection.createAppender("main", "span_paths");
                DuckDBAppender calls = connection.createAppender("main", "ai_calls");
                DuckDBAppender findings = connection.createAppender("main", "findings")) {
            for (TraceAnalysis analysis : analyses) {
                TraceSummary summary = analysis.summary();
                append(summaries, summary);
                for (SpanPath path : analysis.paths()) {
                    append(paths, summary.traceId(), path);
                }
                for (AiCall call : analysis.calls()) {
                    append(calls, call);
                }
                for (TraceFinding finding : analysis.findings()) {
                    append(findings, summary, finding);
                }
            }
        }
    }

    private void append(DuckDBAppender appender, TraceSummary summary) throws SQLException {
        Row.begin(appender)
                .text(summary.traceId())
                .number(summary.startMicros())
                .number(summary.durationMicros())
                .number(summary.waitMicros())
                .integer(operations.id(summary.root()))
                .text(summary.services().stream().collect(Collectors.joining("\n", "\n", "\n")))
                .text(summary.operations().stream()
                        .map(operation -> String.valueOf(operations.id(operation)))
                        .collect(Collectors.joining(",", ",", ",")))
                .text(summary.environment())
                .text(summary.release())
                .text(summary.runId())
                .integer(summary.spans())
                .integer(summary.errorSpans())
                .text(summary.status().name().toLowerCase(ROOT))
                .real(summary.weight())
                .text(summary.keptBecause())
                .integer(summary.chips())
                .end();
    }

    private void append(DuckDBAppender appender, String traceId, SpanPath path) throws SQLException {
        Row.begin(appender)
                .text(traceId)
                .integer(operations.id(path.root()))
                .integer(operations.id(path.operation()))
                .number(path.startMicros())
                .number(path.durationMicros())
                .integer(DurationBucket.of(path.durationMicros()))
                .number(path.selfMicros())
                .number(path.criticalMicros())
                .real(path.weight())
                .real(path.pathWeight())
                .flag(path.error())
                .flag(path.top())
                .text(path.environment())
                .text(path.runId())
                .end();
    }

    private void append(DuckDBAppender appender, AiCall call) throws SQLException {
        Row.begin(appender)
                .text(call.traceId())
                .text(call.spanId())
                .integer(operations.id(call.operation()))
                .number(call.startMicros())
                .number(call.durationMicros())
                .text(call.kind())
                .text(call.provider())
                .text(call.requestModel())
                .text(call.responseModel())
                .count(call.inputTokens())
                .count(call.outputTokens())
                .count(call.cacheReadTokens())
                .count(call.cacheWriteTokens())
                .count(call.reasoningTokens())
                .real(call.firstTokenMillis())
                .flag(call.error())
                .real(call.weight())
                .text(call.environment())
                .text(call.runId())
                .end();
    }

    private void append(DuckDBAppender appender, TraceSummary trace, TraceFinding finding) throws SQLException {
        Double weight = trace.weight();
        Row.begin(appender)
                .text(trace.traceId())
                .text(finding.type())
                .integer(operations.id(finding.operation()))
                .integer(operations.id(finding.parent()))
                .text(finding.detail())
                .number(finding.startMicros())
                .number(finding.totalMicros())
                .number(finding.wasteMicros())
                .integer(finding.calls())
                .text(finding.parentSpanId())
                .text(String.join(",", finding.spanIds()))
                .real(weight == null ? (Double) 0.0 : weight)
                .text(trace.environment())
                .text(trace.runId())
                .end();
    }

    OperationRef operation(int id) {
        return operations.operation(id);
    }
}
