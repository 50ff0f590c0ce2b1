/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.trace.TraceState;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code th} and {@code rv} in the {@code ot} member of a tracestate; everything else stays. */
final class OtelState {
    private static final String MEMBER = "ot";
    private static final int MAX_LENGTH = 256;

    private OtelState() {}

    /** The threshold, or {@link Threshold#UNKNOWN}. */
    static long threshold(TraceState state) {
        String value = subValue(state, "th");
        return value == null ? Threshold.UNKNOWN : Threshold.decode(value);
    }

    /** The explicit randomness, else that of the trace id; {@link Threshold#UNKNOWN} for a malformed id. */
    static long randomness(TraceState state, String traceId) {
        String value = subValue(state, "rv");
        long explicit = value == null ? Threshold.UNKNOWN : Threshold.decodeRandomness(value);
        return explicit == Threshold.UNKNOWN ? Threshold.randomness(traceId) : explicit;
    }

    /**
     * The state with this threshold, first in {@code ot}; the same instance when it says so already.
     * @param threshold {@link Threshold#UNKNOWN} removes it
     */
    static TraceState withThreshold(TraceState state, long threshold) {
        String old = state.isEmpty() ? null : state.get(MEMBER);
        if (old == null) {
            return threshold == Threshold.UNKNOWN
                    ? state
                    : state.toBuilder()
                            .put(MEMBER, "th:" + Threshold.encode(threshold))
                            .build();
        }
        StringBuilder merged = new StringBuilder(old.length() + 18);
        if (threshold != Threshold.UNKNOWN) {
            merged.append("th:").append(Threshold.encode(threshold));
        }
        for (int from = 0; from < old.length(); ) {
            int end = end(old, from);
            int length = end - from;
            boolean isThreshold = old.startsWith("th:", from);
            boolean fits = merged.length() + length + 1 <= MAX_LENGTH;
            if (length > 0 && !isThreshold && fits) {
                merged.append(merged.isEmpty() ? "" : ";").append(old, from, end);
            }
            from = end + 1;
        }
        if (merged.isEmpty()) {
            return state.toBuilder().remove(MEMBER).build();
        }
        String value = merged.toString();
        return value.equals(old) ? state : state.toBuilder().put(MEMBER, value).build();
    }

    private static @Nullable String subValue(TraceState state, String key) {
        String value = state.isEmpty() ? null : state.get(MEMBER);
        if (value == null) {
            return null;
        }
        for (int from = 0; from < value.length(); ) {
            int end = end(value, from);
            int colon = from + key.length();
            if (value.startsWith(key, from) && colon < end && value.charAt(colon) == ':') {
                return value.substring(colon + 1, end);
            }
            from = end + 1;
        }
        return null;
    }

    private static int end(String value, int from) {
        int end = value.indexOf(';', from);
        return end < 0 ? value.length() : end;
    }
}
