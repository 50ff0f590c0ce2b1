/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import java.time.Clock;
import java.util.Set;

/**
 * How ingest behaves.
 *
 * @param keys that senders must have one of; empty asks for none, which is right on one's own machine only
 * @param scrubber takes secrets out of everything before it is stored
 * @param clock tells when something arrived
 * @since 0.1
 */
public record IngestOptions(Set<String> keys, Scrubber scrubber, Clock clock) {
    public IngestOptions {
        keys = Set.copyOf(keys);
    }

    /** No keys, the default rules, the system clock. */
    public static IngestOptions defaults() {
        return new IngestOptions(Set.of(), RuleScrubber.create(), Clock.systemUTC());
    }

    /** The same with keys. */
    public IngestOptions withKeys(Set<String> keys) {
        return new IngestOptions(keys, scrubber, clock);
    }
}
