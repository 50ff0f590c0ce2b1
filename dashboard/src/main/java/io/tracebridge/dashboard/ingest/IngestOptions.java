/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How ingest behaves.
 *
 * @param keys that senders must have one of; empty asks for none, which is right on one's own machine only
 * @param scrubber takes secrets out of everything before it is stored
 * @param clock tells when something arrived
 * @since 0.1
 */
public record IngestOptions(Set<String> keys, Scrubber scrubber, Clock clock) {
    /** Names the keys that senders must have one of, separated by commas. */
    public static final String KEYS_VARIABLE = "TRACEBRIDGE_INGEST_KEYS";

    public IngestOptions {
        keys = Set.copyOf(keys);
    }

    /** No keys, the default rules, the system clock. */
    public static IngestOptions defaults() {
        return new IngestOptions(Set.of(), RuleScrubber.create(), Clock.systemUTC());
    }

    /** The defaults with the keys that the environment names in {@value #KEYS_VARIABLE}. */
    public static IngestOptions from(UnaryOperator<@Nullable String> environment) {
        String keys = environment.apply(KEYS_VARIABLE);
        if (keys == null) {
            return defaults();
        }
        return defaults()
                .withKeys(Arrays.stream(keys.split(",", -1))
                        .map(String::strip)
                        .filter(key -> !key.isEmpty())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** Everything but the keys. */
    @Override
    public String toString() {
        return "IngestOptions[keys=" + keys.size() + "]";
    }

    /** The same with keys. */
    public IngestOptions withKeys(Set<String> keys) {
        return new IngestOptions(keys, scrubber, clock);
    }
}
