/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * An event as the store has it.
 *
 * @param twinId id of the copy by the other protocol that was merged into this event, or null
 * @since 0.1
 */
public record StoredEvent(
        EventRecord event, String issueId, @Nullable String twinId) {}
