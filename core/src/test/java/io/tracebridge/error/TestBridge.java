/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.context.ContextRuntime;
import io.tracebridge.metrics.Accounting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Pipelines and errors on a real OpenTelemetry SDK, with a sink that remembers, until closed. */
public final class TestBridge implements AutoCloseable {
    public final InMemorySpanExporter spans = InMemorySpanExporter.create();
    public final RecordingSink sink = new RecordingSink();
    public final MovableClock clock = new MovableClock();
    public final Accounting accounting = new Accounting();
    public final List<String> kept = new CopyOnWriteArrayList<>();
    public final OpenTelemetrySdk sdk;
    private final ContextRuntime context;
    private final ErrorRuntime errors;

    private TestBridge(Sampler sampler, UnaryOperator<ErrorRuntime.Builder> more) {
        sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(sampler)
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build())
                .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
                .build();
        context = ContextRuntime.builder()
                .openTelemetry(sdk)
                .clock(clock)
                .escapes(ErrorRuntime::escaped)
                .build();
        errors = more.apply(ErrorRuntime.builder()
                        .sink(sink)
                        .clock(clock)
                        .accounting(accounting)
                        .traceUrlTemplate(() -> "http://t/{traceId}?span={spanId}")
                        .keeper((traceId, reason, fingerprint) -> {
                            kept.add(traceId + " " + reason + " " + fingerprint);
                            return true;
                        }))
                .build();
        context.install();
        errors.install();
    }

    public static TestBridge start() {
        return start(Sampler.alwaysOn(), builder -> builder);
    }

    public static TestBridge start(Sampler sampler, UnaryOperator<ErrorRuntime.Builder> more) {
        return new TestBridge(sampler, more);
    }

    /** The one ended span of that name. */
    public SpanData span(String name) {
        List<SpanData> named = spans.getFinishedSpanItems().stream()
                .filter(each -> each.getName().equals(name))
                .toList();
        if (named.size() != 1) {
            throw new AssertionError(named.size() + " spans named " + name);
        }
        return named.get(0);
    }

    @Override
    public void close() {
        errors.uninstall();
        context.uninstall();
        sdk.close();
    }

    /** Keeps what it gets. */
    public static final class RecordingSink implements ErrorSink {
        public final List<CapturedError> errors = new CopyOnWriteArrayList<>();
        public final List<ErrorBreadcrumb> breadcrumbs = new CopyOnWriteArrayList<>();
        public final List<StructuredLog> lines = new CopyOnWriteArrayList<>();
        public volatile boolean takesLogs;
        public volatile Runnable onSend = () -> {};

        @Override
        public String send(CapturedError error) {
            onSend.run();
            errors.add(error);
            return UUID.randomUUID().toString().replace("-", "");
        }

        @Override
        public void breadcrumb(ErrorBreadcrumb breadcrumb) {
            breadcrumbs.add(breadcrumb);
        }

        @Override
        public boolean takesLogs() {
            return takesLogs;
        }

        @Override
        public void log(StructuredLog line) {
            lines.add(line);
        }

        public CapturedError only() {
            if (errors.size() != 1) {
                throw new AssertionError(errors.size() + " events");
            }
            return errors.get(0);
        }
    }

    /** A clock that the test moves. */
    public static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-24T12:00:00Z");

        public void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
