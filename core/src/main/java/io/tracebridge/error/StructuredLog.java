/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A log line to be kept as a line, not as an event; scrubbed.
 *
 * @param level one of {@code trace}, {@code debug}, {@code info}, {@code warning}, {@code error}
 * @param body the formatted text, final: never a format string again
 * @param template the text before formatting; null when there was no argument
 * @param params the arguments for the template; may be empty
 * @param traceId null together with {@code spanId} outside of traces
 * @param attributes key-values, markers, chosen MDC entries, pipeline and step
 */
public record StructuredLog(
        Instant time,
        String level,
        String body,
        @Nullable String template,
        List<String> params,
        String logger,
        @Nullable String threadName,
        @Nullable String traceId,
        @Nullable String spanId,
        Map<String, Object> attributes) {
    public StructuredLog {
        params = List.copyOf(params);
        attributes = Map.copyOf(attributes);
    }
}
