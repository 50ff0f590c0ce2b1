/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.Map;

/** One payload that waits: where its record lies and what must be known without reading it. */
final class Entry {
    final Lane lane;
    final String category;
    final Map<String, Integer> quantities;
    /** Order of acceptance within this process; negative for adopted ones, which no flush waits for. */
    final long sequence;

    // all below guarded by the backlog's lock; the place moves when a record is rescued from a lost folder
    Segment segment;
    int offset;
    int length;
    int attempts;
    /** Somebody took it out and has to end it or give it back. */
    boolean held;

    boolean tried;
    /** Failures while the destination took others: it may be this payload's fault. */
    int strikes;

    Entry(
            Lane lane,
            String category,
            Map<String, Integer> quantities,
            long sequence,
            Segment segment,
            int offset,
            int length) {
        this.lane = lane;
        this.category = category;
        this.quantities = quantities;
        this.sequence = sequence;
        this.tried = sequence < 0;
        this.segment = segment;
        this.offset = offset;
        this.length = length;
    }
}
