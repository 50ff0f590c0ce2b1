/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Reads how long a server asks to wait: seconds or a date, never more than a day. */
final class RetryAfter {
    private static final Duration LONGEST = Duration.ofDays(1);

    private RetryAfter() {}

    /**
     * The wait that a {@code Retry-After} header asks for.
     * @param now the wall clock, which a date is compared with
     * @return zero for the past; null when absent or unreadable
     */
    static @Nullable Duration parse(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        Duration seconds = seconds(header);
        if (seconds != null) {
            return seconds;
        }
        try {
            return bounded(
                    Duration.between(now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip()))));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /** A number of seconds, with a fraction or without; null when it is none. */
    static @Nullable Duration seconds(String text) {
        try {
            double millis = Double.parseDouble(text.strip()) * 1000;
            // the cast keeps to the range of long
            return Double.isNaN(millis) ? null : bounded(Duration.ofMillis((long) millis));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
