/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.DropReason;
import java.time.Duration;

/** The door over one spool, with the sender behind it. */
final class SpoolOutbox implements Outbox {
    private final Destination destination;
    private final Spool spool;
    private final Sender sender;
    private final Writer writer;
    private final Losses losses;
    private volatile boolean closing;

    SpoolOutbox(Destination destination, Spool spool, Sender sender, Writer writer, Losses losses) {
        this.destination = destination;
        this.spool = spool;
        this.sender = sender;
        this.writer = writer;
        this.losses = losses;
        sender.start();
    }

    @Override
    public boolean offerDurably(Payload payload) {
        try {
            return spool.appendError(payload);
        } catch (RuntimeException e) {
            // never into the application; a bug of ours still shows in the counts
            losses.lost(DropReason.DISK_FAILED, payload);
            return false;
        }
    }

    @Override
    public boolean offer(Payload payload) {
        if (closing) {
            losses.lost(DropReason.SHUTDOWN, payload);
            return false;
        }
        boolean queued = writer.submit(() -> spool.appendOther(payload), payload.body().length);
        if (!queued) {
            losses.lost(DropReason.QUEUE_FULL, payload);
        }
        return queued;
    }

    @Override
    public boolean flush(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            return writer.flush(timeout.toNanos()) && spool.backlog().awaitTried(end - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    DeliveryState state() {
        Backlog.Size size = spool.backlog().size();
        return new DeliveryState(
                destination.name(),
                size.pending(),
                size.bytes(),
                size.inMemory(),
                sender.delivered.get(),
                sender.retries.get(),
                sender.rejected.get());
    }

    /** Takes no more batches; errors are taken until the spool is closed. */
    void beginClosing() {
        closing = true;
    }

    /** Sends until nothing is left, or nothing may be sent now and all of it is on disk, or the time is up. */
    void drain(long endNanos) throws InterruptedException {
        Backlog backlog = spool.backlog();
        while (!backlog.isEmpty() && endNanos - System.nanoTime() > 0) {
            if (backlog.stuck(sender.open()) && !backlog.holdsMemory()) {
                return;
            }
            backlog.awaitChange(endNanos - System.nanoTime());
        }
    }

    void stopSending(long waitMillis) throws InterruptedException {
        sender.stop(waitMillis);
    }

    void closeSpool() {
        spool.close();
    }
}
