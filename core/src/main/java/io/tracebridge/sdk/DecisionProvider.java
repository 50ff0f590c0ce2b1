/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.context.AiProviders;
import io.tracebridge.sampling.TailSampling;
import io.tracebridge.sampling.UnrecordedSampler;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the tail decision between the SDK and all exporters. Last in order, so that it sees the exporters as others
 * wrapped them and nobody can add a processor behind it.
 */
final class DecisionProvider implements AutoConfigurationCustomizerProvider {
    private final Settings settings;
    private final TailSampling sampling;
    private final List<TextMapPropagator> propagators;
    private final @Nullable LocalExport local;

    DecisionProvider(
            Settings settings,
            TailSampling sampling,
            List<TextMapPropagator> propagators,
            @Nullable LocalExport local) {
        this.settings = settings;
        this.sampling = sampling;
        this.propagators = propagators;
        this.local = local;
    }

    @Override
    public int order() {
        return Integer.MAX_VALUE;
    }

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        customizer.addPropertiesCustomizer(this::overrides);
        customizer.addPropagatorCustomizer((propagator, config) -> combined(propagator));
        customizer.addSamplerCustomizer((configured, config) -> sampler(configured));
        if (!settings.tracing()) {
            return;
        }
        customizer.addSpanExporterCustomizer((exporter, config) -> take(exporter));
        customizer.addSpanProcessorCustomizer((processor, config) -> withoutExport(processor));
        customizer.addTracerProviderCustomizer((builder, config) -> builder.addSpanProcessor(sampling.spanProcessor()));
        customizer.addLoggerProviderCustomizer(
                (builder, config) -> builder.addLogRecordProcessor(sampling.logRecordProcessor()));
        if (local != null) {
            customizer.addMeterProviderCustomizer(
                    (builder, config) -> builder.registerMetricReader(PeriodicMetricReader.builder(local.metrics())
                            .setInterval(Duration.ofSeconds(1))
                            .build()));
        }
    }

    private Map<String, String> overrides(ConfigProperties config) {
        Map<String, String> chosen = new HashMap<>();
        for (String name : List.of("otel.traces.exporter", "otel.metrics.exporter", "otel.logs.exporter")) {
            String value = config.getString(name);
            if (value != null && !value.equals("none")) {
                chosen.put(name, value);
            }
        }
        String protocol = config.getString("otel.exporter.otlp.traces.protocol");
        Map<String, String> overrides = new HashMap<>(OtlpProperties.overrides(settings, protocol, chosen));
        if (!settings.tracing()) {
            overrides.put("otel.traces.exporter", "none");
        }
        if (!settings.foreignSampler()) {
            // replaced by ours anyway; a value that the SDK cannot read must not stop it
            overrides.put("otel.traces.sampler", "always_on");
        }
        return overrides;
    }

    private TextMapPropagator combined(TextMapPropagator configured) {
        List<TextMapPropagator> all = new ArrayList<>();
        all.add(AiProviders.without(configured));
        all.addAll(propagators);
        TextMapPropagator combined = TextMapPropagator.composite(all);
        return settings.tracing() ? sampling.propagator(combined) : combined;
    }

    /** Without tracing nothing is recorded, but a dropped span still has valid ids for logs, events and headers. */
    private Sampler sampler(Sampler configured) {
        return settings.tracing()
                ? sampling.sampler(settings.foreignSampler() ? configured : null)
                : new UnrecordedSampler();
    }

    private SpanExporter take(SpanExporter exporter) {
        sampling.addBatchExporter(nameOf(exporter), exporter);
        return new TakenExporter(exporter);
    }

    private static String nameOf(SpanExporter exporter) {
        String type = exporter.getClass().getSimpleName();
        return type.startsWith("Otlp") ? "otlp" : type;
    }

    /** A batch or simple processor only feeds the stand-in of an exporter that the tail decision took. */
    private static SpanProcessor withoutExport(SpanProcessor processor) {
        if (processor instanceof BatchSpanProcessor || processor instanceof SimpleSpanProcessor) {
            processor.shutdown();
            return SpanProcessor.composite();
        }
        return processor;
    }
}
