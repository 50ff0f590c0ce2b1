/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which issues are asked for.
 *
 * @param level exact, or null
 * @param unhandled only issues with an event that nothing caught
 * @param release exact, or null
 * @param operation name of the operation that events happened in, or null
 * @param statuses one of these, see {@link IssueRecord}; empty for any
 * @param order what comes first
 * @since 0.1
 */
public record IssueQuery(
        Selection selection,
        @Nullable String level,
        boolean unhandled,
        @Nullable String release,
        @Nullable String operation,
        List<String> statuses,
        Order order) {
    /** What somebody may still have to look at. */
    public static final List<String> OPEN = List.of("unresolved", "regressed");

    /** Largest first. */
    public enum Order {
        LAST_SEEN,
        FIRST_SEEN,
        EVENTS
    }
}
