/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** An outbox that sends each payload once, from memory. */
final class MemoryOutbox implements Outbox {
    private final Destination destination;
    private final Accounting accounting;
    private final ThreadPoolExecutor executor;

    MemoryOutbox(Destination destination, Accounting accounting) {
        this.destination = destination;
        this.accounting = accounting;
        this.executor = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(10_000),
                task -> {
                    Thread thread = new Thread(task, "tracebridge-sender-" + destination.name());
                    thread.setDaemon(true);
                    return thread;
                },
                (task, rejecting) -> ((Send) task).lost(DropReason.QUEUE_FULL));
    }

    @Override
    public boolean offerDurably(Payload payload) {
        executor.execute(new Send(payload));
        return true;
    }

    @Override
    public boolean offer(Payload payload) {
        return offerDurably(payload);
    }

    @Override
    public boolean flush(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        while (executor.getActiveCount() > 0 || !executor.getQueue().isEmpty()) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.onSpinWait();
        }
        return true;
    }

    void close(Duration timeout) {
        flush(timeout);
        executor.shutdownNow();
        destination.transmission().close();
    }

    private final class Send implements Runnable {
        private final Payload payload;

        Send(Payload payload) {
            this.payload = payload;
        }

        @Override
        public void run() {
            try {
                if (destination.transmission().send(payload, 1).status() / 100 != 2) {
                    lost(DropReason.REJECTED);
                }
            } catch (IOException | RuntimeException e) {
                lost(DropReason.REJECTED);
            }
        }

        void lost(DropReason reason) {
            accounting.dropped(reason);
            destination.lossListener().lost(reason, payload.category(), payload.quantities());
        }
    }
}
