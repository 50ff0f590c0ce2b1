/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One running step: its span, its place among the steps around it, and its end, which comes once. Travels in the
 * OpenTelemetry context and never in baggage, which would hand it to every host that is called.
 */
final class StepFrame {
    private static final ContextKey<StepFrame> KEY = ContextKey.named("io.tracebridge.step");
    private static final AtomicLong NEXT_PLACE = new AtomicLong();
    private static final int MAX_STATUS = 256;

    private final ContextRuntime runtime;
    private final Pipeline pipeline;
    private final @Nullable StepFrame parent;
    private final String name;
    private final Span span;
    private final @Nullable String parentSpanId;
    private final String place;
    private final boolean reportsEscapes;
    private final Context context;
    private final PipelineData.StepEntry entry;
    private final Map<String, Object> attributes;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile @Nullable String errorType;

    private StepFrame(ContextRuntime runtime, Pipeline pipeline, Context outer, Span span, Opening opening) {
        this.runtime = runtime;
        this.pipeline = pipeline;
        this.parent = from(outer);
        this.name = opening.name;
        this.span = span;
        SpanContext outerSpan = Span.fromContext(outer).getSpanContext();
        this.parentSpanId = outerSpan.isValid() ? outerSpan.getSpanId() : null;
        SpanContext own = span.getSpanContext();
        this.place = own.isValid() && !own.equals(outerSpan) ? own.getSpanId() : "#" + NEXT_PLACE.incrementAndGet();
        this.reportsEscapes = opening.reportsEscapes;
        this.attributes = opening.attrs.asMap();
        this.context = outer.with(span).with(KEY, this);
        this.entry = pipeline.data().step(name, false);
    }

    /** How a step begins. */
    record Opening(String name, Attrs attrs, SpanKind kind, boolean reportsEscapes) {
        static Opening step(@Nullable String name, @Nullable Attrs attrs) {
            return new Opening(name == null ? "unnamed" : name, orNone(attrs), SpanKind.INTERNAL, false);
        }

        static Opening pipeline(@Nullable String name, @Nullable Attrs attrs, SpanKind kind) {
            return new Opening(name == null ? "unnamed" : name, orNone(attrs), kind, true);
        }

        private static Attrs orNone(@Nullable Attrs attrs) {
            return attrs == null ? Attrs.none() : attrs;
        }
    }

    /** The innermost step of a context; null outside of steps. */
    static @Nullable StepFrame from(Context context) {
        return context.get(KEY);
    }

    /** Starts a step; null when that failed, and then the work must run without one. */
    static @Nullable StepFrame open(ContextRuntime runtime, Context outer, Opening opening) {
        try {
            StepFrame around = from(outer);
            SpanBuilder builder = runtime.tracer()
                    .spanBuilder(opening.name)
                    .setParent(outer)
                    .setSpanKind(opening.kind)
                    .setAllAttributes(opening.attrs.asAttributes(runtime));
            Span span = builder.startSpan();
            // the outermost step is a pipeline of its own: those who only wrap steps get its data on their events, too
            Pipeline pipeline = around == null || opening.reportsEscapes
                    ? Pipeline.start(runtime, opening.name, opening.attrs, around, span)
                    : around.pipeline;
            StepFrame frame = new StepFrame(runtime, pipeline, outer, span, opening);
            runtime.recentSteps().started(frame);
            return frame;
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failed) {
            Guard.log(failed);
            return null;
        }
    }

    /** Runs the work in this step and ends it: at once, or when the returned stage completes. */
    <T extends @Nullable Object, E extends Exception> T run(StepCall<T, E> body) throws E {
        T result;
        Activation activation = Activation.of(context);
        try {
            result = body.call(new Step(this));
        } catch (Throwable failure) {
            fail(failure);
            throw failure;
        } finally {
            activation.close();
        }
        endWith(result);
        return result;
    }

    private void endWith(@Nullable Object result) {
        if (!(result instanceof CompletionStage<?> stage)) {
            end("ok");
            return;
        }
        try {
            // only looked at: the caller gets the original, so that cancel() on it still reaches the work
            var unused = stage.whenComplete((value, failure) -> completed(failure));
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable noObservers) {
            Guard.log(noObservers);
            end("ok");
        }
    }

