/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A tail sampling under a fake clock, with a tracer before it and recording exporters behind it. */
final class Bench implements AutoCloseable {
    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final Accounting accounting = new Accounting();
    final Recording traces = new Recording();
    final Recording batches = new Recording();
    final TailSampling sampling;
    final SdkTracerProvider provider;
    final Tracer tracer;

    Bench(double rate, long seed) {
        this(rate, seed, builder -> builder.firstTraces(0));
    }

    Bench(double rate, long seed, UnaryOperator<TailSampling.Builder> options) {
        this(rate, seed, options, null);
    }

    Bench(double rate, long seed, UnaryOperator<TailSampling.Builder> options, Sampler configured) {
        Settings settings = Settings.builder().samplingRate(rate).build();
        sampling = options.apply(TailSampling.builder()
                        .settings(settings)
                        .accounting(accounting)
                        .manual(nanos::get))
                .build();
        sampling.addTraceExporter("trace", traces);
        sampling.addBatchExporter("batch", batches);
        provider = SdkTracerProvider.builder()
                .setSampler(sampling.sampler(configured))
                .setIdGenerator(new SeededIds(seed))
                .setClock(new io.opentelemetry.sdk.common.Clock() {
                    @Override
                    public long now() {
                        return 1_700_000_000_000_000_000L + nanos.get();
                    }

                    @Override
                    public long nanoTime() {
                        return nanos.get();
                    }
                })
                .addSpanProcessor(sampling.spanProcessor())
                .build();
        tracer = provider.get("test");
    }

    void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    void tick() {
        sampling.tick();
    }

    Span root(String name) {
        return tracer.spanBuilder(name).setNoParent().startSpan();
    }

    Span child(Span parent, String name) {
        return tracer.spanBuilder(name).setParent(Context.root().with(parent)).startSpan();
    }

    Span fromRemote(String traceId, boolean sampled, TraceState state, String name) {
        SpanContext remote = SpanContext.createFromRemoteParent(
                traceId, "00000000000000aa", sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(), state);
        return tracer.spanBuilder(name)
                .setParent(Context.root().with(Span.wrap(remote)))
                .startSpan();
    }

    @Override
    public void close() {
        sampling.shutdown(Duration.ofSeconds(5));
    }

    /** Keeps every span it gets, and how many calls brought them. */
    static final class Recording implements SpanExporter {
        final List<List<SpanData>> calls = new ArrayList<>();
        Consumer<Collection<SpanData>> before = spans -> {};

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            before.accept(spans);
            calls.add(List.copyOf(spans));
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        List<SpanData> spans() {
            return calls.stream().flatMap(List::stream).toList();
        }

        Map<String, List<SpanData>> byTrace() {
            Map<String, List<SpanData>> traces = new HashMap<>();
            spans().forEach(span -> traces.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>())
                    .add(span));
            return traces;
        }
    }

    /** Random ids that a seed brings back. */
    static final class SeededIds implements IdGenerator {
        private final Random random;

        SeededIds(long seed) {
            random = new Random(seed);
        }

        @Override
        public synchronized String generateSpanId() {
            return io.opentelemetry.api.trace.SpanId.fromLong(random.nextLong() | 1);
        }

        @Override
        public synchronized String generateTraceId() {
            return io.opentelemetry.api.trace.TraceId.fromLongs(random.nextLong(), random.nextLong() | 1);
        }
    }
}
