/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SdkTracerProviderBuilder;
import io.tracebridge.context.AiProviders;
import io.tracebridge.otlp.SpoolingSenders;
import io.tracebridge.sampling.TailSampling;
import io.tracebridge.sampling.UnrecordedSampler;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OpenTelemetry that the bridge works on: one that it built, or the application's that was there before. Never
 * two of them.
 *
 * <p>Thread-safe. Does not throw: a configuration that the SDK refuses is named in one log line, and the bridge goes on
 * with an SDK that feeds Sentry alone.
 */
public final class OpenTelemetrySetup {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge");

    /** What the process sees as its global one, if nobody was there before us. */
    private static final SwitchableOpenTelemetry SWITCHABLE = new SwitchableOpenTelemetry();

    /** The global one as the process sees it when it is ours; it wraps what it is given. */
    private static @Nullable OpenTelemetry ours;

    private final OpenTelemetry openTelemetry;
    private final @Nullable OpenTelemetrySdk owned;

    private OpenTelemetrySetup(OpenTelemetry openTelemetry, @Nullable OpenTelemetrySdk owned) {
        this.openTelemetry = openTelemetry;
        this.owned = owned;
    }

    /**
     * Uses the global OpenTelemetry if there is one, else builds it from OpenTelemetry's own settings with our parts.
     * @param propagators ours, besides the configured ones
     * @param local null when the destination is known or there is to be none
     */
    public static OpenTelemetrySetup start(
            Settings settings,
            TailSampling sampling,
            SpoolingSenders senders,
            List<TextMapPropagator> propagators,
            @Nullable LocalExport local) {
        if (settings.sdkDisabled() || !settings.enabled()) {
            return new OpenTelemetrySetup(OpenTelemetry.noop(), null);
        }
        if (!becomeGlobal()) {
            return new OpenTelemetrySetup(GlobalOpenTelemetry.getOrNoop(), null);
        }
        if (local != null) {
            local.addTo(sampling);
        }
        OpenTelemetrySdk sdk = build(settings, sampling, senders, propagators, local);
        if (settings.tracing()) {
            sampling.meterProvider(sdk.getMeterProvider());
            sampling.checkLogs(sdk.getSdkLoggerProvider());
        }
        SWITCHABLE.use(sdk);
        return new OpenTelemetrySetup(sdk, sdk);
    }

    /** Sends the kept traces of an SDK that the application built to {@code OTLP_ENDPOINT}, if that is set. */
    public static void exportFromForeign(Settings settings, TailSampling sampling, SpoolingSenders senders) {
        if (settings.otlpEndpoint() != null) {
            OtlpHttpSpanExporterBuilder exporter =
                    OtlpHttpSpanExporter.builder().setEndpoint(OtlpProperties.tracesUrl(settings.otlpEndpoint()));
            settings.otlpHeaders().forEach(exporter::addHeader);
            sampling.addBatchExporter("otlp", senders.rebuild(exporter.build()));
        }
    }

    public OpenTelemetry openTelemetry() {
        return openTelemetry;
    }

    /** Whether the application or an agent built it, and owns its life. */
    public boolean isForeign() {
        return owned == null;
    }

    /** Hands all ended spans to the exporters; false when the time was up. */
    public boolean flush(Duration timeout) {
        return owned == null
                || owned.getSdkTracerProvider()
                        .forceFlush()
                        .join(timeout.toMillis(), TimeUnit.MILLISECONDS)
                        .isSuccess();
    }

    /**
     * Shuts down what the bridge built, and leaves what it found. Traces go first, because deciding about them still
     * counts into the metrics.
     * @return false when the time was up
     */
    public boolean close(Duration timeout) {
        if (owned == null) {
            return true;
        }
        SWITCHABLE.use(OpenTelemetry.noop());
        try {
            return flush(timeout);
        } finally {
            owned.shutdown().join(timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Whether the global OpenTelemetry is ours, now or already; false when the application or an agent set one. */
    private static synchronized boolean becomeGlobal() {
        if (!GlobalOpenTelemetry.isSet()) {
            try {
                GlobalOpenTelemetry.set(SWITCHABLE);
                ours = GlobalOpenTelemetry.get();
            } catch (IllegalStateException setMeanwhile) {
                return false;
            }
        }
        return ours == GlobalOpenTelemetry.get();
    }

    private static OpenTelemetrySdk build(
            Settings settings,
            TailSampling sampling,
            SpoolingSenders senders,
            List<TextMapPropagator> propagators,
            @Nullable LocalExport local) {
        try {
            return AutoConfiguredOpenTelemetrySdk.builder()
                    .disableShutdownHook()
                    .setComponentLoader(new WithProviders(List.of(
                            new DefaultsProvider(settings, senders),
                            new DecisionProvider(settings, sampling, propagators, local))))
                    .build()
                    .getOpenTelemetrySdk();
        } catch (ConfigurationException refused) {
            LOG.warn(
                    "OpenTelemetry refused its configuration, so its exporters are off; errors and traces still go to"
                            + " Sentry: {}",
                    refused.getMessage());
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failed) { // a provider on the class path that cannot be loaded is an error of its own kind
            // not its message: the HTTP client's repeats header values
            LOG.warn(
                    "OpenTelemetry could not be configured, so its exporters are off; errors and traces still go to"
                            + " Sentry: {}",
                    failed.getClass().getName());
        }
        return bare(settings, sampling, propagators);
    }

    /** Ids, the tail decision and Sentry's exporter, without anything that could be configured wrongly. */
    private static OpenTelemetrySdk bare(
            Settings settings, TailSampling sampling, List<TextMapPropagator> propagators) {
        ResourceBuilder resource = Resource.getDefault().toBuilder()
                .put("service.name", settings.serviceName())
                .put("deployment.environment.name", settings.environment());
        if (settings.instanceId() != null) {
            resource.put("service.instance.id", settings.instanceId());
        }
        SdkTracerProviderBuilder tracers = SdkTracerProvider.builder().setResource(resource.build());
        if (settings.tracing()) {
            tracers.setSampler(sampling.sampler(null)).addSpanProcessor(sampling.spanProcessor());
        } else {
            tracers.setSampler(new UnrecordedSampler());
        }
        List<TextMapPropagator> all = new ArrayList<>();
        all.add(AiProviders.without(W3CTraceContextPropagator.getInstance()));
        all.addAll(propagators);
        return OpenTelemetrySdk.builder()
                .setTracerProvider(tracers.build())
                .setPropagators(ContextPropagators.create(TextMapPropagator.composite(all)))
                .build();
    }

    /** Everything installed on the class path, and our providers, which belong to this start. */
    private record WithProviders(List<AutoConfigurationCustomizerProvider> ours) implements ComponentLoader {
        private static final ComponentLoader INSTALLED =
                ComponentLoader.forClassLoader(OpenTelemetrySetup.class.getClassLoader());

        @Override
        public <T> Iterable<T> load(Class<T> type) {
            if (type != AutoConfigurationCustomizerProvider.class) {
                return INSTALLED.load(type);
            }
            List<T> all = new ArrayList<>();
            INSTALLED.load(type).forEach(all::add);
            ours.forEach(provider -> all.add(type.cast(provider)));
            return all;
        }
    }
}
