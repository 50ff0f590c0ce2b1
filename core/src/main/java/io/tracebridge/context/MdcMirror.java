/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Shows {@code trace_id}, {@code span_id} and {@code pipeline} in the MDC while a scope is open, and puts back what was
 * there before.
 */
final class MdcMirror implements AutoCloseable {
    static final String TRACE_ID = "trace_id";
    static final String SPAN_ID = "span_id";
    static final String PIPELINE = "pipeline";

    private final @Nullable String traceId = MDC.get(TRACE_ID);
    private final @Nullable String spanId = MDC.get(SPAN_ID);
    private final @Nullable String pipeline = MDC.get(PIPELINE);

    private MdcMirror() {}

    /** Opens the mirror; without a valid span the ids that are there stay. */
    static MdcMirror open(SpanContext span, @Nullable String pipelineName) {
        MdcMirror mirror = new MdcMirror();
        if (span.isValid()) {
            MDC.put(TRACE_ID, span.getTraceId());
            MDC.put(SPAN_ID, span.getSpanId());
        }
        if (pipelineName != null) {
            MDC.put(PIPELINE, pipelineName);
        }
        return mirror;
    }

    @Override
    public void close() {
        restore(TRACE_ID, traceId);
        restore(SPAN_ID, spanId);
        restore(PIPELINE, pipeline);
    }

    private static void restore(String key, @Nullable String previous) {
        if (previous == null) {
            MDC.remove(key);
        } else {
            MDC.put(key, previous);
        }
    }
}
