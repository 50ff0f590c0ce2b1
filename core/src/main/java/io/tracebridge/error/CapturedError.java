/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One failure with the context of where it was thrown, complete and immutable: what an event is made of.
 * Text in it is already scrubbed, except the throwable itself, whose messages the sink scrubs.
 *
 * @param throwable null for a message without one
 * @param message a log line's formatted text; null for a bare {@code captureError}
 * @param messageTemplate the log line's text before formatting; null when there is none
 * @param messageParams the arguments for the template, scrubbed; may be empty
 * @param logger name of the logger; null when it did not come from one
 * @param level one of {@code fatal}, {@code error}, {@code warning}, {@code info}, {@code debug}
 * @param handled false when the failure left the pipeline or the thread
 * @param mechanism who saw it, for example {@code tracebridge.captureError}
 * @param time when it happened
 * @param threadName the thread that threw or logged; null when unknown
 * @param traceId 32 hex digits; null when the failure belongs to no trace
 * @param spanId the step that failed, 16 hex digits; null together with {@code traceId}
 * @param parentSpanId null for a root or when unknown
 * @param traceKept whether the trace of this error is kept; null when that is not known yet
 * @param fingerprint empty: Sentry's default grouping
 * @param tags at most 200 characters a value
 * @param contexts by name: {@code pipeline}, {@code ai}, {@code error}, {@code trace_link}, {@code MDC} and the caller's own
 * @param breadcrumbs of this pipeline, oldest first
 */
public record CapturedError(
        @Nullable Throwable throwable,
        @Nullable String message,
        @Nullable String messageTemplate,
        List<String> messageParams,
        @Nullable String logger,
        String level,
        boolean handled,
        String mechanism,
        Instant time,
        @Nullable String threadName,
        @Nullable String traceId,
        @Nullable String spanId,
        @Nullable String parentSpanId,
        @Nullable Boolean traceKept,
        List<String> fingerprint,
        Map<String, String> tags,
        Map<String, Map<String, Object>> contexts,
        List<ErrorBreadcrumb> breadcrumbs) {

    public CapturedError {
        messageParams = List.copyOf(messageParams);
        fingerprint = List.copyOf(fingerprint);
        tags = Map.copyOf(tags);
        contexts = Map.copyOf(contexts);
        breadcrumbs = List.copyOf(breadcrumbs);
    }
}
