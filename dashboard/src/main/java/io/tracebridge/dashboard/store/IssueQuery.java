/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * Which issues are asked for.
 *
 * @param level exact, or null
 * @param unhandled only issues with an event that nothing caught
 * @param release exact, or null
 * @param operation name of the operation that events happened in, or null
 * @param order what comes first
 * @since 0.1
 */
public record IssueQuery(
        Selection selection,
        @Nullable String level,
        boolean unhandled,
        @Nullable String release,
        @Nullable String operation,
        Order order) {
    /** Largest first. */
    public enum Order {
        LAST_SEEN,
        FIRST_SEEN,
        EVENTS
    }
}
