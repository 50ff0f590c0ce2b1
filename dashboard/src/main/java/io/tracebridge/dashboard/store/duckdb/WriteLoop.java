/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.StoreRecord;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Gathers for {@value #GATHER_MILLIS} ms, writes, tells the listeners. While the engine refuses
 * (a full disk) it keeps the batch and tries again, and the queue pushes back; a record that the engine cannot take is found
 * by halving and given up, counted.
 */
final class WriteLoop implements Runnable {
    static final long CLOSE_MILLIS = 5_000;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long GATHER_MILLIS = 150;
    private static final long IDLE_MILLIS = 500;
    private static final long RETRY_MILLIS = 1_000;

    private final Database database;
    private final RecordQueue queue;
    private final IssueBook issues = new IssueBook();
    private final RunBook runs = new RunBook();
    private final BatchWriter batches;
    private final DuckDbAnalysisStore analysis;
    private final TraceMemory memory;
    private final Eviction eviction;
    private final List<Consumer<StoreChange>> listeners = new CopyOnWriteArrayList<>();
    private final Queue<FutureTask<?>> calls = new ConcurrentLinkedQueue<>();
    private final AtomicLong failed = new AtomicLong();
    private final Thread thread = new Thread(this, "tracebridge-store-writer");
    private volatile boolean giveUp;

    WriteLoop(
            DuckDbOptions options,
            Database database,
            RecordQueue queue,
            DuckDbAnalysisStore analysis,
            TraceMemory memory)
            throws SQLException {
        this.database = database;
        this.queue = queue;
        this.analysis = analysis;
        this.memory = memory;
        this.eviction = new Eviction(options, database, analysis, issues, memory);
        this.batches = new BatchWriter(database.writes(), options.runId(), issues, runs, memory);
        memory.load(database.writes());
        issues.load(database.writes());
        runs.load(database.writes());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (true) {
                List<StoreRecord> batch = queue.take(GATHER_MILLIS, IDLE_MILLIS);
                runCalls();
                if (!batch.isEmpty()) {
                    write(batch);
                    queue.done(batch.size());
                    evict(batch);
                } else if (queue.isClosed()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            queue.close();
            runCalls();
        }
    }

    private void write(List<StoreRecord> batch) throws InterruptedException {
        while (true) {
            try {
                StoreChange change = batches.write(batch);
                queue.failing(false);
                database.protect();
                tell(change);
                tellAnalysis();
                return;
            } catch (SQLException | RuntimeException e) {
                if (!isPassing(e)) {
                    divide(batch, e);
                    return;
                }
                LOG.warn("the store cannot write now, {} records wait: {}", queue.waiting(), firstLine(e));
                queue.failing(true);
                if (giveUp) {
                    failed.addAndGet(batch.size());
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
            }
        }
    }

    private void evict(List<StoreRecord> batch) {
        try {
            eviction.whenDue(batch.stream().mapToLong(RecordSize::of).sum());
        } catch (SQLException | RuntimeException e) {
            LOG.warn("the data could not be made smaller: {}", firstLine(e));
        }
    }

    /** Rows removed to stay under the cap. */
    long evicted() {
        return eviction.evicted();
    }

    private void divide(List<StoreRecord> batch, Exception cause) throws InterruptedException {
        if (batch.size() == 1) {
            failed.incrementAndGet();
            LOG.warn("a {} could not be stored: {}", batch.get(0).getClass().getSimpleName(), firstLine(cause));
            return;
        }
        int half = batch.size() / 2;
        write(batch.subList(0, half));
        write(batch.subList(half, batch.size()));
    }

    /** A full disk or a lack of memory passes; what is left is the fault of a record. */
    private static boolean isPassing(Exception e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("io error")
                || text.contains("no space left")
                || text.contains("out of memory")
                || text.contains("fatal error");
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void tell(StoreChange change) {
        for (Consumer<StoreChange> listener : listeners) {
            try {
                listener.accept(change);
            } catch (RuntimeException e) {
                LOG.debug("a listener of changes failed", e);
            }
        }
    }

    private void tellAnalysis() {
        try {
            analysis.wrote(batches.writtenTraces());
        } catch (RuntimeException e) {
            LOG.debug("the listener of spans failed", e);
        }
    }

    void onChange(Consumer<StoreChange> listener) {
        listeners.add(listener);
    }

    /** Records lost because the engine failed. */
    long failed() {
        return failed.get();
    }

    /** Runs something on the writer's thread between two batches and waits for it. */
    <T> T call(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        calls.add(task);
        if (queue.isClosed()) {
            throw new IllegalStateException("the store is closed");
        }
        queue.wake();
        try {
            return task.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the store could not do it", e);
        }
    }

    private void runCalls() {
        for (FutureTask<?> task = calls.poll(); task != null; task = calls.poll()) {
            task.run();
        }
    }

    /** On the writer's thread. */
    boolean setIssueStatus(String issueId, String status) throws SQLException {
        if (!issues.has(issueId)) {
            return false;
        }
        Sql.update(database.writes(), "UPDATE issues SET status = ? WHERE issue_id = ?", status, issueId);
        issues.load(database.writes());
        return true;
    }

    /** On the writer's thread. */
    void clear() throws SQLException {
        analysis.exclusively(this::deleteAll);
        memory.load(database.writes());
        issues.load(database.writes());
        runs.load(database.writes());
    }

    private boolean deleteAll() throws SQLException {
        Sql.execute(database.writes(), "BEGIN TRANSACTION");
        analysis.rollups().forget(database.writes());
        for (String table : DuckDbAnalysisStore.TABLES) {
            Sql.execute(database.writes(), "DELETE FROM " + table);
        }
        for (String table : new String[] {
            SpanTable.NAME,
            EventTable.NAME,
            LogTable.NAME,
            MetricTable.NAME,
            RetainedTable.NAME,
            "issues",
            "issue_keys",
            "runs"
        }) {
            Sql.execute(database.writes(), "DELETE FROM " + table);
        }
        Sql.execute(database.writes(), "COMMIT");
        Sql.execute(database.writes(), "CHECKPOINT");
        return true;
    }

    /** Waits for the writer to finish what was accepted, {@value #CLOSE_MILLIS} ms at most. */
    void join() {
        try {
            thread.join(CLOSE_MILLIS);
            if (thread.isAlive()) {
                giveUp = true;
                thread.interrupt();
                thread.join(CLOSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
