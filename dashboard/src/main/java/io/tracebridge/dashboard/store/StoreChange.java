/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Set;

/**
 * What one write changed, for live pages. Sets are cut to 100 members; counts are exact.
 *
 * @param newIssueIds issues seen for the first time or regressed
 * @param metricNames metrics that got points
 * @since 0.1
 */
public record StoreChange(
        Set<String> traceIds,
        Set<String> issueIds,
        Set<String> newIssueIds,
        Set<String> metricNames,
        int spans,
        int events,
        int logs,
        int points) {
    public StoreChange {
        traceIds = Set.copyOf(traceIds);
        issueIds = Set.copyOf(issueIds);
        newIssueIds = Set.copyOf(newIssueIds);
        metricNames = Set.copyOf(metricNames);
    }
}
