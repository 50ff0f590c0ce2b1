/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Puts what may wait a moment on disk, and every 200 ms lets each spool sync and tidy. The queue before it is bounded
 * by bytes; what does not fit is refused.
 */
final class Writer implements Runnable {
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private record Task(Runnable action, long bytes) {}

    private final long maxBytes;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final List<Spool> spools = new CopyOnWriteArrayList<>();
    private volatile boolean stopped;

    Writer(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void watch(Spool spool) {
        spools.add(spool);
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
                    spools.forEach(Spool::sync);
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
                    spools.forEach(Spool::maintain);
                    tickAt = System.nanoTime() + TICK_NANOS;
                }
            } catch (InterruptedException e) {
                // only stop() ends us
            } catch (RuntimeException | Error e) {
                // not even a lack of memory ends this thread: nothing would reach the disk any more
                LoggerFactory.getLogger("io.tracebridge")
                        .debug("delivery: writing failed: {}", e.getClass().getName());
            }
        }
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
