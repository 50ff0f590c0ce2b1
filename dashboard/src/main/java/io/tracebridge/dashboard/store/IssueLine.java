/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An issue with what its events in a selection say.
 *
 * @param events in the selection, evicted ones not included
 * @param users different ones, 0 when no event names one
 * @param releases in use, the names sorted, like the other lists; at most 20 each
 * @since 0.1
 */
public record IssueLine(
        IssueRecord issue,
        long events,
        long users,
        long firstNanos,
        long lastNanos,
        boolean unhandled,
        String latestEventId,
        @Nullable String latestTraceId,
        List<String> services,
        List<String> environments,
        List<String> releases,
        List<String> operations) {}
