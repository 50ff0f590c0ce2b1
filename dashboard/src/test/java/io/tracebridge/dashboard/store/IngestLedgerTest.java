/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.IngestLedger.Count;
import org.junit.jupiter.api.Test;

class IngestLedgerTest {
    private final IngestLedger ledger = new IngestLedger();

    @Test
    void wordsOfSenders_doNotTakeTheRoomOfOurOwnCounts() {
        for (int i = 0; i < 10_000; i++) {
            ledger.reported("sentry", "category-" + i, "reason", 1);
        }

        ledger.accepted("sentry", "event", 3);
        ledger.rejected(new IngestLedger.Reject(1, "otlp-http", "span", "queue_full", "full", ""), 7);

        assertThat(ledger.counts())
                .contains(
                        new Count("sentry", "event", "accepted", 3, false),
                        new Count("otlp-http", "span", "queue_full", 7, true))
                .hasSizeLessThan(IngestLedger.MAX_KEYS);
        assertThat(ledger.counts()).extracting(Count::count).contains(10_000L - IngestLedger.MAX_REPORTED);
    }

    @Test
    void countOfASender_cannotRunOver() {
        ledger.reported("sentry", "error", "queue_overflow", Long.MAX_VALUE);
        ledger.reported("sentry", "error", "queue_overflow", Long.MAX_VALUE);
        ledger.reported("sentry", "error", "queue_overflow", -5);

        assertThat(ledger.counts())
                .containsExactly(
                        new Count("sentry", "error", "sender:queue_overflow", 2 * IngestLedger.MAX_BELIEVED, false));
    }
}
