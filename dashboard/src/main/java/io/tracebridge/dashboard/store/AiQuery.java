/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * Which calls to models are asked for.
 *
 * @param model asked or answered, or null
 * @param provider exact, or null
 * @param kind {@code gen_ai.operation.name}, or null
 * @param error only failed ones, only others, or null for all
 * @param order what comes first
 * @since 0.1
 */
public record AiQuery(
        Selection selection,
        @Nullable String model,
        @Nullable String provider,
        @Nullable String kind,
        @Nullable Boolean error,
        Order order) {
    /** Newest or largest first. */
    public enum Order {
        START,
        DURATION,
        TOKENS
    }
}
