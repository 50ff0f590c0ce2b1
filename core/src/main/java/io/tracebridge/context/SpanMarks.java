/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;

/** Marks the current span, whoever opened it, with an error that was captured inside it. Never throws. */
public final class SpanMarks {
    private static final int MAX_MESSAGE = 256;

    private SpanMarks() {}

    /**
     * Puts {@code error.type}, {@code error.message} and the details on the current span, and the exception itself if
     * no deeper step recorded it before.
     * @param failed whether the span failed with it; false for what is only worth a warning
     */
    @SuppressWarnings("ReferenceEquality") // whether the lookup answered with the very place it was given
    public static void captured(Throwable throwable, Attrs details, boolean failed) {
        ContextRuntime runtime = ContextRuntime.current();
        Guard.run(() -> {
            Span span = Span.current();
            if (!span.isRecording()) {
                return;
            }
            Throwable failure = Failure.unwrap(throwable);
            Origin here = Place.here().origin();
            Origin origin = runtime.origins().find(failure, here);
            String type = origin.errorType();
            String message = Failure.message(failure, runtime.scrubber(), MAX_MESSAGE);
            span.setAllAttributes(details.asAttributes(runtime));
            span.setAttribute("error.type", type == null ? Failure.errorType(failure) : type);
            span.setAttribute("error.message", message);
            if (failed) {
                span.setStatus(StatusCode.ERROR, message);
            }
            if (origin == here && runtime.origins().remember(failure, here, false)) {
                StepFrame.recordException(span, failure, runtime);
            }
        });
    }
}
