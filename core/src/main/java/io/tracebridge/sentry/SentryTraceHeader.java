/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The value of a {@code sentry-trace} header.
 *
 * @param sampled null when the sender leaves the decision to whoever comes next
 */
record SentryTraceHeader(
        String traceId, String spanId, @Nullable Boolean sampled) {
    static final String NAME = "sentry-trace";

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{32})-([0-9a-f]{16})(?:-([01]))?");
    private static final int MAX_LENGTH = 64;

    /** Reads a header; null when it is missing or malformed, which is the same to us. */
    static @Nullable SentryTraceHeader parse(@Nullable String header) {
        if (header == null || header.length() > MAX_LENGTH) {
            return null;
        }
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches() || isZero(matcher.group(1)) || isZero(matcher.group(2))) {
            return null;
        }
        String flag = matcher.group(3);
        return new SentryTraceHeader(matcher.group(1), matcher.group(2), flag == null ? null : flag.equals("1"));
    }

    private static boolean isZero(String id) {
        return id.chars().allMatch(c -> c == '0');
    }

    @Override
    public String toString() {
        String ids = traceId + "-" + spanId;
        return sampled == null ? ids : ids + (sampled ? "-1" : "-0");
    }
}
