/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Puts what may wait a moment into files at once, and every 200 ms lets each spool tidy. The queue before it is bounded
 * by bytes; what does not fit is refused. Syncing is {@link #keepSynced}, on a thread of its own: a busy disk takes
 * seconds for it, and what waits in the queue would be lost with the process meanwhile.
 */
final class Writer implements Runnable {
    /** What is written to. */
    interface Target {
        /** Waits for the disk. */
        void sync();

        void tidy();
    }

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private record Task(Runnable action, long bytes) {}

    private final long maxBytes;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final List<Target> targets = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    Writer(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void watch(Target target) {
        targets.add(target);
    }

    /**
     * Queues a task.
     * @return false when the queue is full
     */
    boolean submit(Runnable action, long bytes) {
        if (queuedBytes.addAndGet(bytes) > maxBytes) {
            queuedBytes.addAndGet(-bytes);
            return false;
        }
        return queue.add(new Task(action, bytes));
    }

    /**
     * Waits until all that was submitted before is on disk, synced.
     * @return false when the time was up
     */
    boolean flush(long waitNanos) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        queue.add(new Task(
                () -> {
                    targets.forEach(Target::sync);
                    reached.countDown();
                },
                0));
        return reached.await(waitNanos, TimeUnit.NANOSECONDS);
    }

    void stop() {
        stopped = true;
        queue.add(new Task(() -> {}, 0));
    }

    @Override
    public void run() {
        long tickAt = System.nanoTime() + TICK_NANOS;
        while (!stopped || !queue.isEmpty()) {
            try {
                Task task = queue.poll(Math.max(tickAt - System.nanoTime(), 0), TimeUnit.NANOSECONDS);
                perform(task);
                if (System.nanoTime() - tickAt >= 0) {
                    targets.forEach(Target::tidy);
                    tickAt = System.nanoTime() + TICK_NANOS;
                }
            } catch (InterruptedException e) {
                // only stop() ends us
            } catch (RuntimeException | Error e) {
                // not even a lack of memory ends this thread: nothing would reach the disk any more
                failed(e);
            }
        }
    }

    /** Syncs every 200 ms, for as long as the writer goes on. */
    void keepSynced() {
        while (!stopped) {
            LockSupport.parkNanos(this, TICK_NANOS);
            try {
                targets.forEach(Target::sync);
            } catch (RuntimeException | Error e) {
                failed(e);
            }
        }
    }

    private static void failed(Throwable cause) {
        LoggerFactory.getLogger("io.tracebridge")
                .debug("delivery: writing failed: {}", cause.getClass().getName());
    }

    private void perform(@Nullable Task task) {
        if (task != null) {
            try {
                task.action.run();
            } finally {
                queuedBytes.addAndGet(-task.bytes);
            }
        }
    }
}
