/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.context.Context;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The trace and the pipeline as they were on one thread, to be taken to another. Work that is wrapped runs with them
 * current and with their ids in the MDC; what the other thread had before is put back afterwards.
 *
 * <p>Wrap the function rather than the pool where futures are chained: a pool's wrapper works at submission, which
 * happens on whatever thread completed the stage before. Immutable and thread-safe; what the work throws goes through.
 * @since 0.1
 */
@SuppressWarnings("try") // the activation is held, not used
public final class Snapshot {
    private final Context context;

    private Snapshot(Context context) {
        this.context = context;
    }

    /** What is current on this thread; works outside of pipelines, too. */
    public static Snapshot capture() {
        return new Snapshot(Context.current());
    }

    /** The work, which runs with this snapshot current wherever it is run, as often as it is. */
    public Runnable wrap(Runnable work) {
        return () -> {
            try (Activation activation = Activation.of(context)) {
                work.run();
            }
        };
    }

    /** Like {@link #wrap(Runnable)}, with a value. */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> work) {
        return () -> {
            try (Activation activation = Activation.of(context)) {
                return work.call();
            }
        };
    }

    /** Named apart from {@link #wrap(Callable)}: a lambda without parameters could be either. */
    public <T extends @Nullable Object> Supplier<T> wrapSupplier(Supplier<T> work) {
        return () -> {
            try (Activation activation = Activation.of(context)) {
                return work.get();
            }
        };
    }

    /** Like {@link #wrap(Runnable)}, for a stage of a future. */
    public <A extends @Nullable Object, T extends @Nullable Object> Function<A, T> wrap(Function<A, T> work) {
        return argument -> {
            try (Activation activation = Activation.of(context)) {
                return work.apply(argument);
            }
        };
    }

    /** Like {@link #wrap(Runnable)}, for the end of a future. */
    public <A extends @Nullable Object, B extends @Nullable Object, T extends @Nullable Object>
            BiFunction<A, B, T> wrap(BiFunction<A, B, T> work) {
        return (first, second) -> {
            try (Activation activation = Activation.of(context)) {
                return work.apply(first, second);
            }
        };
    }

    /** Named apart from {@link #wrap(Function)}: a lambda with one parameter could be either. */
    public <A extends @Nullable Object> Consumer<A> wrapConsumer(Consumer<A> work) {
        return argument -> {
            try (Activation activation = Activation.of(context)) {
                work.accept(argument);
            }
        };
    }

    /**
     * An executor whose tasks all run with this snapshot, whatever was current where they were handed in. Named apart
     * from {@link #wrap(Function)}: an executor is a functional interface, too.
     */
    public Executor wrapExecutor(Executor executor) {
        return task -> executor.execute(wrap(task));
    }

    /** An executor service whose tasks all run with this snapshot. Shutting it down shuts down the one it wraps. */
    public ExecutorService wrap(ExecutorService executor) {
        return new SnapshotExecutor(this, executor);
    }

    /**
     * Writes the headers that {@link Pipeline#resume} reads: the trace's ids and nothing of the pipeline's data, since
     * headers reach other people's hosts and queues.
     * @param setter called once for each header
     */
    public void toHeaders(BiConsumer<String, String> setter) {
        Guard.run(() -> ContextRuntime.current().propagator().inject(context, setter, (carrier, key, value) -> {
            if (carrier != null) {
                carrier.accept(key, value);
            }
        }));
    }
}
