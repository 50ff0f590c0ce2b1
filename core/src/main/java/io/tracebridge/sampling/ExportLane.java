/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exporter with a queue and a thread of its own, so that a slow or hanging one holds up nobody else.
 *
 * <p>Bound: 16 MiB of spans. Victim: the oldest chunk that only the head decision kept, else the oldest. Counted in
 * spans as {@link DropReason#QUEUE_FULL}. The application's threads never come here.
 */
final class ExportLane {
    static final long MAX_BYTES = 16L << 20;

    private static final Logger LOGGER = LoggerFactory.getLogger("io.tracebridge");
    private static final int BATCH_SPANS = 512;
    private static final long BATCH_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long EXPORT_SECONDS = 30;

    private final String name;
    private final SpanExporter exporter;
    private final boolean batches;
    private final Accounting accounting;
    private final AtomicLong exported = new AtomicLong();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // under the lock
    private final ArrayDeque<Chunk> queue = new ArrayDeque<>();
    private final List<CompletableResultCode> flushes = new ArrayList<>();
    private long queuedBytes;
    private int queuedSpans;
    private boolean exporting;
    private boolean stopping;
    private @Nullable Thread thread;
    private boolean failedBefore;

    /** @param head whether only the head decision kept it */
    record Chunk(List<SpanData> spans, long bytes, boolean head) {}

    ExportLane(String name, SpanExporter exporter, boolean batches, Accounting accounting) {
        this.name = name;
        this.exporter = exporter;
        this.batches = batches;
        this.accounting = accounting;
    }

    String name() {
        return name;
    }

    boolean batches() {
        return batches;
    }

    long exported() {
        return exported.get();
    }

    void offer(Chunk chunk, boolean ownThread) {
        lock.lock();
        try {
            if (stopping) {
                accounting.dropped(DropReason.SHUTDOWN, chunk.spans.size());
                return;
            }
            queue.addLast(chunk);
            queuedBytes += chunk.bytes;
            queuedSpans += chunk.spans.size();
            while (queuedBytes > MAX_BYTES && queue.size() > 1) {
                dropVictim();
            }
            if (ownThread && thread == null) {
                thread = new Thread(this::run, "tracebridge-export-" + name);
                thread.setDaemon(true);
                thread.start();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void dropVictim() {
        Chunk victim = null;
        for (Iterator<Chunk> oldestFirst = queue.iterator(); victim == null && oldestFirst.hasNext(); ) {
            Chunk next = oldestFirst.next();
            if (next.head) {
                oldestFirst.remove();
                victim = next;
            }
        }
        if (victim == null) {
            victim = queue.removeFirst();
        }
        forget(victim);
        accounting.dropped(DropReason.QUEUE_FULL, victim.spans.size());
    }

    private void forget(Chunk chunk) {
        queuedBytes -= chunk.bytes;
        queuedSpans -= chunk.spans.size();
    }

    private void run() {
        try {
            work();
        } finally {
            ended();
        }
    }

    /** After a fatal error the next chunk starts another thread. */
    private void ended() {
        lock.lock();
        try {
            thread = null;
            exporting = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        while (true) {
            List<SpanData> batch;
            try {
                batch = await();
            } catch (InterruptedException notOurs) {
                continue; // nobody but us may end this thread
            }
            if (batch == null) {
                return;
            }
            export(batch);
            finished();
        }
    }

    /** The next batch; null when there will be none. */
    private @Nullable List<SpanData> await() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long waited = 0;
            while (true) {
                if (queue.isEmpty()) {
                    completeFlushes();
                    if (stopping) {
                        return null;
                    }
                    changed.await();
                    waited = 0;
                } else if (!batches
                        || stopping
                        || !flushes.isEmpty()
                        || queuedSpans >= BATCH_SPANS
                        || waited >= BATCH_DELAY_NANOS) {
                    return next();
                } else {
                    waited = BATCH_DELAY_NANOS - Math.max(0, changed.awaitNanos(BATCH_DELAY_NANOS - waited));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private List<SpanData> next() {
        exporting = true;
        Chunk first = queue.removeFirst();
        forget(first);
        if (!batches) {
            return first.spans;
        }
        List<SpanData> batch = new ArrayList<>(Math.max(BATCH_SPANS, first.spans.size()));
        batch.addAll(first.spans);
        while (!queue.isEmpty() && batch.size() + queue.getFirst().spans.size() <= BATCH_SPANS) {
            Chunk more = queue.removeFirst();
            forget(more);
            batch.addAll(more.spans);
        }
        return batch;
    }

    private void finished() {
        lock.lock();
        try {
            exporting = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void export(List<SpanData> batch) {
        int size = batches ? BATCH_SPANS : batch.size();
        for (int from = 0; from < batch.size(); from += size) {
            List<SpanData> part = batch.subList(from, Math.min(batch.size(), from + size));
            boolean success = false;
            try {
                success = exporter.export(List.copyOf(part))
                        .join(EXPORT_SECONDS, TimeUnit.SECONDS)
                        .isSuccess();
            } catch (Throwable foreign) {
                Throwables.rethrowIfFatal(foreign);
                failed(foreign);
            }
            if (success) {
                exported.addAndGet(part.size());
            } else {
                accounting.dropped(DropReason.EXPORT_FAILED, part.size());
                failed(null);
            }
        }
    }

    private void failed(@Nullable Throwable cause) {
        if (!failedBefore) {
            failedBefore = true;
            // the message may quote a header: only the type is said
            LOGGER.warn(
                    "Spans could not be exported to {}{}: they are lost there and counted; further failures are logged at debug",
                    name,
                    cause == null ? "" : " (" + cause.getClass().getName() + ")");
        } else {
            LOGGER.debug("Spans could not be exported to {}", name);
        }
    }

    /** Completes when everything offered so far went out, and the exporter flushed. */
    CompletableResultCode flush() {
        CompletableResultCode emptied = new CompletableResultCode();
        lock.lock();
        try {
            if (queue.isEmpty() && !exporting) {
                emptied.succeed();
            } else {
                flushes.add(emptied);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        CompletableResultCode result = new CompletableResultCode();
        emptied.whenComplete(() -> flushExporter(result));
        return result;
    }

    private void flushExporter(CompletableResultCode result) {
        try {
            CompletableResultCode flushed = exporter.flush();
            flushed.whenComplete(() -> {
                if (flushed.isSuccess()) {
                    result.succeed();
                } else {
                    result.fail();
                }
            });
        } catch (Throwable foreign) {
            Throwables.rethrowIfFatal(foreign);
            result.fail();
        }
    }

    private void completeFlushes() {
        List<CompletableResultCode> waiting = List.copyOf(flushes);
        flushes.clear();
        waiting.forEach(CompletableResultCode::succeed);
    }

    /** Exports what is queued on the calling thread, for tests that have no lane threads. */
    void drain() {
        while (true) {
            List<SpanData> batch;
            lock.lock();
            try {
                if (queue.isEmpty()) {
                    completeFlushes();
                    return;
                }
                batch = next();
            } finally {
                lock.unlock();
            }
            export(batch);
            finished();
        }
    }

    /**
     * Empties the queue, then shuts the exporter down: it cancels what is on its way, so it must come last.
     * @return false when the time was up; what is left is counted
     */
    boolean shutdown(long timeoutNanos) {
        long deadline = System.nanoTime() + timeoutNanos;
        boolean emptied = true;
        lock.lock();
        try {
            stopping = true;
            changed.signalAll();
            while (thread != null && (exporting || !queue.isEmpty())) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    emptied = false;
                    break;
                }
                changed.awaitNanos(left);
            }
            if (!queue.isEmpty()) {
                accounting.dropped(DropReason.SHUTDOWN, queuedSpans);
                queue.clear();
                queuedSpans = 0;
                queuedBytes = 0;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            emptied = false;
        } finally {
            lock.unlock();
        }
        return shutdownExporter(deadline) && emptied;
    }

    private boolean shutdownExporter(long deadlineNanos) {
        try {
            long left = Math.max(1, deadlineNanos - System.nanoTime());
            return exporter.shutdown().join(left, TimeUnit.NANOSECONDS).isSuccess();
        } catch (Throwable foreign) {
            Throwables.rethrowIfFatal(foreign);
            return false;
        }
    }
}
