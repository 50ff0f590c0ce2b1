/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.StoreQueryException;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. Gathers for {@value #GATHER_MILLIS} ms, writes, tells the listeners. While the engine refuses
 * (a full disk) it keeps the batch and tries again, and the queue pushes back; a record that the engine cannot take is found
 * by halving and given up, counted.
 */
final class WriteLoop implements Runnable {
    static final long CLOSE_MILLIS = 5_000;
    private static final long CALL_MILLIS = 4_000;
    private static final long RUN_MILLIS = 20_000;
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long GATHER_MILLIS = 150;
    private static final long IDLE_MILLIS = 500;
    private static final long RETRY_MILLIS = 1_000;
    private static final long MAX_PAUSE_MILLIS = 16_000;
    private static final long REMEMBERED_NANOS = 60_000_000_000L;
    /** In the engine's messages, which have no codes. */
    private static final List<String> PASSING = List.of(
            "io error", "could not write", "could not sync", "no space left", "quota", "out of memory", "fatal error");

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
    private final WriteTrouble trouble = new WriteTrouble();
    private boolean broken;
    private long brokenNanos;
    private long reopenPauseMillis = -1;
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
        this.batches = new BatchWriter(database, options.runId(), issues, runs, memory);
        load();
        thread.setDaemon(true);
    }

    private void load() throws SQLException {
        batches.load();
        memory.load(database.writes());
        issues.load(database.writes());
        runs.load(database.writes());
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
                } else {
                    healIdle();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            trouble.ended(e);
        } finally {
            queue.close();
            runCalls();
            countWhatIsLeft();
        }
    }

    private void countWhatIsLeft() {
        long left = queue.waiting();
        if (left > 0) {
            failed.addAndGet(left);
            LOG.warn("{} accepted records could not be written before the end and are lost", left);
        }
    }

    private void write(List<StoreRecord> batch) throws InterruptedException {
        while (true) {
            try {
                StoreChange earlier = broken ? reopen() : null;
                done(earlier == null ? batches.write(batch) : earlier);
                return;
            } catch (SQLException | RuntimeException e) {
                broken = broken || !database.answers();
                if (!broken && !isPassing(e)) {
                    divide(batch, e);
                    return;
                }
                begin(e);
                if (giveUp) {
                    // what is left is counted at the end
                    throw new InterruptedException();
                }
                TimeUnit.MILLISECONDS.sleep(broken ? reopenPauseMillis() : RETRY_MILLIS);
            }
        }
    }

    /** At once the first time; later and later when it breaks again and again, since each opening reads the whole log. */
    private long reopenPauseMillis() {
        long now = System.nanoTime();
        boolean again = reopenPauseMillis >= 0 && now - brokenNanos < REMEMBERED_NANOS;
        reopenPauseMillis = again ? Math.min(Math.max(2 * reopenPauseMillis, RETRY_MILLIS), MAX_PAUSE_MILLIS) : 0;
        brokenNanos = now;
        return reopenPauseMillis;
    }

    private void done(StoreChange change) {
        queue.failing(false);
        trouble.end();
        database.protect();
        tell(change);
        tellAnalysis();
    }

    /** Opens the engine anew; returns what the last batch changed when it turns out to be stored after all. */
    private @Nullable StoreChange reopen() throws SQLException {
        analysis.exclusively(() -> {
            database.reopen();
            analysis.reconnect(database.derivedWrites());
            return true;
        });
        load();
        StoreChange change = batches.committedAfterAll();
        broken = false;
        trouble.reopened();
        return change;
    }

    /** With nothing to write, an engine that others broke would stay so. */
    private void healIdle() {
        if (!broken && database.answers()) {
            return;
        }
        broken = true;
        try {
            reopen();
            queue.failing(false);
            trouble.end();
        } catch (SQLException | RuntimeException e) {
            begin(e);
        }
    }

    private void begin(Exception why) {
        queue.failing(true);
        trouble.begin(firstLine(why));
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
        return PASSING.stream().anyMatch(text::contains);
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

    /** What a person should know about writing. */
    WriteTrouble trouble() {
        return trouble;
    }

    /**
     * Runs something on the writer's thread between two batches and waits for it.
     * @throws StoreQueryException when the writer did not come to it in {@value #CALL_MILLIS} ms, and it will not be done; when it
     *     failed; or when it began and did not end in {@value #RUN_MILLIS} ms more
     */
    <T> T call(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        calls.add(task);
        if (queue.isClosed()) {
            throw new StoreQueryException("the store is closed", null);
        }
        queue.wake();
        try {
            return result(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreQueryException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new StoreQueryException("work for the writer", e);
        }
    }

    private <T> T result(FutureTask<T> task) throws InterruptedException, ExecutionException, TimeoutException {
        try {
            return task.get(CALL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // what was told to have failed must not happen later
            if (calls.remove(task)) {
                throw e;
            }
            return task.get(RUN_MILLIS, TimeUnit.MILLISECONDS);
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
        try {
            Sql.execute(database.writes(), "CHECKPOINT");
        } catch (SQLException e) {
            // the data are gone all the same; their room comes back with a later one
            LOG.debug("no checkpoint after everything was cleared", e);
        }
    }

    private boolean deleteAll() throws SQLException {
        Sql.execute(database.writes(), "BEGIN TRANSACTION");
        try {
            deleteRows();
            Sql.execute(database.writes(), "COMMIT");
        } catch (SQLException | RuntimeException e) {
            Sql.execute(database.writes(), "ROLLBACK");
            analysis.rollups().load(database.writes());
            throw e;
        }
        return true;
    }

    private void deleteRows() throws SQLException {
        analysis.rollups().forget(database.writes());
        analysis.removed();
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
