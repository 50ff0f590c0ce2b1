/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Lets the first 1,000 different attribute sets of an instrument pass and turns every further one into the overflow
 * series, so that one attribute with many values cannot fill the memory. Thread-safe.
 */
public final class SeriesCap {
    /** Different attribute sets per instrument. */
    public static final int MAX_SERIES = 1_000;

    private static final Attributes OVERFLOW = Attributes.of(AttributeKey.booleanKey("otel.metric.overflow"), true);

    private final Set<Attributes> seen = ConcurrentHashMap.newKeySet();

    /** The attributes themselves, or the overflow series. */
    public Attributes admit(Attributes attributes) {
        if (seen.contains(attributes)) {
            return attributes;
        }
        // racing threads may pass the cap by their number; harmless
        if (seen.size() >= MAX_SERIES) {
            return OVERFLOW;
        }
        seen.add(attributes);
        return attributes;
    }
}
