/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.slf4j.Marker;

/**
 * Puts {@code trace_id} and {@code span_id} of the current span into the MDC before a line is made, for scopes that the
 * application opens with OpenTelemetry's own API. Not needed inside {@code withSpan} and pipelines, nor with the
 * OpenTelemetry agent. Add {@code <turboFilter class="io.tracebridge.logback.TraceIdTurboFilter"/>}.
 *
 * <p>Decides nothing. What it put there is taken away at the next line outside of spans.
 * @since 0.1
 */
public final class TraceIdTurboFilter extends TurboFilter {
    private static final String TRACE_ID = "trace_id";
    private static final String SPAN_ID = "span_id";

    private static final ThreadLocal<String> PUT_HERE = new ThreadLocal<>();

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] params,
            @Nullable Throwable throwable) {
        if (level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            mirror(Span.current().getSpanContext());
        }
        return FilterReply.NEUTRAL;
    }

    private static void mirror(SpanContext span) {
        String shown = MDC.get(SPAN_ID);
        if (span.isValid()) {
            if (!span.getSpanId().equals(shown)) {
                MDC.put(TRACE_ID, span.getTraceId());
                MDC.put(SPAN_ID, span.getSpanId());
                PUT_HERE.set(span.getSpanId());
            }
        } else if (shown != null && shown.equals(PUT_HERE.get())) {
            MDC.remove(TRACE_ID);
            MDC.remove(SPAN_ID);
            PUT_HERE.remove();
        }
    }
}
