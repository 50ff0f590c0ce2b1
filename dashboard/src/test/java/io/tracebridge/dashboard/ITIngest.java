/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.tracebridge.dashboard.RawHttp.Answer;
import io.tracebridge.dashboard.store.Filter;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Telemetry through the whole server: its guard, its limits and the store behind. */
class ITIngest {
    private static final String ENVELOPE = "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n{\"type\":\"event\"}\n"
            + "{\"message\":\"hello world\",\"level\":\"error\"}\n";
    private static final String SPANS = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":"
            + "\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"name\":\"n\"}]}]}]}";

    private static DashboardServer server;

    @BeforeAll
    static void start() {
        server = DashboardServer.start(
                DashboardOptions.defaults().withPort(0).withAliases(false).withAuth(false));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.store().flush();
        server.store().clear();
    }

    @Test
    void envelopeAndOtlp_arriveOnOnePort() throws IOException {
        assertThat(post("/api/1/envelope/", ENVELOPE).status()).isEqualTo(200);
        assertThat(post("/v1/traces", SPANS, "Content-Type: application/json").status())
                .isEqualTo(200);
        assertThat(issues()).isEqualTo(1);
        assertThat(server.store().traces().spans("5b8efff798038103d269b633813fc60c", 10))
                .hasSize(1);
    }

    @Test
    void gRpc_arrivesOnTheSamePort() {
        String traceId;
        try (SdkTracerProvider tracers = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(OtlpGrpcSpanExporter.builder()
                        .setEndpoint("http://127.0.0.1:" + server.port())
                        .setCompression("gzip")
                        .build()))
                .build()) {
            Span span = tracers.get("test").spanBuilder("work").startSpan();
            traceId = span.getSpanContext().getTraceId();
            span.end();
        }
        server.store().flush();
        assertThat(server.store().traces().spans(traceId, 10)).hasSize(1);
    }

    @Test
    void h1_foreignHost_isRefusedOnEveryEndpoint() throws IOException {
        for (String path : List.of(
                "/api/1/envelope/",
                "/api/1/store/",
                "/stream",
                "/v1/traces",
                "/v1/logs",
                "/v1/metrics",
                "/opentelemetry.proto.collector.trace.v1.TraceService/Export")) {
            assertThat(post(path, ENVELOPE, "Host: evil.example").status()).isEqualTo(403);
        }
        assertThat(issues()).isZero();
    }

    @Test
    void e26_foreignOrigin_isRefused() throws IOException {
        assertThat(post("/api/1/envelope/", ENVELOPE, "Origin: https://evil.example", "Content-Type: text/plain")
                        .status())
                .isEqualTo(403);
        assertThat(post("/v1/traces", SPANS, "Origin: https://evil.example").status())
                .isEqualTo(403);
        assertThat(issues()).isZero();
    }

    @Test
    void e27_pagesOfThisMachine_mayAskAndSend() throws IOException {
        Answer preflight = RawHttp.send(
                server.port(),
                "OPTIONS",
                "/api/1/envelope/",
                List.of("Origin: http://localhost:3000", "Access-Control-Request-Method: POST"),
                "");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("access-control-allow-headers"))
                .contains("x-sentry-auth", "sentry-trace", "baggage");
        assertThat(preflight.header("access-control-max-age")).isEqualTo("3600");

        Answer answer = post("/api/1/envelope/", ENVELOPE, "Origin: http://localhost:3000");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("http://localhost:3000");
        assertThat(answer.header("access-control-expose-headers")).contains("x-sentry-rate-limits");
        assertThat(issues()).isEqualTo(1);
    }

    /** Sentry's Spotlight module waits a second and logs an error after that. */
    @Test
    void answer_comesWithoutWaitingForTheStore() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.store().onChange(change -> {
            writing.countDown();
            awaitQuietly(goOn);
        });
        try {
            assertThat(post("/stream", ENVELOPE).status()).isEqualTo(200);
            assertThat(writing.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(post("/stream", ENVELOPE).status()).isEqualTo(200);
        } finally {
            goOn.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int issues() {
        server.store().flush();
        return server.store().issues().issues(Filter.ALL, 10, 0).size();
    }

    private static Answer post(String path, String body, String... headers) throws IOException {
        return RawHttp.send(server.port(), "POST", path, List.of(headers), body);
    }
}
