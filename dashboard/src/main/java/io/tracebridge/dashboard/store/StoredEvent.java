/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * An event as the store has it.
 * @since 0.1
 */
public record StoredEvent(EventRecord event, String issueId) {}
