/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.AiReader;
import io.tracebridge.dashboard.store.AnalysisStore;
import io.tracebridge.dashboard.store.HealthReader;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.IssueReader;
import io.tracebridge.dashboard.store.LogReader;
import io.tracebridge.dashboard.store.MetricReader;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.StoreOpenException;
import io.tracebridge.dashboard.store.TraceReader;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * The store on DuckDB, in a folder or in memory.
 * @since 0.1
 */
public final class DuckDbStore implements Store {
    private final Database database;
    private final RecordQueue queue;
    private final WriteLoop writer;
    private final TraceReader traces;
    private final IssueReader issues;
    private final OperationReader operations;
    private final LogReader logs;
    private final MetricReader metrics;
    private final HealthReader health;
    private final DuckDbAnalysisStore analysis;
    private final AiReader ai;

    private DuckDbStore(DuckDbOptions options, Database database) throws SQLException {
        this.database = database;
        this.queue = new RecordQueue(options.queueBytes());
        Sql sql = database.reads();
        OperationBook operationBook = new OperationBook();
        TraceMemory memory = new TraceMemory(sql);
        this.analysis = new DuckDbAnalysisStore(sql, database.derivedWrites(), operationBook, memory);
        this.writer = new WriteLoop(options, database, queue, analysis, memory);
        this.ai = new DuckDbAiReader(sql, operationBook);
        this.traces = new DuckDbTraceReader(sql, operationBook);
        this.issues = new DuckDbIssueReader(sql);
        this.operations = new DuckDbOperationReader(sql, operationBook);
        this.logs = new DuckDbLogReader(sql);
        this.metrics = new DuckDbMetricReader(sql);
        this.health = new DuckDbHealthReader(options, database, queue, writer);
        writer.start();
    }

    /**
     * Opens the data, brings it to this version and starts the writer.
     * @throws StoreOpenException when it cannot; the message is for a person
     */
    public static DuckDbStore open(DuckDbOptions options) {
        Database database = Database.open(options);
        try {
            return new DuckDbStore(options, database);
        } catch (SQLException e) {
            database.close();
            throw new StoreOpenException("The data cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Intake intake() {
        return queue;
    }

    @Override
    public TraceReader traces() {
        return traces;
    }

    @Override
    public IssueReader issues() {
        return issues;
    }

    @Override
    public OperationReader operations() {
        return operations;
    }

    @Override
    public LogReader logs() {
        return logs;
    }

    @Override
    public MetricReader metrics() {
        return metrics;
    }

    @Override
    public HealthReader health() {
        return health;
    }

    @Override
    public AiReader ai() {
        return ai;
    }

    @Override
    public AnalysisStore analysis() {
        return analysis;
    }

    @Override
    public boolean setIssueStatus(String issueId, String status) {
        return writer.call(() -> writer.setIssueStatus(issueId, status));
    }

    @Override
    public void clear() {
        writer.call(() -> {
            writer.clear();
            return true;
        });
    }

    @Override
    public void onChange(Consumer<StoreChange> listener) {
        writer.onChange(listener);
    }

    @Override
    public void flush() {
        queue.flush(WriteLoop.CLOSE_MILLIS);
    }

    @Override
    public void close() {
        queue.close();
        writer.join();
        database.close();
    }
}
