/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.Map;

/**
 * Counts what was lost with a payload (an error, a transaction, the spans or log lines of a batch) and tells the
 * destination's listener, whose failures stay here.
 */
final class Losses {
    private final Accounting accounting;
    private final LossListener listener;
    private final Warnings warnings;

    Losses(Accounting accounting, LossListener listener, Warnings warnings) {
        this.accounting = accounting;
        this.listener = listener;
        this.warnings = warnings;
    }

    void lost(DropReason reason, Payload payload) {
        lost(reason, payload.category(), payload.quantities());
    }

    void lost(DropReason reason, Entry entry) {
        lost(reason, entry.category, entry.quantities);
    }

    /** Parts of a payload that was otherwise delivered. */
    void partly(DropReason reason, Entry entry, long parts) {
        accounting.dropped(reason, parts);
        tell(reason, entry.category, Map.of(entry.category, (int) Math.min(parts, Integer.MAX_VALUE)));
    }

    private void lost(DropReason reason, String category, Map<String, Integer> quantities) {
        accounting.dropped(reason, Math.max(1, quantities.getOrDefault(category, 1)));
        tell(reason, category, quantities);
    }

    private void tell(DropReason reason, String category, Map<String, Integer> quantities) {
        try {
            listener.lost(reason, category, quantities);
        } catch (RuntimeException | LinkageError e) {
            warnings.warn(
                    Warnings.Kind.INTERNAL,
                    "the listener for losses failed: " + e.getClass().getName());
        }
    }
}
