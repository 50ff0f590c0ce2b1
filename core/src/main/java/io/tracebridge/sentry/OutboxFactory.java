/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.tracebridge.delivery.Outbox;

/**
 * Opens the door of a destination; the facade adapts delivery to it. Asked again when the application's Sentry turns
 * out to have another DSN, so it answers the same outbox for an equal destination.
 */
@FunctionalInterface
public interface OutboxFactory {
    /** Opens the outbox, or returns the open one. */
    Outbox open(SentryDestination destination);
}
