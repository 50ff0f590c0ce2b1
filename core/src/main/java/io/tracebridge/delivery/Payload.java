/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * Encoded bytes on their way to a destination, with all that delivery may know about them.
 *
 * @param category what rate limits and counts call it: Sentry's data category ({@code error}, {@code transaction} …)
 *     or the OTLP signal ({@code traces})
 * @param id stable over resends: the event id, or a random one
 * @param quantities what is lost with it, by data category, for reports of losses: {@code transaction=1, span=12}
 * @param body not copied, so leave it unchanged; uncompressed
 * @since 0.1
 */
public record Payload(String category, String id, Map<String, Integer> quantities, byte[] body) {
    public Payload {
        requireNonNull(category, "category");
        requireNonNull(id, "id");
        requireNonNull(body, "body");
        quantities = Map.copyOf(quantities);
    }
}
