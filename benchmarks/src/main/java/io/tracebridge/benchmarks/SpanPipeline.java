/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.sampling.TailSampling;
import io.tracebridge.settings.Settings;
import java.util.Collection;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** An OpenTelemetry SDK in one of the ways that spans can be treated, with an exporter that only counts. */
public final class SpanPipeline implements AutoCloseable {
    /** How spans are treated. */
    public enum Mode {
        /** Nothing is recorded: the floor. */
        DROP,
        /** One trace in ten is recorded and batched: what most applications run. */
        HEAD10_BSP,
        /** Every trace is recorded and batched: what keeping every error costs without a tail decision. */
        ALL_BSP,
        /** Every span is recorded and thrown away. */
        RECORD_ONLY,
        /** Tail decision at 10 %, without an exporter: recorded, put aside, decided, dropped. */
        TAIL,
        /** Tail decision at 10 % with an exporter: also scrubbed, encoded and held by the worker. */
        TAIL_HELD
    }

    private final SdkTracerProvider provider;
    private final @Nullable TailSampling sampling;
    private final Counting exporter;

    private SpanPipeline(SdkTracerProvider provider, @Nullable TailSampling sampling, Counting exporter) {
        this.provider = provider;
        this.sampling = sampling;
        this.exporter = exporter;
    }

    static SpanPipeline start(Mode mode) {
        Counting exporter = new Counting();
        SdkTracerProviderBuilder builder = SdkTracerProvider.builder();
        TailSampling sampling = null;
        switch (mode) {
            case DROP -> builder.setSampler(Sampler.parentBased(Sampler.alwaysOff()));
            case HEAD10_BSP ->
                builder.setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(0.1)))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build());
            case ALL_BSP ->
                builder.setSampler(Sampler.parentBased(Sampler.alwaysOn()))
                        .addSpanProcessor(BatchSpanProcessor.builder(exporter).build());
            case RECORD_ONLY -> builder.setSampler(new RecordOnly()).addSpanProcessor(new Ignoring());
            case TAIL, TAIL_HELD -> {
                sampling = TailSampling.builder()
                        .settings(Settings.builder().samplingRate(0.1).build())
                        .build();
                if (mode == Mode.TAIL_HELD) {
                    sampling.addBatchExporter("counting", exporter);
                }
                builder.setSampler(sampling.sampler(null)).addSpanProcessor(sampling.spanProcessor());
            }
        }
        return new SpanPipeline(builder.build(), sampling, exporter);
    }

    Tracer tracer() {
        return provider.get("io.tracebridge.benchmarks");
    }

    /** What came out, so that a mode which fell back to dropping is not taken for a fast one. */
    String report() {
        return sampling == null
                ? "exported " + exporter.spans.sum()
                : sampling.health().line();
    }

    @Override
    public void close() {
        provider.close();
    }

    private static final class Counting implements SpanExporter {
        private final LongAdder spans = new LongAdder();

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            spans.add(batch.size());
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
    }

    private static final class Ignoring implements SpanProcessor {
        @Override
        public void onStart(Context parentContext, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
