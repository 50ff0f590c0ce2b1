/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.tracebridge.context.RewrittenSpan;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Lets outgoing calls say "sampled, weight 1" once an error is known to keep their trace: the services called from
 * then on keep their part, whatever their own head decision would be.
 */
final class ErrorAwarePropagator implements TextMapPropagator {
    private final TextMapPropagator propagator;
    private final TraceIntake intake;

    ErrorAwarePropagator(TextMapPropagator propagator, TraceIntake intake) {
        this.propagator = propagator;
        this.intake = intake;
    }

    @Override
    public Collection<String> fields() {
        return propagator.fields();
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
        propagator.inject(told(context), carrier, setter);
    }

    private Context told(Context context) {
        try {
            SpanContext span = Span.fromContext(context).getSpanContext();
            if (!span.isValid() || span.isRemote() || !intake.isKnownError(span.getTraceId())) {
                return context;
            }
            byte flags = (byte)
                    (span.getTraceFlags().asByte() | TraceFlags.getSampled().asByte());
            return RewrittenSpan.with(
                    context,
                    SpanContext.create(
                            span.getTraceId(),
                            span.getSpanId(),
                            TraceFlags.fromByte(flags),
                            OtelState.withThreshold(span.getTraceState(), Threshold.ALWAYS)));
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
            return context;
        }
    }

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
        return propagator.extract(context, carrier, getter);
    }

    @Override
    public String toString() {
        return "ErrorAwarePropagator{" + propagator + "}";
    }
}
