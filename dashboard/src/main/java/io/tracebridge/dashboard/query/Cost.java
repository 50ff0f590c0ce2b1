/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import org.jspecify.annotations.Nullable;

/**
 * What one call cost.
 *
 * @param usd null when the model has no price or the tokens are not known
 * @param text for the page: {@code $0.0147} or {@code no price}
 * @param arithmetic how it was computed, or null
 * @param priceDate date of the price table, or null
 * @param matched name in the table, or null
 * @param source where the price comes from, or null
 * @since 0.1
 */
public record Cost(
        @Nullable Double usd,
        String text,
        @Nullable String arithmetic,
        @Nullable String priceDate,
        @Nullable String matched,
        @Nullable String source) {
    static final Cost NONE = new Cost(null, "no price", null, null, null, null);
}
