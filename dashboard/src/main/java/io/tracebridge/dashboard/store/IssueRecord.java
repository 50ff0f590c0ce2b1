/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * All events with one fingerprint.
 *
 * @param id stable, 16 hex digits
 * @param type of the newest event, like message, culprit, level, handled and service
 * @param events how many were received, evicted ones included
 * @param status {@code unresolved}, {@code resolved} or {@code ignored}; a newer event of a resolved issue makes it
 *     {@code regressed}
 * @param groupingVersion algorithm of the newest event
 * @param explanation why the newest event is in this issue, a JSON object
 * @since 0.1
 */
public record IssueRecord(
        String id,
        String service,
        String type,
        String message,
        @Nullable String culprit,
        String level,
        @Nullable Boolean handled,
        long firstSeenNanos,
        long lastSeenNanos,
        long events,
        String status,
        String firstRunId,
        String lastRunId,
        int groupingVersion,
        String explanation) {}
