/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What waits at one destination, in memory: an entry for each payload, none of their bytes. Every method takes one
 * lock and does no input or output under it.
 *
 * <p>Bounds count the bytes of whole files, so that they hold on disk. Victims go by files: the oldest of the other
 * payloads first, then the oldest errors; the file being written is never one.
 */
final class Backlog {
    /** What waits. */
    record Size(long pending, long bytes, long inMemory) {}

    /** Entries that lost their place, and the files that nobody needs any more. */
    record Evicted(boolean madeRoom, List<Entry> victims, List<Segment> spent) {}

    final Lane errors = new Lane("errors");
    final Lane others = new Lane("others");

    /** A rate limit ends without anybody signalling it. */
    private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(50);

    private final Room room;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final FlushMarks flushes = new FlushMarks();
    private long sequence;
    private long pending;
    private long untried;
    private long changes;
    private boolean closed;
    /** Counts down: each adopted segment is older than those before it. */
    private long adoptedSequence;

    Backlog(Bounds bounds) {
        room = new Room(bounds);
    }

    void open(Segment segment) {
        locked(() -> segment.lane.segments.addLast(segment));
    }

    /** Accepts a record that lies at this place. */
    void add(Segment segment, int offset, int length, Payload payload) {
        locked(() -> {
            room.grow(segment, length);
            pending++;
            untried++;
            Entry entry = new Entry(
                    segment.lane, payload.category(), payload.quantities(), sequence++, segment, offset, length);
            segment.lane.add(entry);
            signal();
        });
    }

    /** Records of a segment that a dead process left, given in their order; older than all that is here. */
    void addAdopted(Segment segment, long bytes, List<SegmentScan.Found> records) {
        locked(() -> {
            segment.sealed = true;
            segment.lane.segments.addFirst(segment);
            room.addBytes(segment, bytes);
            adoptedSequence -= records.size();
            for (int i = records.size() - 1; i >= 0; i--) {
                SegmentScan.Found found = records.get(i);
                segment.live++;
                pending++;
                Entry entry = new Entry(
                        segment.lane,
                        found.category(),
                        found.quantities(),
                        adoptedSequence + i,
                        segment,
                        found.offset(),
                        found.length());
                entry.attempts = found.attempts();
                segment.lane.addFirst(entry);
            }
            signal();
        });
    }

