/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The folder of one destination and our session in it, made when first needed and again when somebody removed it.
 * While the disk fails it is left alone for a while.
 */
final class Disk {
    private final @Nullable Path folder;
    private final long retryNanos;
    private final Warnings warnings;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Session session;
    private int segments;
    private volatile boolean failing;
    private volatile long failedAt;

    Disk(@Nullable Path folder, Duration retry, Warnings warnings) {
        this.folder = folder;
        this.retryNanos = retry.toNanos();
        this.warnings = warnings;
    }

    /** Whether an attempt to write makes sense now. */
    boolean worthTrying() {
        return folder != null && (!failing || System.nanoTime() - failedAt >= retryNanos);
    }

    Storage newSegment(Lane lane) throws IOException {
        lock.lock();
        try {
            if (folder == null) {
                throw new IOException("no folder");
            }
            if (session == null || !session.intact()) {
                forget();
                session = Session.create(folder);
            }
            return SegmentFile.create(session.segment(lane.name, segments++));
        } finally {
            lock.unlock();
        }
    }

    void failed(IOException cause) {
        failedAt = System.nanoTime();
        failing = true;
        warnings.warn(
                Warnings.Kind.DISK,
                "the spool cannot be written (" + cause.getClass().getSimpleName()
                        + "); payloads are kept in memory and end with the process");
    }

    void worked() {
        if (failing) {
            failing = false;
            warnings.over(Warnings.Kind.DISK, "the spool can be written again");
        }
    }

    /**
     * Gives up our session when a later process would not find it.
     * @return whether it did
     */
    boolean forgetIfLost() {
        lock.lock();
        try {
            boolean lost = session != null && !session.intact();
            if (lost) {
                forget();
            }
            return lost;
        } finally {
            lock.unlock();
        }
    }

    /** What dead processes left for this destination, oldest first. */
    List<Session> adopt() {
        return folder == null ? List.of() : Session.adoptAll(folder);
    }

    @Nullable
    Path folder() {
        return folder;
    }

    void close() {
        lock.lock();
        try {
            forget();
        } finally {
            lock.unlock();
        }
    }

    private void forget() {
        if (session != null) {
            session.release();
            session = null;
        }
    }
}
