/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.GlobalOpenTelemetry;
import java.nio.file.Path;
import java.time.Duration;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README's lines for other backends, as settings, against a server that stands for each. */
class ITRecipes {
    @TempDir
    private Path spool;

    private FakeBackends backends;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        backends = new FakeBackends();
    }

    @AfterEach
    void stop() {
        backends.close();
        GlobalOpenTelemetry.resetForTest();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "Jaeger, /v1/traces, , /v1/traces, ,",
        "Datadog, /v1/traces, DD-API-KEY=abc123, /v1/traces, DD-API-KEY, abc123",
        "New Relic, '', api-key=abc%3D%3D, /v1/traces, api-key, abc==",
        "Grafana, /otlp, Authorization=Basic a+b/c==, /otlp/v1/traces, Authorization, Basic a+b/c=="
    })
    void recipe_sendsUrlHeadersAndBody(
            String backend, String path, String headers, String target, String headerName, String headerValue) {
        System.setProperty("otlp.endpoint", backends.url() + path);
        if (headers != null) {
            System.setProperty("otlp.headers", headers);
        }
        try (Tracebridge bridge =
                Tracebridge.builder().tracing(true).spoolDir(spool).start()) {
            withSpan("recipe", () -> "ok");
            bridge.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(backends.spans).hasSize(1));
        } finally {
            System.clearProperty("otlp.endpoint");
            System.clearProperty("otlp.headers");
        }
        RecordedRequest request = backends.otlpRequests.get(0);
        assertThat(request.getTarget()).isEqualTo(target);
        assertThat(request.getHeaders().get("Content-Type")).isEqualTo("application/x-protobuf");
        if (headerName != null) {
            assertThat(request.getHeaders().get(headerName)).isEqualTo(headerValue);
        }
        assertThat(backends.spans.get(0).getName()).isEqualTo("recipe");
    }
}