    /**
     * Takes the next payload to send, errors first; waits for one.
     * @param open which categories may be sent now
     * @return null when the time is up, or everything is closed
     */
    @Nullable
    Entry take(Predicate<String> open, long waitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = waitNanos;
            while (!closed) {
                Entry entry = errors.poll(open);
                entry = entry == null ? others.poll(open) : entry;
                if (entry != null) {
                    hold(entry);
                    return entry;
                }
                if (left <= 0) {
                    return null;
                }
                left = changed.awaitNanos(left);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes whoever waits in {@link #take}, so that it asks again what is open. */
    void wake() {
        locked(this::signal);
    }

    /**
     * Gives an entry back.
     * @param last behind all others of its category, to let them pass
     * @return false when it is lost: all is closed, and it is in memory only
     */
    boolean putBack(Entry entry, boolean last) {
        return locked(() -> {
            if (!entry.held) {
                return true; // settled already: its holder failed afterwards
            }
            letGo(entry);
            tried(entry);
            boolean lost = closed && !entry.segment.storage.durable();
            if (lost) {
                remove(entry);
            } else if (last) {
                entry.lane.add(entry);
            } else {
                entry.lane.addFirst(entry);
            }
            return !lost;
        });
    }

    /**
     * Ends an entry that was taken.
     * @return its segment when nobody needs it any more, else null
     */
    @Nullable
    Segment end(Entry entry) {
        lock.lock();
        try {
            letGo(entry);
            return remove(entry);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes room for a record.
     * @return without room when only payloads that matter more are left
     */
    Evicted makeRoom(Lane lane, int length, boolean durable) {
        List<Entry> victims = new ArrayList<>();
        List<Segment> spent = new ArrayList<>();
        lock.lock();
        try {
            while (room.isShort(pending, length, durable)) {
                Segment oldest = Room.oldest(others, durable);
                if (oldest == null && lane == errors) {
                    oldest = Room.oldest(errors, durable);
                }
                if (oldest == null) {
                    // an error is taken even when only files being written are left: they are small
                    return new Evicted(lane == errors, victims, spent);
                }
                Segment victim = oldest;
                for (Entry entry : victim.lane.remove(entry -> entry.segment == victim)) {
                    victims.add(entry);
                    Segment ended = remove(entry);
                    if (ended != null) {
                        spent.add(ended);
                    }
                }
            }
            return new Evicted(true, victims, spent);
        } finally {
            lock.unlock();
        }
    }

    /**
     * No more records come.
     * @return the segment when nobody needs it any more, else null
     */
    @Nullable
    Segment seal(Segment segment) {
        lock.lock();
        try {
            segment.sealed = true;
            return room.dropIfSpent(segment);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes the waiting entries of these segments out, so that nobody sends them while their records are moved; to be
     * given back by {@link #restore}.
     */
    List<Entry> takeAll(Predicate<Segment> wanted) {
        return locked(() -> {
            List<Entry> taken = new ArrayList<>();
            for (Lane lane : List.of(errors, others)) {
                taken.addAll(lane.remove(entry -> wanted.test(entry.segment)));
            }
            taken.forEach(this::hold);
            return taken;
        });
    }

    /**
     * An entry that was taken has its record here now.
     * @return the old segment when it is spent, else null
     */
    @Nullable
    Segment move(Entry entry, Segment to, int offset) {
        lock.lock();
        try {
            Segment from = entry.segment;
            from.live--;
            from.inFlight--;
            room.grow(to, entry.length);
            to.inFlight++;
            entry.segment = to;
            entry.offset = offset;
            return room.dropIfSpent(from);
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what {@link #takeAll} took, to the front and in the same order. */
    void restore(List<Entry> entries) {
        locked(() -> {
            for (int i = entries.size() - 1; i >= 0; i--) {
                Entry entry = entries.get(i);
                letGo(entry);
                entry.lane.addFirst(entry);
            }
            signal();
        });
    }

    private void hold(Entry entry) {
        entry.held = true;
        entry.segment.inFlight++;
    }

    private void letGo(Entry entry) {
        entry.held = false;
        entry.segment.inFlight--;
    }

    private @Nullable Segment remove(Entry entry) {
        pending--;
        tried(entry);
        entry.segment.live--;
        signal();
        return room.dropIfSpent(entry.segment);
    }

    private void tried(Entry entry) {
        if (entry.tried) {
            return;
        }
        entry.tried = true;
        untried--;
        flushes.tried(entry.sequence);
        signal();
    }

    /**
     * Waits until everything accepted so far was tried once.
     * @return false when the time was up
     */
    boolean awaitTried(long waitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            FlushMarks.Mark mark = flushes.set(sequence, untried);
            try {
                return awaitUntil(mark::reached, waitNanos);
            } finally {
                flushes.remove(mark);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something ended or came back, or the time is up. */
    void awaitChange(long waitNanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long before = changes;
            awaitUntil(() -> changes != before, Math.min(waitNanos, LONGEST_WAIT));
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitUntil(BooleanSupplier condition, long waitNanos) throws InterruptedException {
        long left = waitNanos;
        while (!condition.getAsBoolean()) {
            if (left <= 0) {
                return false;
            }
            left = changed.awaitNanos(left);
        }
        return true;
    }

    boolean isEmpty() {
        return locked(() -> pending == 0);
    }

    /** Whether something waits only in memory. */
    boolean holdsMemory() {
        return locked(() -> room.memoryBytes() > 0);
    }

    /** Whether nothing is being sent and nothing that waits may be sent now. */
    boolean stuck(Predicate<String> open) {
        return locked(() -> pending == errors.waitingCount() + others.waitingCount()
                && !errors.hasWaiting(open)
                && !others.hasWaiting(open));
    }

    /** How many wait that nobody is sending. */
    int waiting() {
        return locked(() -> errors.waitingCount() + others.waitingCount());
    }

    Size size() {
        return locked(() -> new Size(pending, room.bytes(), inMemory()));
    }

    private long inMemory() {
        return segments().stream()
                .filter(segment -> !segment.storage.durable())
                .mapToLong(segment -> segment.live)
                .sum();
    }

    /** Ends every wait and takes all that is left. */
    void close() {
        locked(() -> {
            closed = true;
            signal();
        });
    }

    /** All segments, in no order that matters. */
    List<Segment> segments() {
        return locked(() -> Stream.of(errors, others)
                .flatMap(lane -> lane.segments.stream())
                .toList());
    }

    private void signal() {
        changes++;
        changed.signalAll();
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }
}
