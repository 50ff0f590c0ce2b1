/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.resource.v1.Resource;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.scrub.Scrubber;
import java.time.Clock;
import java.time.Instant;

/**
 * What decoders share: the scrubber, the ledger, the clock, and the memory of names, throws and events that were seen.
 * Thread-safe.
 *
 * @param ledger counts what is received and refused
 */
record Context(
        Scrubber scrubber,
        IngestLedger ledger,
        Clock clock,
        KnownNames names,
        SeenThrows throwsSeen,
        SeenEvents eventsSeen) {
    static final int MAX_NAME = 1_024;

    Attributes attributes() {
        return new Attributes(scrubber, () -> overflow("attribute"));
    }

    long nowNanos() {
        Instant now = clock.instant();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }

    /** Scrubbed, then cut. */
    String text(String text, int maxLength) {
        return text.isEmpty() ? text : Attributes.withoutNul(scrubber.text(text, maxLength));
    }

    SenderFacts sender(Resource resource) {
        return OtlpResource.read(resource, this);
    }

    /** Counts something inside a record that was left out because there was too much of it. */
    void overflow(String what) {
        ledger.noted("all", what, "overflow", 1);
    }

    /** The operation, or {@code __other__} when there are too many. */
    String operation(String service, String operation) {
        return names.operation(service, operation, ledger);
    }
}
