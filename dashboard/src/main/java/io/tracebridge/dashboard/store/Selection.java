/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a question is narrowed by. An empty list does not narrow; several values mean any of them.
 *
 * @param fromNanos inclusive, Unix time in nanoseconds; {@code Long.MIN_VALUE} for no lower end
 * @param toNanos exclusive; {@code Long.MAX_VALUE} for no upper end
 * @param text a case-insensitive part of the names and texts, or null
 * @param attributes all must hold
 * @since 0.1
 */
public record Selection(
        List<String> services,
        List<String> environments,
        List<String> runs,
        long fromNanos,
        long toNanos,
        @Nullable String text,
        List<AttributeTest> attributes) {
    /** Everything there is. */
    public static final Selection ALL =
            new Selection(List.of(), List.of(), List.of(), Long.MIN_VALUE, Long.MAX_VALUE, null, List.of());

    public Selection {
        services = List.copyOf(services);
        environments = List.copyOf(environments);
        runs = List.copyOf(runs);
        attributes = List.copyOf(attributes);
    }

    /** The same within other bounds. */
    public Selection between(long from, long to) {
        return new Selection(services, environments, runs, from, to, text, attributes);
    }

    /**
     * A test of one attribute or tag.
     * @param value null asks only whether the key is there
     * @param negated the opposite
     */
    public record AttributeTest(String key, @Nullable String value, boolean negated) {}
}
