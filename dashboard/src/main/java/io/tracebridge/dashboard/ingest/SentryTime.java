/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * Times as Sentry's SDKs write them: float seconds or RFC 3339 text. A sender whose clock differs from ours by more than
 * a minute is corrected by the difference, which {@code sent_at} tells.
 */
final class SentryTime {
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_UNCORRECTED = 60 * SECOND;

    /** Year 2262: past it nanoseconds do not fit. */
    private static final double MAX_SECONDS = 9.2e9;

    private final long nowNanos;
    private final long skewNanos;
    private final boolean sentAtKnown;

    private SentryTime(long nowNanos, long skewNanos, boolean sentAtKnown) {
        this.nowNanos = nowNanos;
        this.skewNanos = skewNanos;
        this.sentAtKnown = sentAtKnown;
    }

    /**
     * Compares clocks.
     * @param sentAt of the envelope header, or null
     */
    static SentryTime of(@Nullable JsonNode sentAt, long nowNanos) {
        Long sent = sentAt == null ? null : nanos(sentAt);
        return new SentryTime(nowNanos, sent == null ? 0 : sent - nowNanos, sent != null);
    }

    /** Unix time in nanoseconds by our clock; now when the value is missing or no time. */
    long corrected(@Nullable JsonNode value) {
        Long raw = value == null ? null : nanos(value);
        try {
            return raw == null ? nowNanos : Math.subtractExact(raw, correctionNanos());
        } catch (ArithmeticException centuriesApart) {
            return nowNanos;
        }
    }

    /** What {@link #corrected} takes off: 0 for a clock that is about right. */
    long correctionNanos() {
        return Math.abs(skewNanos) > MAX_UNCORRECTED ? skewNanos : 0;
    }

    /** The sender's clock minus ours, or null when it did not say. */
    @Nullable
    Long skewNanos() {
        return sentAtKnown ? (Long) skewNanos : null;
    }

    /** Whole microseconds, as far as a float second is exact today; null when it is no time. */
    static @Nullable Long nanos(JsonNode value) {
        if (value.isNumber()) {
            double seconds = value.asDouble();
            return seconds >= 0 && seconds < MAX_SECONDS ? (Long) (Math.round(seconds * 1e6) * 1_000) : null;
        }
        if (!value.isTextual() || value.asText().length() > 40) {
            return null;
        }
        try {
            Instant instant = instant(value.asText().strip());
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), SECOND), (long) instant.getNano());
        } catch (DateTimeException | ArithmeticException notATime) {
            return null;
        }
    }

    private static Instant instant(String text) {
        boolean zoned = text.endsWith("Z") || text.indexOf('+', 10) > 0 || text.indexOf('-', 10) > 0;
        return zoned
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC); // some SDKs leave the zone out and mean UTC
    }
}
