/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.jspecify.annotations.Nullable;

/** Which ended spans are errors, and what their budget counts them as. */
final class ErrorTriggers {
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");
    private static final AttributeKey<Boolean> EXCEPTION_ESCAPED = AttributeKey.booleanKey("exception.escaped");
    private static final AttributeKey<Long> HTTP_STATUS = AttributeKey.longKey("http.response.status_code");

    private ErrorTriggers() {}

    /** Status ERROR anywhere; on a local root also an exception that left it, or a 5xx answer without a status. */
    static boolean isError(SpanData span, boolean localRoot) {
        if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
            return true;
        }
        return localRoot && (hasEscapedException(span) || isServerFailure(span));
    }

    /** Error type and span name: both few, unlike messages. */
    static String fingerprint(SpanData span) {
        return type(span) + '|' + span.getName();
    }

    /** {@code error.type}, else the type of the last recorded exception, else empty. */
    static String type(SpanData span) {
        String type = span.getAttributes().get(ERROR_TYPE);
        if (type == null && span.getTotalRecordedEvents() > 0) {
            EventData exception = lastException(span);
            type = exception == null ? null : exception.getAttributes().get(EXCEPTION_TYPE);
        }
        return type == null ? "" : type;
    }

    private static boolean hasEscapedException(SpanData span) {
        if (span.getTotalRecordedEvents() == 0 || span.getStatus().getStatusCode() == StatusCode.OK) {
            return false; // OK: the application says that it was handled
        }
        EventData exception = lastException(span);
        return exception != null
                && !Boolean.FALSE.equals(exception.getAttributes().get(EXCEPTION_ESCAPED));
    }

    private static boolean isServerFailure(SpanData span) {
        Long status = span.getAttributes().get(HTTP_STATUS);
        return status != null && status >= 500;
    }

    private static @Nullable EventData lastException(SpanData span) {
        EventData last = null;
        for (EventData event : span.getEvents()) {
            if (event.getName().equals("exception")) {
                last = event;
            }
        }
        return last;
    }
}
