/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * Questions about traces and spans. Who needs another answer adds a method here and its SQL in the engine's class of the
 * same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface TraceReader {
    /**
     * The spans of a trace in order of their start.
     * @param limit the most to return; the earliest win
     */
    List<StoredSpan> spans(String traceId, int limit);
}
