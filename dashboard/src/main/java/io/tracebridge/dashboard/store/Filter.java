/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every list can be narrowed by. A null component does not narrow.
 *
 * @param fromNanos inclusive, Unix time in nanoseconds; {@code Long.MIN_VALUE} for no lower end
 * @param toNanos exclusive; {@code Long.MAX_VALUE} for no upper end
 * @param text a case-insensitive part of the names and texts of the record
 * @param attributes exact values of attributes or tags, by dotted key
 * @since 0.1
 */
public record Filter(
        @Nullable String service,
        @Nullable String environment,
        @Nullable String runId,
        long fromNanos,
        long toNanos,
        @Nullable String text,
        Map<String, String> attributes) {
    /** Everything there is. */
    public static final Filter ALL = new Filter(null, null, null, Long.MIN_VALUE, Long.MAX_VALUE, null, Map.of());

    public Filter {
        attributes = Map.copyOf(attributes);
    }
}
