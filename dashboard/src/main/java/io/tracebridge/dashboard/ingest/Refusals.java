/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.scrub.Scrubber;
import java.nio.charset.StandardCharsets;

/** Counts what is refused, with the start of the payload scrubbed and made printable. Thread-safe. */
final class Refusals {
    private static final int SAMPLE = 200;
    private static final byte[] NOTHING = {};

    private final Context context;

    Refusals(Context context) {
        this.context = context;
    }

    void count(String protocol, String type, RejectReason reason, String detail, long count) {
        count(protocol, type, reason, detail, NOTHING, count);
    }

    void count(String protocol, String type, RejectReason reason, String detail, byte[] payload, long count) {
        context.ledger()
                .rejected(
                        new IngestLedger.Reject(
                                context.nowNanos(), protocol, type, reason.wireName(), detail, sample(payload)),
                        count);
    }

    private String sample(byte[] payload) {
        // looked at whole up to a bound, so that the cut cannot hide half a secret from the rules
        String text = new String(payload, 0, Math.min(payload.length, 16 * SAMPLE), StandardCharsets.UTF_8);
        StringBuilder printable = new StringBuilder(SAMPLE);
        context.scrubber()
                .text(text)
                .chars()
                .limit(SAMPLE)
                .forEach(c -> printable.append(Character.isISOControl(c) ? ' ' : (char) c));
        return Scrubber.cut(printable.toString(), SAMPLE);
    }
}
