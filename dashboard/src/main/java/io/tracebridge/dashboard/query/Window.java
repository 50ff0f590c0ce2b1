/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.Selection;

/**
 * The time that a question looked at, milliseconds of Unix time.
 * @since 0.1
 */
public record Window(double fromAt, double toAt) {
    /** Of a selection, and where that has no end, of what matched; nanoseconds. */
    static Window of(Selection selection, long firstNanos, long lastNanos) {
        Selection bounded = bounded(selection, firstNanos, lastNanos);
        return new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos()));
    }

    /** The selection with both ends. */
    static Selection bounded(Selection selection, long firstNanos, long lastNanos) {
        long from = selection.fromNanos() == Long.MIN_VALUE ? firstNanos : selection.fromNanos();
        // the end is exclusive, and stored times are whole microseconds
        long to = selection.toNanos() == Long.MAX_VALUE ? lastNanos + 1_000 : selection.toNanos();
        return selection.between(from, Math.max(to, from + 1_000));
    }
}
