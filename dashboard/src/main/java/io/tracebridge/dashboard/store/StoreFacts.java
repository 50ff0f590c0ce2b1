/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * Size and state of the store at one moment.
 *
 * @param place folder of the data, or null in memory
 * @param bytes used now; compare with {@code maxBytes}
 * @param queued records accepted and not yet written
 * @param queuedBytes what these take; compare with {@code queueBytes}
 * @param traces traces that were analysed
 * @param evicted records removed to stay under the cap since start
 * @param failed accepted records lost because the engine failed, since start
 * @param reopened how often the engine had to be opened again after a fatal error, since start
 * @param trouble why nothing can be written now, for a person; null when all is well. Counts are then those of the last time
 *     that the engine answered
 * @param oldestNanos start of the oldest span, or 0 when there is none
 * @param newestNanos start of the newest span, or 0 when there is none
 * @since 0.1
 */
public record StoreFacts(
        String engine,
        @Nullable String place,
        int schemaVersion,
        String runId,
        long bytes,
        long maxBytes,
        long queued,
        long queuedBytes,
        long queueBytes,
        long traces,
        long spans,
        long events,
        long logs,
        long points,
        long evicted,
        long failed,
        long reopened,
        @Nullable String trouble,
        long oldestNanos,
        long newestNanos) {}
