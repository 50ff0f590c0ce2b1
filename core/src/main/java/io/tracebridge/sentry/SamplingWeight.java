/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.TraceState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * How likely a kept trace was to be kept, in Sentry's words, from OpenTelemetry's: {@code th} of the tracestate is the
 * threshold, {@code rv} (or the last 56 bits of the trace id) the random number that reached it.
 *
 * @param rate 1.0 where there is no threshold: kept anyway, or nobody said
 * @param rand below {@code rate} exactly when the trace is kept; cut, never rounded, to 6 decimals
 */
record SamplingWeight(double rate, double rand) {
    private static final int HEX_DIGITS = 14;
    private static final double RANGE = 0x1p56;
    private static final long MAX = (1L << 56) - 1;

    static SamplingWeight of(TraceState state, String traceId) {
        String ot = state.get("ot");
        Long threshold = hex(member(ot, "th"), true);
        double rate = threshold == null ? 1.0 : rounded((RANGE - threshold) / RANGE);
        return new SamplingWeight(rate, rand(randomness(ot, traceId)));
    }

    /** Whether somebody has said how likely the trace was to be kept. */
    static boolean hasThreshold(TraceState state) {
        return hex(member(state.get("ot"), "th"), true) != null;
    }

    /** The random number of a trace, 56 bits. */
    static long randomness(TraceState state, String traceId) {
        return randomness(state.get("ot"), traceId);
    }

    /** {@code sample_rand} of a random number: the two worlds then decide alike. */
    static double rand(long randomness) {
        return new BigDecimal(MAX - randomness)
                .divide(new BigDecimal(RANGE), 6, RoundingMode.DOWN)
                .doubleValue();
    }

    /** The random number of a {@code sample_rand}; null when it is not in [0, 1). */
    static @Nullable String randomValue(double sampleRand) {
        if (!(sampleRand >= 0 && sampleRand < 1)) {
            return null;
        }
        long value = (long) Math.floor((1 - sampleRand) * RANGE);
        return String.format("%014x", Math.min(value, MAX));
    }

    private static long randomness(@Nullable String ot, String traceId) {
        Long explicit = hex(member(ot, "rv"), false);
        if (explicit != null) {
            return explicit;
        }
        Long low = hex(traceId.substring(Math.max(0, traceId.length() - HEX_DIGITS)), false);
        return low == null ? 0 : low;
    }

    // six decimals undo the cut digits of a threshold: 0.1 and not 0.09999999
    private static double rounded(double rate) {
        return new BigDecimal(rate).setScale(6, RoundingMode.HALF_UP).doubleValue();
    }

    private static @Nullable String member(@Nullable String ot, String key) {
        if (ot == null) {
            return null;
        }
        for (String member : ot.split(";")) {
            if (member.startsWith(key + ":")) {
                return member.substring(key.length() + 1);
            }
        }
        return null;
    }

    private static @Nullable Long hex(@Nullable String digits, boolean mayBeShort) {
        if (digits == null || digits.isEmpty() || digits.length() > HEX_DIGITS) {
            return null;
        }
        if (digits.length() < HEX_DIGITS && !mayBeShort) {
            return null;
        }
        try {
            return Long.parseLong(digits + "0".repeat(HEX_DIGITS - digits.length()), 16);
        } catch (NumberFormatException malformed) {
            return null;
        }
    }
}
