/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Times as Sentry's protocol writes them. */
final class Times {
    private Times() {}

    /** Milliseconds of Unix time from seconds or an ISO-8601 text, without a zone taken as UTC; null when it is neither. */
    static @Nullable Double millis(JsonNode time) {
        if (time.isNumber()) {
            return Math.rint(time.asDouble() * 1e6) / 1e3;
        }
        if (!time.isTextual()) {
            return null;
        }
        try {
            String text = time.asText();
            Instant instant = text.endsWith("Z") || text.indexOf('+', 10) > 0
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return instant.getEpochSecond() * 1e3 + Math.floorDiv(instant.getNano(), 1_000) / 1e3;
        } catch (DateTimeException e) {
            return null;
        }
    }
}
