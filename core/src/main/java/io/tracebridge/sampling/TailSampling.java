/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.Health;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Records every span, decides at the end of the local trace, and keeps every trace with an error. One instance serves
 * one OpenTelemetry SDK.
 *
 * <p>Thread-safe. Nothing here throws into, blocks or leaks into the application. Threads start with the first trace.
 * @since 0.1
 */
public final class TailSampling implements AutoCloseable {
    private final Settings settings;
    private final Accounting accounting;

    private TailSampling(Builder builder) {
        settings = requireNonNull(builder.settings, "settings");
        accounting = builder.accounting;
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The sampler for the SDK: records everything, decides only what the wire says.
     * @param configured the head decision the user chose; null for our consistent one at the configured rate
     */
    public Sampler sampler(@Nullable Sampler configured) {
        return configured != null ? configured : Sampler.traceIdRatioBased(settings.samplingRate());
    }

    /** The only span processor between the SDK and our exporters. */
    public SpanProcessor spanProcessor() {
        return SpanProcessor.composite();
    }

    /** Sees log records at level ERROR and keeps their traces. Add it before any exporter's processor. */
    public LogRecordProcessor logRecordProcessor() {
        return new LogRecordProcessor() {
            @Override
            public void onEmit(Context context, ReadWriteLogRecord logRecord) {}
        };
    }

    /**
     * Wraps the SDK's propagator: after a known error outgoing calls say "sampled, weight 1", so that the services
     * called from then on keep their part.
     */
    public TextMapPropagator propagator(TextMapPropagator propagator) {
        return propagator;
    }

    /** Where request rate, errors and durations of all spans are recorded; call it once the SDK stands. */
    public void meterProvider(MeterProvider meterProvider) {}

    /**
     * Adds an exporter that gets one call for each kept local trace, or for each later part of one. Before the first
     * span.
     * @param name in counts and thread names, for example {@code sentry}
     */
    public void addTraceExporter(String name, SpanExporter exporter) {}

    /**
     * Adds an exporter that gets batches of at most 512 spans. Before the first span.
     * @param name in counts and thread names, for example {@code otlp}
     */
    public void addBatchExporter(String name, SpanExporter exporter) {}

    /**
     * Keeps the trace, also after its root ended.
     * @param traceId 32 hex digits
     * @param reason why, for example {@code captured_error}
     * @param fingerprint what the error budget counts
     * @return whether the trace is or will be kept: false when it is unknown, gone or over budget
     */
    public boolean keep(String traceId, String reason, String fingerprint) {
        return false;
    }

    /** Whether the trace is kept, or will be when it ends, as far as is known now. */
    public boolean isKept(String traceId) {
        return false;
    }

    public Health health() {
        return Health.withoutTracing(accounting);
    }

    /**
     * Hands everything decided to the exporters and waits for them.
     * @return false when the time was up
     */
    public boolean flush(Duration timeout) {
        return true;
    }

    /**
     * Decides what is still active, empties the queues, then shuts the exporters down. Safe to call twice.
     * @return false when the time was up; what was left is counted
     */
    public boolean shutdown(Duration timeout) {
        return true;
    }

    /** {@link #shutdown} with ten seconds. */
    @Override
    public void close() {
        shutdown(Duration.ofSeconds(10));
    }

    /** Collects what the decision needs. Not thread-safe. */
    public static final class Builder {
        private @Nullable Settings settings;
        private Scrubber scrubber = RuleScrubber.create();
        private Accounting accounting = new Accounting();

        private Builder() {}

        /** Required: head rate, slow threshold and whether tracing is on. */
        public Builder settings(Settings settings) {
            this.settings = settings;
            return this;
        }

        public Builder scrubber(Scrubber scrubber) {
            this.scrubber = requireNonNull(scrubber, "scrubber");
            return this;
        }

        /** Where losses are counted; shared with the other parts. */
        public Builder accounting(Accounting accounting) {
            this.accounting = requireNonNull(accounting, "accounting");
            return this;
        }

        public TailSampling build() {
            requireNonNull(scrubber);
            return new TailSampling(this);
        }
    }
}
