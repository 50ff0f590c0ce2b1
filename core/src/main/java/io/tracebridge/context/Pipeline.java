/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A unit of work of several steps, with data that every event made inside it carries. Follows the work over threads by
 * {@link Snapshot} and over processes by {@link #resume}.
 *
 * <p>Bounds: 64 keys, 1,024 characters a value, 16,384 characters in all, 100 steps; what does not fit is left out and
 * counted on the event. Thread-safe; never throws.
 * @since 0.1
 */
public final class Pipeline {
    private static final Pipeline INERT = new Pipeline(null, "", null);

    private final @Nullable PipelineData data;
    private final String name;
    private final @Nullable Span root;

    private Pipeline(@Nullable PipelineData data, String name, @Nullable Span root) {
        this.data = data;
        this.name = name;
        this.root = root;
    }

    static Pipeline start(ContextRuntime runtime, String name, Attrs attrs, @Nullable StepFrame around, Span root) {
        PipelineData data = new PipelineData(runtime);
        Pipeline pipeline = new Pipeline(data, runtime.scrubber().text(name, PipelineData.MAX_TAG), root);
        if (around != null) {
            around.pipeline().data().data().forEach(data::put);
            around.pipeline().data().tags().forEach(data::tag);
        }
        attrs.asMap().forEach(data::put);
        return pipeline;
    }

    /** The pipeline the calling code runs in; outside of one an inert instance that takes everything and keeps nothing. */
    public static Pipeline current() {
        StepFrame frame = StepFrame.from(Context.current());
        return frame == null ? INERT : frame.pipeline();
    }

    /**
     * Runs the body as a pipeline with a step of the same name. A throwable that leaves it and was not captured becomes
     * an event, unless that is switched off.
     */
    public static <T extends @Nullable Object, E extends Exception> T run(
            @Nullable String name, @Nullable Attrs attrs, Body<T, E> body) throws E {
        return run(Context.current(), StepFrame.Opening.pipeline(name, attrs, SpanKind.INTERNAL), body);
    }

    /** Like {@link #run(String, Attrs, Body)} for a body that does not need the pipeline. */
    public static <T extends @Nullable Object, E extends Exception> T run(
            @Nullable String name, @Nullable Attrs attrs, Call<T, E> body) throws E {
        return run(name, attrs, pipeline -> body.call());
    }

    /** Like {@link #run(String, Attrs, Body)} for a body without a value. */
    public static <E extends Exception> void run(@Nullable String name, @Nullable Attrs attrs, Run<E> body) throws E {
        run(name, attrs, Pipeline.<E>valueless(body));
    }

    /** Like {@link #run(String, Attrs, Body)} without attributes. */
    public static <T extends @Nullable Object, E extends Exception> T run(@Nullable String name, Body<T, E> body)
            throws E {
        return run(name, Attrs.none(), body);
    }

    /** Like {@link #run(String, Attrs, Call)} without attributes. */
    public static <T extends @Nullable Object, E extends Exception> T run(@Nullable String name, Call<T, E> body)
            throws E {
        return run(name, Attrs.none(), body);
    }

    /** Like {@link #run(String, Attrs, Run)} without attributes. */
    public static <E extends Exception> void run(@Nullable String name, Run<E> body) throws E {
        run(name, Attrs.none(), body);
    }

    /**
     * Goes on with a pipeline of another thread or process, from headers that {@link Snapshot#toHeaders} or any
     * instrumented sender wrote. Missing or malformed headers start a new trace.
     * @param getter from a header's name to its value, null when there is none; names come as the propagator spells them
     */
    public static <T extends @Nullable Object, E extends Exception> T resume(
            @Nullable String name, Function<String, @Nullable String> getter, Body<T, E> body) throws E {
        return run(extract(getter), StepFrame.Opening.pipeline(name, Attrs.none(), SpanKind.CONSUMER), body);
    }

    /** Like {@link #resume(String, Function, Body)} for a body that does not need the pipeline. */
    public static <T extends @Nullable Object, E extends Exception> T resume(
            @Nullable String name, Function<String, @Nullable String> getter, Call<T, E> body) throws E {
        return resume(name, getter, pipeline -> body.call());
    }

    /** Like {@link #resume(String, Function, Body)} for a body without a value. */
    public static <E extends Exception> void resume(
            @Nullable String name, Function<String, @Nullable String> getter, Run<E> body) throws E {
        resume(name, getter, Pipeline.<E>valueless(body));
    }

    /** Puts data on the events of this pipeline, and on the span of its first step. Null keys and values are left out. */
    public Pipeline put(@Nullable String key, @Nullable Object value) {
        PipelineData kept = data;
        if (kept != null) {
            Guard.run(() -> putAll(kept, Attrs.attrs(key, value)));
        }
        return this;
    }

    /** Puts a tag on the events of this pipeline: searchable, at most 200 characters. */
    public Pipeline tag(@Nullable String key, @Nullable Object value) {
        PipelineData kept = data;
        String text = kept == null ? null : AttrValue.text(value);
        if (kept != null && key != null && !key.isBlank() && text != null) {
            Guard.run(() -> {
                kept.tag(Attrs.cutKey(key), text);
                setOnRoot(Attrs.attrs(key, text));
            });
        }
        return this;
    }

    /** Marks a named point on the path, without a span of its own. */
    public Pipeline step(@Nullable String stepName) {
        PipelineData kept = data;
        if (kept != null && stepName != null) {
            Guard.run(() -> {
                var unused = kept.step(Attrs.cutKey(stepName), true);
            });
        }
        return this;
    }

    /** Its name, scrubbed; empty for the inert one. */
    public String name() {
        return name;
    }

    /** Keeps a note for the next event of this pipeline; false for the inert one. */
    public boolean note(Note note) {
        PipelineData kept = data;
        if (kept == null) {
            return false;
        }
        kept.note(note);
        return true;
    }

    PipelineData data() {
        if (data == null) {
            throw new IllegalStateException("an inert pipeline is in no context");
        }
        return data;
    }

    private void putAll(PipelineData kept, Attrs attrs) {
        attrs.asMap().forEach(kept::put);
        setOnRoot(attrs);
    }

    private void setOnRoot(Attrs attrs) {
        if (root != null) {
            root.setAllAttributes(attrs.asAttributes(ContextRuntime.current()));
        }
    }

    private static <T extends @Nullable Object, E extends Exception> T run(
            Context outer, StepFrame.Opening opening, Body<T, E> body) throws E {
        ContextRuntime runtime = ContextRuntime.current();
        StepFrame frame = runtime.active() ? StepFrame.open(runtime, outer, opening) : null;
        return frame == null ? body.call(INERT) : frame.run(step -> body.call(frame.pipeline()));
    }

    private static <E extends Exception> Body<Boolean, E> valueless(Run<E> body) {
        return pipeline -> {
            body.run();
            return true; // for nobody
        };
    }

    private static Context extract(@Nullable Function<String, @Nullable String> getter) {
        Context here = Context.current();
        if (getter == null) {
            return here;
        }
        try {
            Context extracted = ContextRuntime.current().propagator().extract(here, getter, HeaderGetter.INSTANCE);
            SpanContext span = Span.fromContext(extracted).getSpanContext();
            return span.isValid() ? extracted : here;
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable malformed) {
            Guard.log(malformed);
            return here;
        }
    }

    /**
     * Work in a pipeline.
     * @since 0.1
     */
    @FunctionalInterface
    public interface Body<T extends @Nullable Object, E extends Exception> {
        T call(Pipeline pipeline) throws E;
    }

    private enum HeaderGetter implements TextMapGetter<Function<String, @Nullable String>> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Function<String, @Nullable String> carrier) {
            return List.of();
        }

        @Override
        public @Nullable String get(@Nullable Function<String, @Nullable String> carrier, String key) {
            return carrier == null ? null : carrier.apply(key);
        }
    }
}
