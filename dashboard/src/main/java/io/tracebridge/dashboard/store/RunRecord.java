/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * One process run of a sender (or of this server, when the sender named none).
 *
 * @param firstSeenNanos time of its earliest record, Unix nanoseconds
 * @since 0.1
 */
public record RunRecord(
        String runId, String service, @Nullable String release, long firstSeenNanos, long lastSeenNanos) {}
