/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static java.util.Objects.requireNonNull;

import io.tracebridge.metrics.Accounting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps payloads on disk until their destination took them, and sends them. One instance serves all destinations of a
 * running bridge.
 *
 * <p>Thread-safe. Opening makes no file and no thread; the first {@link #outbox} does.
 * @since 0.1
 */
public final class Delivery implements AutoCloseable {
    /** What a sender gets to notice that its request was cut off. */
    private static final long JOIN_MILLIS = 200;

    private final @Nullable Path spoolDir;
    private final Accounting accounting;
    private final InstantSource wallClock;
    private final Bounds bounds;
    private final Pauses pauses;
    private final Writer writer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, SpoolOutbox> outboxes = new LinkedHashMap<>();
    private @Nullable Thread writerThread;
    private @Nullable Thread syncThread;
    private boolean closed;

    Delivery(@Nullable Path spoolDir, Accounting accounting, InstantSource wallClock, Bounds bounds, Pauses pauses) {
        this.spoolDir = spoolDir;
        this.accounting = requireNonNull(accounting, "accounting");
        this.wallClock = requireNonNull(wallClock, "wallClock");
        this.bounds = bounds;
        this.pauses = pauses;
        this.writer = new Writer(bounds.memory());
    }

    /**
     * Delivery over a spool on disk.
     * @param spoolDir null: the per-user state folder; none usable: memory, with one warning
     * @param wallClock for dates in {@code Retry-After} and the names of files only; waiting uses a monotonic clock
     */
    public static Delivery open(@Nullable Path spoolDir, Accounting accounting, InstantSource wallClock) {
        return new Delivery(
                spoolDir == null ? StateFolder.spool() : spoolDir.toAbsolutePath(),
                accounting,
                wallClock,
                Bounds.defaults(),
                Pauses.defaults());
    }

    /**
     * The door of a destination. Asking again for an equal identity gives the first one, and the new transmission is
     * closed.
     * @throws IllegalStateException if closed
     */
    public Outbox outbox(Destination destination) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("delivery is closed");
            }
            SpoolOutbox existing = outboxes.get(destination.identity());
            if (existing != null) {
                destination.transmission().close();
                return existing;
            }
            if (writerThread == null) {
                writerThread = DaemonThreads.start("tracebridge-spool-writer", writer);
                syncThread = DaemonThreads.start("tracebridge-spool-sync", writer::keepSynced);
                if (spoolDir != null) {
                    writer.submit(() -> StaleFolders.remove(spoolDir, wallClock.instant(), accounting), 0);
                }
            }
            SpoolOutbox outbox = open(destination);
            outboxes.put(destination.identity(), outbox);
            return outbox;
        } finally {
            lock.unlock();
        }
    }

    private SpoolOutbox open(Destination destination) {
        Warnings warnings = new Warnings(destination.name());
        Losses losses = new Losses(accounting, destination.lossListener(), warnings);
        Path folder = spoolDir == null ? null : SpoolFolders.of(spoolDir, destination.identity());
        if (folder == null) {
            warnings.warn(
                    Warnings.Kind.DISK,
                    "no folder for the spool (TRACEBRIDGE_SPOOL_DIR); payloads are kept in memory and end with the process");
        }
        Spool spool = new Spool(bounds, new Disk(folder, pauses.diskRetry(), warnings), losses, warnings, wallClock);
        Gate gate =
                new Gate(pauses, wallClock, () -> ThreadLocalRandom.current().nextDouble());
        DeadLetters deadLetters = new DeadLetters(folder, bounds.deadLetters());
        Sender sender = new Sender(destination, spool, gate, deadLetters, losses, warnings, pauses, wallClock);
        writer.watch(spool);
        writer.submit(spool::prepare, 0);
        return new SpoolOutbox(destination, spool, sender, writer, losses);
    }

    /**
     * Waits until everything accepted before this call is on disk and was tried once, at every destination.
     * @param timeout for all destinations together
     * @return false when the time was up
     */
    public boolean flush(Duration timeout) {
        long end = System.nanoTime() + timeout.toNanos();
        boolean flushed = true;
        for (SpoolOutbox outbox : outboxes()) {
            flushed &= outbox.flush(Duration.ofNanos(Math.max(end - System.nanoTime(), 0)));
        }
        return flushed;
    }

    /** What each destination holds and has done, in the order they were opened. */
    public List<DeliveryState> state() {
        return outboxes().stream().map(SpoolOutbox::state).toList();
    }

    /**
     * Sends what it can until the time is up; what is on disk then waits for the next process, what is not is counted
     * as lost. Does not wait for a destination that is failing while its payloads are on disk. Safe twice.
     * @param timeout for all destinations together; kept to within half a second
     */
    public void close(Duration timeout) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            lock.unlock();
        }
        long end = System.nanoTime() + timeout.toNanos();
        List<SpoolOutbox> all = outboxes();
        all.forEach(SpoolOutbox::beginClosing);
        // an interrupted thread closes like any other, only without waiting
        boolean interrupted = Thread.interrupted();
        try {
            drain(all, interrupted ? System.nanoTime() : end);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        interrupted |= stop(all);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain(List<SpoolOutbox> all, long end) throws InterruptedException {
        if (writerThread != null) {
            writer.flush(Math.max(end - System.nanoTime(), 0));
        }
        for (SpoolOutbox outbox : all) {
            outbox.drain(end);
        }
    }

    /** Says whether this thread was interrupted meanwhile. */
    private boolean stop(List<SpoolOutbox> all) {
        boolean interrupted = false;
        writer.stop();
        LockSupport.unpark(syncThread);
        for (SpoolOutbox outbox : all) {
            try {
                outbox.stopSending(JOIN_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        try {
            if (writerThread != null) {
                writerThread.join(JOIN_MILLIS);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        all.forEach(SpoolOutbox::closeSpool);
        return interrupted;
    }

    /** {@link #close(Duration)} with two seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }

    private List<SpoolOutbox> outboxes() {
        lock.lock();
        try {
            return List.copyOf(outboxes.values());
        } finally {
            lock.unlock();
        }
    }
}
