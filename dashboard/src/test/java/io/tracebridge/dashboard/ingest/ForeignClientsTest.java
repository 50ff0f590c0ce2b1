/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Scope;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sentry.ITransaction;
import io.sentry.Sentry;
import io.sentry.SpanStatus;
import io.sentry.TransactionOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that others wrote send to us, and what they sent is read back. */
class ForeignClientsTest extends WithIngestServer {
    private static final Resource RESOURCE = Resource.create(Attributes.of(
            AttributeKey.stringKey("service.name"), "foreign", AttributeKey.stringKey("service.version"), "2.0"));

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void openTelemetryOverGrpc_isStored(String compression) {
        String url = server.url("");
        exportAndCheck(
                OtlpGrpcSpanExporter.builder()
                        .setEndpoint(url)
                        .setCompression(compression)
                        .build(),
                OtlpGrpcLogRecordExporter.builder()
                        .setEndpoint(url)
                        .setCompression(compression)
                        .build(),
                OtlpGrpcMetricExporter.builder()
                        .setEndpoint(url)
                        .setCompression(compression)
                        .build());
        assertThat(server.counted("otlp-grpc", "span", "accepted")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void openTelemetryOverHttp_isStored(String compression) {
        exportAndCheck(
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(server.url("/v1/traces"))
                        .setCompression(compression)
                        .build(),
                OtlpHttpLogRecordExporter.builder()
                        .setEndpoint(server.url("/v1/logs"))
                        .setCompression(compression)
                        .build(),
                OtlpHttpMetricExporter.builder()
                        .setEndpoint(server.url("/v1/metrics"))
                        .setCompression(compression)
                        .build());
        assertThat(server.counted("otlp-http", "span", "accepted")).isEqualTo(1);
    }

    private static void exportAndCheck(SpanExporter spans, LogRecordExporter logs, MetricExporter metrics) {
        String traceId;
        try (SdkTracerProvider tracers = SdkTracerProvider.builder()
                        .setResource(RESOURCE)
                        .addSpanProcessor(SimpleSpanProcessor.create(spans))
                        .build();
                SdkLoggerProvider loggers = SdkLoggerProvider.builder()
                        .setResource(RESOURCE)
                        .addLogRecordProcessor(SimpleLogRecordProcessor.create(logs))
                        .build();
                SdkMeterProvider meters = SdkMeterProvider.builder()
                        .setResource(RESOURCE)
                        .registerMetricReader(PeriodicMetricReader.builder(metrics)
                                .setInterval(Duration.ofHours(1))
                                .build())
                        .build()) {
            Span span = tracers.get("test")
                    .spanBuilder("work")
                    .setSpanKind(SpanKind.SERVER)
                    .startSpan();
            traceId = span.getSpanContext().getTraceId();
            try (Scope scope = span.makeCurrent()) {
                loggers.get("com.acme.Work")
                        .logRecordBuilder()
                        .setSeverity(Severity.WARN)
                        .setBody("careful")
                        .emit();
                span.recordException(new NestedException("broken"));
            }
            span.end();
            meters.get("test")
                    .histogramBuilder("scene_generation_duration")
                    .setUnit("ms")
                    .build()
                    .record(42);
            assertThat(tracers.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
            assertThat(loggers.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
            assertThat(meters.forceFlush().join(10, TimeUnit.SECONDS).isSuccess())
                    .isTrue();
        }
        assertThat(server.spans(traceId)).singleElement().satisfies(stored -> {
            assertThat(stored.name()).isEqualTo("work");
            assertThat(stored.service()).isEqualTo("foreign");
            assertThat(stored.release()).isEqualTo("2.0");
            assertThat(stored.events()).contains("exception.stacktrace");
        });
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.body()).isEqualTo("careful");
            assertThat(log.level()).isEqualTo("warn");
            assertThat(log.traceId()).isEqualTo(traceId);
        });
        // the reader exports the cumulative value once more when it closes
        assertThat(server.points("scene_generation_duration"))
                .isNotEmpty()
                .allSatisfy(point -> assertThat(point.count()).isEqualTo(1));
        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(NestedException.class.getName());
            assertThat(event.culprit()).isEqualTo("ForeignClientsTest.exportAndCheck");
        });
    }

    @Test
    void sentry_isStored() {
        Sentry.init(options -> {
            options.setDsn("http://key@127.0.0.1:" + server.port() + "/7");
            options.setTracesSampleRate(1.0);
            options.setEnvironment("staging");
            options.setRelease("app@3.1");
            options.getLogs().setEnabled(true);
        });
        String traceId;
        try {
            TransactionOptions bound = new TransactionOptions();
            bound.setBindToScope(true);
            ITransaction transaction = Sentry.startTransaction("GET /scenes/{id}", "http.server", bound);
            traceId = transaction.getSpanContext().getTraceId().toString();
            transaction.startChild("db", "select 1 from dual where x = 7").finish(SpanStatus.OK);
            Sentry.logger().warn("careful %d", 3);
            Sentry.captureException(new NestedException("broken", new IllegalStateException("why")));
            transaction.finish(SpanStatus.INTERNAL_ERROR);
            Sentry.flush(10_000);
        } finally {
            Sentry.close();
        }

        assertThat(server.spans(traceId)).hasSize(2).anySatisfy(span -> {
            assertThat(span.operation()).isEqualTo("SELECT ? FROM dual WHERE x = ?");
            assertThat(span.environment()).isEqualTo("staging");
        });
        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo(NestedException.class.getName());
            assertThat(event.message()).isEqualTo("broken");
            assertThat(event.release()).isEqualTo("app@3.1");
            assertThat(event.traceId()).isEqualTo(traceId);
            assertThat(event.grouping().explanation()).contains("java.lang.IllegalStateException");
        });
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.body()).isEqualTo("careful 3");
            assertThat(log.traceId()).isEqualTo(traceId);
        });
        assertThat(server.ledger.senders())
                .anySatisfy(sender -> assertThat(sender.sdk()).isEqualTo("sentry.java"));
    }

    private static final class NestedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        NestedException(String message) {
            super(message);
        }

        NestedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
