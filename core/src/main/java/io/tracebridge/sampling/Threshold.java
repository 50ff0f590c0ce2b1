/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

/**
 * Rejection thresholds of consistent probability sampling: a trace with randomness {@code R} is kept when
 * {@code R >= T}, so its probability is {@code (2^56 - T) / 2^56}. Both are 56-bit numbers in a {@code long}.
 *
 * <p>Source: OpenTelemetry specification, "TraceState: Probability Sampling" and "TraceState Handling".
 */
final class Threshold {
    /** Keeps every trace. */
    static final long ALWAYS = 0;

    /** One more than any randomness: keeps no trace. */
    static final long NEVER = 1L << 56;

    /** The probability is not known; on the wire {@code th} is left out. */
    static final long UNKNOWN = -1;

    private static final int DIGITS = 14;

    private Threshold() {}

    /** @param probability 0 to 1; anything above is 1, anything below or NaN is 0 */
    static long ofProbability(double probability) {
        if (!(probability > 0)) {
            return NEVER;
        }
        return probability >= 1 ? ALWAYS : NEVER - Math.max(1, Math.round(probability * NEVER));
    }

    /** The probability that a trace passes this threshold, 0 to 1. */
    static double probability(long threshold) {
        return (double) (NEVER - threshold) / NEVER;
    }

    /** The value for {@code th}: hexadecimal digits without trailing zeros. */
    static String encode(long threshold) {
        if (threshold == ALWAYS) {
            return "0";
        }
        String digits = Long.toHexString(threshold | NEVER).substring(1);
        int end = DIGITS;
        while (digits.charAt(end - 1) == '0') {
            end--;
        }
        return digits.substring(0, end);
    }

    /** Reads a {@code th} value of 1 to 14 digits; {@link #UNKNOWN} when it is not one. */
    static long decode(String value) {
        int length = value.length();
        return length == 0 || length > DIGITS ? UNKNOWN : hex(value, 0, length, DIGITS);
    }

    /** Reads an {@code rv} value, which has exactly 14 digits; {@link #UNKNOWN} when it is not one. */
    static long decodeRandomness(String value) {
        return value.length() == DIGITS ? hex(value, 0, DIGITS, DIGITS) : UNKNOWN;
    }

    /** The randomness in a trace id: its last 56 bits. */
    static long randomness(String traceId) {
        int length = traceId.length();
        return length < DIGITS ? UNKNOWN : hex(traceId, length - DIGITS, length, DIGITS);
    }

    private static long hex(String text, int from, int to, int digits) {
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0 || text.charAt(i) > 'f') {
                return UNKNOWN;
            }
            number = number << 4 | digit;
        }
        return number << (4 * (digits - (to - from)));
    }
}
