/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/**
 * Where a line was logged or an error reported: a step, a span of other instrumentation, or neither. Cheap, for every
 * log line makes one; {@link #origin} copies the pipeline's data and is for events only.
 *
 * <p>Thread-safe; never throws.
 */
public final class Place {
    private final @Nullable StepFrame frame;
    private final @Nullable String traceId;
    private final @Nullable String spanId;
    private final SpanContext span;
    private final @Nullable String threadName;

    private Place(
            @Nullable StepFrame frame,
            SpanContext span,
            @Nullable String traceId,
            @Nullable String spanId,
            @Nullable String threadName) {
        this.frame = frame;
        this.span = span;
        this.traceId = traceId;
        this.spanId = spanId;
        this.threadName = threadName;
    }

    /** Where the calling thread is now. */
    public static Place here() {
        Context context = Context.current();
        SpanContext span = Span.fromContext(context).getSpanContext();
        return new Place(
                StepFrame.from(context),
                span,
                span.isValid() ? span.getTraceId() : null,
                span.isValid() ? span.getSpanId() : null,
                Thread.currentThread().getName());
    }

    /** By the ids that a line carries: an active or recently ended step, else the ids alone. */
    public static Place at(String traceId, String spanId, @Nullable String threadName) {
        StepFrame frame = ContextRuntime.current().recentSteps().find(traceId, spanId);
        SpanContext span = frame == null ? SpanContext.getInvalid() : frame.spanContext();
        return new Place(frame, span, traceId, spanId, threadName);
    }

    /** Nothing is known but the thread. */
    public static Place unknown(@Nullable String threadName) {
        return new Place(null, SpanContext.getInvalid(), null, null, threadName);
    }

    /** Whether neither a step nor a span is known. */
    public boolean isUnknown() {
        return frame == null && traceId == null;
    }

    /** 32 hex digits; null when there is no trace. */
    public @Nullable String traceId() {
        return traceId;
    }

    /** 16 hex digits; null when there is no trace. */
    public @Nullable String spanId() {
        return spanId;
    }

    /** Null outside of pipelines. */
    public @Nullable String pipeline() {
        return frame == null ? null : frame.pipeline().name();
    }

    /** Null outside of steps. */
    public @Nullable String step() {
        return frame == null ? null : frame.name();
    }

    /** Keeps a note for the next event of the pipeline; false when there is none. */
    public boolean note(Note note) {
        return frame != null && frame.pipeline().note(note);
    }

    /** Everything that an event says about this place, as it is now. */
    public Origin origin() {
        return frame == null ? Origin.ofIds(traceId, spanId, threadName) : frame.origin(span, null, threadName);
    }
}
