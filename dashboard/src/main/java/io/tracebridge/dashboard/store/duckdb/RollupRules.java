/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

/**
 * When a window is summed up.
 *
 * @param worthSpans least spans in it: reading fewer is as fast as reading sums
 * @param worthPart most rows of sums, as a part of its spans: more would save nothing
 * @param waits not within a tenth of its length after it was written to
 */
record RollupRules(int worthSpans, double worthPart, boolean waits) {
    static final RollupRules DEFAULT = new RollupRules(25_000, 0.75, true);

    RollupRules withoutWaiting() {
        return new RollupRules(worthSpans, worthPart, false);
    }
}
