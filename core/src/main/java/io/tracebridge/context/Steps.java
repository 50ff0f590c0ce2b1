/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind the facade's {@code withSpan}: runs work in a step and lets its exceptions through unchanged, same
 * type and same instance.
 *
 * <p>Thread-safe. Without an installed runtime, or when a step cannot be started, the work runs all the same.
 */
public final class Steps {
    private Steps() {}

    /**
     * Runs the work in a step. A returned {@link java.util.concurrent.CompletionStage} ends the step when it completes
     * and is given back as it is.
     */
    public static <T extends @Nullable Object, E extends Exception> T call(
            @Nullable String name, @Nullable Attrs attrs, StepCall<T, E> body) throws E {
        ContextRuntime runtime = ContextRuntime.current();
        StepFrame frame = runtime.active()
                ? StepFrame.open(runtime, Context.current(), StepFrame.Opening.step(name, attrs))
                : null;
        return frame == null ? body.call(Step.INERT) : frame.run(body);
    }

    /** Like {@link #call(String, Attrs, StepCall)} for work that does not need the step. */
    public static <T extends @Nullable Object, E extends Exception> T call(
            @Nullable String name, @Nullable Attrs attrs, Call<T, E> body) throws E {
        return call(name, attrs, step -> body.call());
    }

    /** Like {@link #call(String, Attrs, StepCall)} for work without a value. */
    public static <E extends Exception> void run(@Nullable String name, @Nullable Attrs attrs, Run<E> body) throws E {
        StepCall<Boolean, E> valueless = step -> {
            body.run();
            return true; // for nobody
        };
        call(name, attrs, valueless);
    }

    /** Gives {@code X-Trace-Id} to a response; does nothing when there is no trace. Call it before the response is committed. */
    public static void addTraceHeaders(BiConsumer<String, String> setter) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            Guard.run(() -> setter.accept("X-Trace-Id", span.getTraceId()));
        }
    }
}
