/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * The bounded door between decoders and the store's writer. What it accepted is on disk within a second.
 *
 * <p>Thread-safe; never waits. Errors keep flowing when the rest is refused: spans, logs, metrics and retained items may
 * fill only part of the queue.
 * @since 0.1
 */
public interface Intake {
    /**
     * Takes all of the records or none. Offer the event of an envelope before and apart from its other items, so that it is
     * judged alone.
     */
    Admission offer(List<? extends StoreRecord> records);

    /** Whether a request that brings such records is worth decoding now; cheap, to be asked before work. */
    boolean accepts(Class<? extends StoreRecord> kind);
}
