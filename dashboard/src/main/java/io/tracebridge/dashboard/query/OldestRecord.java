/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.Store;
import java.util.function.LongSupplier;

/**
 * When the oldest stored record was made. Every question with an age needs it, so it is remembered for a moment.
 *
 * <p>Thread-safe: two threads may ask the store at once, and both get a true answer.
 */
final class OldestRecord {
    private static final long FRESH_MILLIS = 2_000;

    private final Store store;
    private final LongSupplier millis;
    private volatile Known known = new Known(0, Long.MAX_VALUE);

    OldestRecord(Store store, LongSupplier millis) {
        this.store = store;
        this.millis = millis;
    }

    private record Known(long atMillis, long nanos) {}

    /** Nanoseconds of Unix time; {@link Long#MAX_VALUE} when nothing is stored. */
    long nanos() {
        Known last = known;
        long now = millis.getAsLong();
        long age = now - last.atMillis;
        // an empty store is asked each time, its first record must count at once; and so is a clock that stands still
        if (last.nanos == Long.MAX_VALUE || age <= 0 || age >= FRESH_MILLIS) {
            last = new Known(now, store.health().oldestNanos());
            known = last;
        }
        return last.nanos;
    }
}
