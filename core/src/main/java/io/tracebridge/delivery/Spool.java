/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.delivery.Backlog.Evicted;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue on disk that keeps payloads until they are delivered. When full it drops, file by file, the oldest
 * transactions and batches, then the oldest errors, and counts {@link DropReason#SPOOL_FULL}. Survives the end of the
 * process; the end of the machine may take the last 200 ms. While the disk cannot be used it keeps payloads in memory,
 * within a smaller bound, and moves them to disk as soon as it can.
 *
 * <p>Thread-safe. An append is one write to the page cache; no sync, never the network.
 */
final class Spool implements Writer.Target {
    private final Bounds bounds;
    private final Backlog backlog;
    private final Disk disk;
    private final Losses losses;
    private final Warnings warnings;
    private final InstantSource wallClock;
    private final Writing errors;
    private final Writing others;
    private final Map<Session, Integer> adopted = new HashMap<>();
    private volatile boolean closed;

    Spool(Bounds bounds, Disk disk, Losses losses, Warnings warnings, InstantSource wallClock) {
        this.bounds = bounds;
        this.disk = disk;
        this.losses = losses;
        this.warnings = warnings;
        this.wallClock = wallClock;
        this.backlog = new Backlog(bounds);
        this.errors = new Writing(backlog.errors);
        this.others = new Writing(backlog.others);
    }

    /** Makes folder and first file, so that the first error does not, and a useless disk is known at the start. */
    void prepare() {
        locked(errors, writing -> {
            if (closed || writing.active != null || !disk.worthTrying()) {
                return;
            }
            try {
                open(writing);
            } catch (IOException e) {
                disk.failed(e);
            }
        });
    }

    Backlog backlog() {
        return backlog;
    }

    boolean appendError(Payload payload) {
        return append(errors, payload);
    }

    boolean appendOther(Payload payload) {
        return append(others, payload);
    }

    private boolean append(Writing writing, Payload payload) {
        byte[] record;
        try {
            record = RecordFormat.encode(payload, wallClock.millis());
        } catch (RuntimeException e) {
            losses.lost(DropReason.ENCODING_FAILED, payload);
            return false;
        }
        if (record.length > bounds.largestRecord()) {
            losses.lost(DropReason.TOO_LARGE, payload);
            return false;
        }
        DropReason refused =
                place(writing, record, (segment, offset) -> backlog.add(segment, offset, record.length, payload));
        if (refused != null) {
            losses.lost(refused, payload);
        }
        return refused == null;
    }

    private interface Placed {
        void at(Segment segment, int offset);
    }

    /**
     * Puts a record on disk, else in memory.
     * @return why it found no place, null when it did
     */
    private @Nullable DropReason place(Writing writing, byte[] record, Placed placed) {
        List<Evicted> evictions = new ArrayList<>(1);
        writing.lock.lock();
        try {
            if (closed) {
                return DropReason.SHUTDOWN;
            }
            if (disk.worthTrying()) {
                Evicted evicted = backlog.makeRoom(writing.lane, record.length, true);
                evictions.add(evicted);
                if (!evicted.madeRoom()) {
                    return DropReason.SPOOL_FULL;
                }
                if (placeOnDisk(writing, record, placed)) {
                    return null;
                }
            }
            Evicted evicted = backlog.makeRoom(writing.lane, record.length, false);
            evictions.add(evicted);
            if (!evicted.madeRoom()) {
                return DropReason.SPOOL_FULL;
            }
            placeInMemory(writing, record, placed);
            return null;
        } finally {
            writing.lock.unlock();
            evictions.forEach(this::finish);
        }
    }

    private boolean placeOnDisk(Writing writing, byte[] record, Placed placed) {
        try {
            Segment segment = writing.active;
            int offset;
            if (segment != null && segment.bytes > 0 && segment.bytes + record.length > bounds.segment()) {
                seal(writing);
                segment = null;
            }
            try {
                segment = segment == null ? open(writing) : segment;
                offset = segment.storage.append(record);
            } catch (IOException e) {
                // the file may have met a limit of its own, or its folder may be gone: once more with a new one
                seal(writing);
                segment = open(writing);
                offset = segment.storage.append(record);
            }
            disk.worked();
            placed.at(segment, offset);
            return true;
        } catch (IOException e) {
            seal(writing);
            disk.failed(e);
            return false;
        }
    }

    private void placeInMemory(Writing writing, byte[] record, Placed placed) {
        SegmentMemory storage = new SegmentMemory();
        Segment segment = new Segment(storage, writing.lane, null);
        segment.sealed = true;
        backlog.open(segment);
        placed.at(segment, storage.append(record));
    }

    private Segment open(Writing writing) throws IOException {
        Segment segment = new Segment(disk.newSegment(writing.lane), writing.lane, null);
        writing.active = segment;
        backlog.open(segment);
        return segment;
    }

    private void seal(Writing writing) {
        Segment segment = writing.active;
        if (segment != null) {
            writing.active = null;
            segment.storage.seal();
            discard(backlog.seal(segment));
        }
    }

    private void finish(Evicted evicted) {
        evicted.spent().forEach(this::discard);
        if (!evicted.victims().isEmpty()) {
            warnings.warn(Warnings.Kind.SPOOL_FULL, "the spool is full; the oldest payloads are dropped");
            evicted.victims().forEach(entry -> losses.lost(DropReason.SPOOL_FULL, entry));
        }
    }

    private void discard(@Nullable Segment segment) {
        if (segment == null) {
            return;
        }
        segment.storage.delete();
        if (segment.adoptedFrom != null) {
            synchronized (adopted) {
                if (adopted.merge(segment.adoptedFrom, -1, Integer::sum) == 0) {
                    adopted.remove(segment.adoptedFrom);
                    segment.adoptedFrom.release();
                }
            }
        }
    }

    /**
     * The payload of an entry.
     * @throws IOException when it is damaged, or its file is gone
     */
    Payload read(Entry entry) throws IOException {
        return RecordFormat.decode(entry.segment.storage.read(entry.offset, entry.length));
    }

    /** The entry was delivered or given up: it is never sent again. */
    void end(Entry entry) {
        mark(entry, RecordFormat.DONE);
        discard(backlog.end(entry));
    }

    /**
     * The entry is to be sent again.
     * @param last after all others of its category
     */
    void putBack(Entry entry, boolean last) {
        mark(entry, entry.attempts);
        if (!backlog.putBack(entry, last)) {
            losses.lost(DropReason.SHUTDOWN, entry); // closing did not find it among those that wait
        }
    }

    private void mark(Entry entry, int state) {
        try {
            entry.segment.storage.mark(entry.offset, state);
        } catch (IOException e) {
            // a later process may send it once more, under the same id
        }
    }

    /** Takes over what dead processes left. */
    void adopt() {
        List<Session> sessions = disk.adopt();
        for (int i = sessions.size() - 1; i >= 0; i--) { // newest first, as each goes before what is there
            Session session = sessions.get(i);
            synchronized (adopted) {
                adopted.put(session, 1); // ours, until all its files are known
            }
            adopt(session, backlog.errors);
            adopt(session, backlog.others);
            synchronized (adopted) {
                if (adopted.merge(session, -1, Integer::sum) == 0) {
                    adopted.remove(session);
                    session.release();
                }
            }
        }
        if (!sessions.isEmpty()) {
            finish(backlog.makeRoom(backlog.errors, 0, true));
        }
    }

    private void adopt(Session session, Lane lane) {
        List<Path> files = session.segments(lane.name);
        for (int i = files.size() - 1; i >= 0; i--) {
            SegmentFile file = SegmentFile.adopted(files.get(i));
            try {
                SegmentScan scan = SegmentScan.of(files.get(i));
                if (scan.records().isEmpty()) {
                    file.delete();
                    continue;
                }
                synchronized (adopted) {
                    adopted.merge(session, 1, Integer::sum);
                }
                backlog.addAdopted(new Segment(file, lane, session), scan.bytes(), scan.records());
            } catch (IOException e) {
                // unreadable now; it stays for a later look
            }
        }
    }

    /** Brings records back to disk that are not where they should be. */
    @Override
    public void tidy() {
        boolean folderLost = disk.forgetIfLost();
        locked(errors, this::sealIfDisplaced);
        locked(others, this::sealIfDisplaced);
        boolean rescued = relocate(segment -> segment.adoptedFrom == null && !segment.storage.intact());
        if (folderLost || rescued) {
            warnings.warn(Warnings.Kind.DISK, "the spool's files were removed; what they held is written again");
            warnings.over(Warnings.Kind.DISK, "payloads are in the spool again");
        }
        if (disk.worthTrying() && backlog.holdsMemory()) {
            relocate(segment -> !segment.storage.durable());
        }
    }

    private void sealIfDisplaced(Writing writing) {
        Segment segment = writing.active;
        if (segment != null && !segment.storage.intact()) {
            seal(writing);
        }
    }

    @Override
    public void sync() {
        for (Segment segment : backlog.segments()) {
            try {
                segment.storage.sync();
            } catch (IOException e) {
                // closed meanwhile as it was spent, or a disk that fails; the next append will tell
            }
        }
    }

    /**
     * Writes the waiting records of some segments anew.
     * @return whether there were any
     */
    private boolean relocate(Predicate<Segment> wanted) {
        Set<Segment> segments = backlog.segments().stream().filter(wanted).collect(Collectors.toSet());
        List<Entry> taken = segments.isEmpty() ? List.of() : backlog.takeAll(segments::contains);
        List<Entry> kept = new ArrayList<>();
        for (Entry entry : taken) {
            byte[] record;
            try {
                record = entry.segment.storage.read(entry.offset, entry.length);
            } catch (IOException e) {
                losses.lost(DropReason.DISK_FAILED, entry);
                discard(backlog.end(entry));
                continue;
            }
            kept.add(entry);
            if (entry.segment.storage.durable() || disk.worthTrying()) {
                Writing writing = entry.lane == backlog.errors ? errors : others;
                place(writing, record, (segment, offset) -> discard(backlog.move(entry, segment, offset)));
            }
        }
        backlog.restore(kept);
        return !taken.isEmpty();
    }

    /** What cannot be on disk is lost with the process; the rest waits for the next one. */
    void close() {
        tidy();
        locked(errors, writing -> closed = true);
        locked(others, writing -> closed = true);
        locked(errors, this::seal);
        locked(others, this::seal);
        sync();
        for (Entry entry : backlog.takeAll(segment -> !segment.storage.durable())) {
            losses.lost(DropReason.SHUTDOWN, entry);
            discard(backlog.end(entry));
        }
        backlog.close();
        backlog.segments().forEach(segment -> segment.storage.close());
        disk.close();
        synchronized (adopted) {
            adopted.keySet().forEach(Session::release);
            adopted.clear();
        }
    }

    private static void locked(Writing writing, Consumer<Writing> action) {
        writing.lock.lock();
        try {
            action.accept(writing);
        } finally {
            writing.lock.unlock();
        }
    }

    /** The end of a lane where records are added. */
    private static final class Writing {
        final Lane lane;
        final ReentrantLock lock = new ReentrantLock();
        /** Guarded by the lock. */
        @Nullable
        Segment active;

        Writing(Lane lane) {
            this.lane = lane;
        }
    }
}
