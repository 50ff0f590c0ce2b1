/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * Anything the store keeps. Immutable; made by ingest, bounded and scrubbed there.
 * @since 0.1
 */
public sealed interface StoreRecord permits SpanRecord, EventRecord, LogRecord, MetricPoint, RetainedItem {
    /** {@code service.name}, or "" when the sender did not name one. */
    String service();

    /** Deployment environment, or null. */
    @Nullable
    String environment();

    /** Version of the application, or null. */
    @Nullable
    String release();

    /** Process run of the sender, or null for the run of this server. */
    @Nullable
    String runId();
}
