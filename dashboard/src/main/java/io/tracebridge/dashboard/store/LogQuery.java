/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * Which log lines are asked for.
 *
 * @param minSeverity least OpenTelemetry severity number; 0 for all
 * @param logger exact, or null
 * @param traceId or null
 * @param spanId or null
 * @param thread exact, or null
 * @param beforeNanos time of the last line of the page before, with its row; {@code Long.MAX_VALUE} for the first page
 * @since 0.1
 */
public record LogQuery(
        Selection selection,
        int minSeverity,
        @Nullable String logger,
        @Nullable String traceId,
        @Nullable String spanId,
        @Nullable String thread,
        long beforeNanos,
        long beforeRow) {
    /** The newest lines of a selection. */
    public static LogQuery newest(Selection selection) {
        return new LogQuery(selection, 0, null, null, null, null, Long.MAX_VALUE, Long.MAX_VALUE);
    }
}
