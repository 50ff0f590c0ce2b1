/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import org.jspecify.annotations.Nullable;

/** What the backlog knows of one file (or one record in memory). Guarded by the backlog's lock. */
final class Segment {
    final Storage storage;
    final Lane lane;
    /** The folder of a dead process that it came from; null for our own. */
    final @Nullable Session adoptedFrom;

    long bytes;
    /** Records neither delivered nor dropped. */
    int live;
    /** Of these, the ones a sender holds. */
    int inFlight;
    /** No more records come. */
    boolean sealed;

    Segment(Storage storage, Lane lane, @Nullable Session adoptedFrom) {
        this.storage = storage;
        this.lane = lane;
        this.adoptedFrom = adoptedFrom;
    }

    boolean spent() {
        return sealed && live == 0;
    }
}
