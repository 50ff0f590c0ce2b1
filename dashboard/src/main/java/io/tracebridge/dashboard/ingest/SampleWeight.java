/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import org.jspecify.annotations.Nullable;

/** How many spans of the application one received span stands for: 1 ÷ the probability it was kept with. */
final class SampleWeight {
    private static final int DIGITS = 14;
    private static final double ALL = 0x1p56;

    private SampleWeight() {}

    /**
     * Reads {@code ot=th:…} of a tracestate: the rejection threshold, hex digits of a 56-bit number without trailing zeros.
     * @return null when there is none, or it is no threshold
     */
    static @Nullable Double ofTraceState(String traceState) {
        for (String member : traceState.split(",", -1)) {
            String trimmed = member.strip();
            if (!trimmed.startsWith("ot=")) {
                continue;
            }
            for (String field : trimmed.substring(3).split(";", -1)) {
                if (field.startsWith("th:")) {
                    return ofThreshold(field.substring(3));
                }
            }
        }
        return null;
    }

    /**
     * Reads Sentry's {@code sample_rate}.
     * @return null when it is no number, or not in (0, 1]
     */
    static @Nullable Double ofRate(@Nullable String rate) {
        if (rate == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(rate);
            return value > 0 && value <= 1 ? 1 / value : null;
        } catch (NumberFormatException notNumeric) {
            return null;
        }
    }

    private static @Nullable Double ofThreshold(String hex) {
        if (hex.isEmpty() || hex.length() > DIGITS) {
            return null;
        }
        try {
            long threshold = Long.parseUnsignedLong(hex + "0".repeat(DIGITS - hex.length()), 16);
            return threshold < 0 || threshold >= (long) ALL ? null : ALL / (ALL - threshold);
        } catch (NumberFormatException notHex) {
            return null;
        }
    }
}
