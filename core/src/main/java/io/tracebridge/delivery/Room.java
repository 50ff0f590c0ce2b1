/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import org.jspecify.annotations.Nullable;

/**
 * How many bytes the files of a backlog take, against its bounds, and which file goes first. Not thread-safe: the
 * backlog's lock is held.
 */
final class Room {
    private final Bounds bounds;
    private long diskBytes;
    private long memoryBytes;

    Room(Bounds bounds) {
        this.bounds = bounds;
    }

    /** A record was added to the segment. */
    void grow(Segment segment, int length) {
        addBytes(segment, length);
        segment.live++;
    }

    /** Negative when they are gone. */
    void addBytes(Segment segment, long length) {
        segment.bytes += length;
        if (segment.storage.durable()) {
            diskBytes += length;
        } else {
            memoryBytes += length;
        }
    }

    /** Whether a record would be too much. */
    boolean isShort(long pending, int length, boolean durable) {
        if (pending >= bounds.payloads()) {
            return true;
        }
        return durable ? diskBytes + length > bounds.spool() : memoryBytes + length > bounds.memory();
    }

    /** The next victim of a lane: sealed, and with something that nobody is sending; null when there is none. */
    static @Nullable Segment oldest(Lane lane, boolean durable) {
        for (Segment segment : lane.segments) {
            if (segment.sealed && segment.storage.durable() == durable && segment.live > segment.inFlight) {
                return segment;
            }
        }
        return null;
    }

    /** Takes a segment out that nobody needs any more, and gives it back; else null. */
    @Nullable
    Segment dropIfSpent(Segment segment) {
        if (segment.spent() && segment.lane.segments.remove(segment)) {
            addBytes(segment, -segment.bytes);
            return segment;
        }
        return null;
    }

    long memoryBytes() {
        return memoryBytes;
    }

    long bytes() {
        return diskBytes + memoryBytes;
    }
}