    @SuppressWarnings("try") // the activation is held, not used
    private void completed(@Nullable Throwable failure) {
        if (failure == null) {
            end("ok");
            return;
        }
        try (Activation activation = Activation.of(context)) {
            fail(failure);
        }
    }

    /** Ends the step as failed. Whatever goes wrong in here, the application's own throwable is the one that goes on. */
    private void fail(Throwable throwable) {
        String outcome = "failed";
        try {
            Throwable failure = Failure.unwrap(throwable);
            if (Failure.isCancellation(failure)) {
                outcome = "cancelled";
                span.setAttribute("cancelled", true);
                return;
            }
            String type = errorType == null ? Failure.errorType(failure) : errorType;
            span.setStatus(StatusCode.ERROR, Failure.message(failure, runtime.scrubber(), MAX_STATUS));
            span.setAttribute("error.type", type);
            boolean thrownHere = runtime.origins()
                    .remember(
                            failure,
                            origin(
                                    span.getSpanContext(),
                                    type,
                                    Thread.currentThread().getName()),
                            true);
            if (thrownHere) {
                recordException(span, failure, runtime);
            }
            if (reportsEscapes) {
                // before the end: the whole trace is still in memory when it is asked to be kept
                runtime.escapes().escaped(throwable, span.getSpanContext().getTraceId());
            }
        } catch (Throwable failed) {
            Guard.log(failed);
        } finally {
            end(outcome);
        }
    }

    /** Not {@code Span.recordException}: that asks the throwable for its text, unbounded, unscrubbed, and may throw. */
    static void recordException(Span span, Throwable failure, ContextRuntime runtime) {
        if (!span.isRecording()) {
            return;
        }
        span.addEvent(
                "exception",
                Attributes.builder()
                        .put("exception.type", Failure.type(failure))
                        .put("exception.message", Failure.message(failure, runtime.scrubber(), 1_024))
                        .put("exception.stacktrace", Failure.stackTrace(failure, runtime.scrubber()))
                        .build());
    }

    private void end(String outcome) {
        if (ended.compareAndSet(false, true)) {
            Guard.run(() -> {
                entry.end(runtime.nanoTime(), outcome);
                runtime.recentSteps().ended(this);
                span.end();
            });
        }
    }

    void put(Attrs attrs) {
        Map<String, Object> more = attrs.asMap();
        synchronized (attributes) {
            more.forEach((key, value) -> {
                if (attributes.size() < Attrs.MAX_KEYS || attributes.containsKey(key)) {
                    attributes.put(key, value);
                }
            });
        }
        span.setAllAttributes(attrs.asAttributes(runtime));
    }

    void errorType(@Nullable String type) {
        errorType = type == null || type.isBlank() ? null : Attrs.cutKey(type);
    }

    Pipeline pipeline() {
        return pipeline;
    }

    SpanContext spanContext() {
        return span.getSpanContext();
    }

    String name() {
        return name;
    }

    /**
     * This place as it is now.
     * @param at this step's span, or one that other instrumentation opened inside it
     * @param type of the failure; null for what the step itself says
     */
    Origin origin(SpanContext at, @Nullable String type, @Nullable String threadName) {
        boolean own = at.equals(span.getSpanContext());
        Set<String> within = new LinkedHashSet<>();
        if (!own && at.isValid()) {
            within.add(at.getSpanId());
        }
        Map<String, Object> all = new LinkedHashMap<>();
        for (StepFrame frame = this; frame != null; frame = frame.parent) {
            within.add(frame.place);
            frame.copyAttributes().forEach(all::putIfAbsent);
        }
        PipelineData data = pipeline.data();
        return new Origin(
                at.isValid() ? at.getTraceId() : null,
                at.isValid() ? at.getSpanId() : null,
                own ? parentSpanId : null,
                pipeline.name(),
                name,
                type == null ? errorType : type,
                copyAttributes(),
                all,
                data.data(),
                data.tags(),
                data.path(),
                data.notes(),
                data.dropped(),
                threadName,
                within.iterator().next(),
                within);
    }

    private Map<String, Object> copyAttributes() {
        synchronized (attributes) {
            return new LinkedHashMap<>(attributes);
        }
    }
}
