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
import io.tracebridge.dashboard.store.StoreQueryException;
import io.tracebridge.dashboard.store.TraceReader;
import java.sql.SQLException;
import java.util.List;
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
    private final RollupLoop rollups;
    private final OperationBook operationBook;
    private final TraceMemory memory;

    private DuckDbStore(DuckDbOptions options, Database database) throws SQLException {
        this.database = database;
        this.queue = new RecordQueue(options.queueBytes());
        Sql sql = database.reads();
        this.operationBook = new OperationBook();
        this.memory = new TraceMemory(sql);
        this.analysis = new DuckDbAnalysisStore(
                sql, database.derivedWrites(), operationBook, memory, new Rollups(System::nanoTime));
        this.writer = new WriteLoop(options, database, queue, analysis, memory);
        this.ai = new DuckDbAiReader(sql, operationBook);
        this.traces = new DuckDbTraceReader(sql, operationBook);
        this.issues = new DuckDbIssueReader(sql);
        this.operations = new DuckDbOperationReader(sql, operationBook, RollupLevel.DAY);
        this.logs = new DuckDbLogReader(sql);
        this.metrics = new DuckDbMetricReader(sql);
        this.health = new DuckDbHealthReader(options, database, queue, writer);
        this.rollups = new RollupLoop(analysis, database::rollupWrites, System::currentTimeMillis);
        writer.start();
    }

    /**
     * Opens the data, brings it to this version and starts the writer.
     * @throws StoreOpenException when it cannot; the message is for a person
     */
    public static DuckDbStore open(DuckDbOptions options) {
        DuckDbStore store = prepare(options);
        store.begin();
        return store;
    }

    /** As {@link #open}, without the work that nobody waits for: a program that starts has other work for its processors. */
    public static DuckDbStore prepare(DuckDbOptions options) {
        Database database = Database.open(options);
        try {
            return new DuckDbStore(options, database);
        } catch (SQLException e) {
            database.close();
            throw new StoreOpenException("The data cannot be read: " + e.getMessage(), e);
        }
    }

    /** Begins what {@link #prepare} left out: the ids of stored traces are read, windows at rest are summed up. Called once. */
    public void begin() {
        memory.begin();
        rollups.start();
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

    /** Sums up now what would be summed up before long, so that a measurement finds it done; returns how many windows. */
    public int rollUp() {
        return rollUp(RollupRules.DEFAULT.withoutWaiting());
    }

    int rollUp(RollupRules rules) {
        try {
            return rollups.step(rules);
        } catch (SQLException e) {
            throw new StoreQueryException("summing up", e);
        }
    }

    /** Thins out now what would be thinned out before long; returns how many points there are fewer. */
    public int thinMetrics(long nowNanos) {
        try {
            return rollups.thin(nowNanos);
        } catch (SQLException e) {
            throw new StoreQueryException("thinning out", e);
        }
    }

    /** What is summed up now. */
    List<RollupCover.Window> rolledUp() {
        return database.reads().snapshot(connection -> Rollups.visible(connection, Long.MIN_VALUE, Long.MAX_VALUE));
    }

    /** Answers from spans alone, to compare. */
    OperationReader operationsOfSpans() {
        return new DuckDbOperationReader(database.reads(), operationBook, null);
    }

    @Override
    public void close() {
        queue.close();
        writer.join();
        rollups.close();
        database.close();
    }
}
