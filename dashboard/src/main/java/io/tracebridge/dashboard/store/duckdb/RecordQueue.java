/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.StoreRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The queue between decoders and writer, bounded by bytes. Events may fill all of it, spans and metrics three quarters, logs
 * and retained items half: what is refused first is what is missed least.
 *
 * <p>Thread-safe; offering never waits.
 */
final class RecordQueue implements Intake {
    /** Enough for a writer to work efficiently, small enough for one transaction. */
    private static final long BATCH_BYTES = 8 << 20;

    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<StoreRecord> records = new ArrayDeque<>();
    private long bytes;
    private long offered;
    private long written;
    private boolean hurried;
    private boolean failing;
    private boolean woken;
    private boolean closed;

    RecordQueue(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public Admission offer(List<? extends StoreRecord> batch) {
        long size = 0;
        long room = maxBytes;
        for (StoreRecord record : batch) {
            size += RecordSize.of(record);
            room = Math.min(room, room(record.getClass()));
        }
        lock.lock();
        try {
            if (closed) {
                return Admission.UNAVAILABLE;
            }
            // one batch that is larger than the room is let in when nothing waits: else it could never pass
            if (bytes + size > room && bytes > 0) {
                return failing ? Admission.UNAVAILABLE : Admission.BUSY;
            }
            records.addAll(batch);
            bytes += size;
            offered += batch.size();
            changed.signalAll();
            return Admission.ACCEPTED;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean accepts(Class<? extends StoreRecord> kind) {
        lock.lock();
        try {
            return !closed && bytes < room(kind);
        } finally {
            lock.unlock();
        }
    }

    private long room(Class<? extends StoreRecord> kind) {
        if (kind == EventRecord.class) {
            return maxBytes;
        }
        return kind == LogRecord.class || kind == RetainedItem.class ? maxBytes / 2 : maxBytes / 4 * 3;
    }

    /**
     * Waits for records, then up to {@code gatherMillis} for more, and takes a batch; empty when {@code idleMillis} passed
     * without any or the queue was closed.
     */
    List<StoreRecord> take(long gatherMillis, long idleMillis) throws InterruptedException {
        lock.lock();
        try {
            await(() -> !records.isEmpty() || closed || woken, idleMillis);
            woken = false;
            await(() -> bytes >= BATCH_BYTES || hurried || closed || records.isEmpty(), gatherMillis);
            List<StoreRecord> batch = new ArrayList<>(Math.min(records.size(), 16_384));
            long size = 0;
            while (!records.isEmpty() && size < BATCH_BYTES) {
                StoreRecord record = records.removeFirst();
                size += RecordSize.of(record);
                batch.add(record);
            }
            bytes -= size;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /** Lets a writer that waits for records look around. */
    void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Called by the writer when a batch is on disk or given up. */
    void done(int count) {
        lock.lock();
        try {
            written += count;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the engine refuses writes now: then a full queue is {@link Admission#UNAVAILABLE}. */
    void failing(boolean now) {
        lock.lock();
        try {
            failing = now;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything offered before is done; false when the time was up. */
    boolean flush(long timeoutMillis) {
        lock.lock();
        try {
            long target = offered;
            hurried = true;
            changed.signalAll();
            return await(() -> written >= target, timeoutMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            hurried = false;
            lock.unlock();
        }
    }

    /** Estimated bytes of what waits. */
    long waitingBytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    long waiting() {
        lock.lock();
        try {
            return offered - written;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private interface Met {
        boolean now();
    }

    private boolean await(Met condition, long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        while (!condition.now()) {
            if (left <= 0) {
                return false;
            }
            left = changed.awaitNanos(left);
        }
        return true;
    }
}
