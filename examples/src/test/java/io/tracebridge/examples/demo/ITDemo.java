/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.tracebridge.Tracebridge;
import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import io.tracebridge.examples.scene.SceneApp;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The README's main job: each failure of the scene generator is one issue on its trace, seen through the dashboard. */
class ITDemo {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @TempDir
    private static Path spool;

    private static DashboardServer dashboard;
    private static Tracebridge bridge;
    private static SceneApp app;

    @BeforeAll
    static void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        dashboard = DashboardServer.start(
                DashboardOptions.defaults().withPort(0).withAliases(false).withAuth(false));
        String url = "http://127.0.0.1:" + dashboard.port();
        bridge = Tracebridge.builder()
                .serviceName("scene-generator")
                .environment("demo")
                .sentry(sentry -> sentry.getLogs().setEnabled(true))
                .dsn("http://demo@127.0.0.1:" + dashboard.port() + "/1")
                .otlpEndpoint(url)
                .samplingRate(0)
                .spoolDir(spool)
                .start();
        app = SceneApp.start(GlobalOpenTelemetry.get(), 0, Map.of());
    }

    @AfterAll
    static void stop() {
        app.close();
        bridge.close();
        dashboard.close();
        GlobalOpenTelemetry.resetForTest();
    }

    private static HttpResponse<byte[]> generate(String body) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create(app.url() + "/api/generate?wait=1"))
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    private static JsonNode get(String url) throws Exception {
        return JSON.readTree(
                CLIENT.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .body());
    }

    private static JsonNode api(String path) throws Exception {
        return get("http://127.0.0.1:" + dashboard.port() + "/api/v1/" + path);
    }

    private static JsonNode eventOf(JsonNode trace) throws Exception {
        JsonNode error = trace.path("errors").get(0);
        return api("issues/" + error.path("issueId").asText() + "/events/"
                + error.path("eventId").asText());
    }

    @ParameterizedTest
    @CsvSource({
        "tool_bug, ArithmeticException, tool.layout, false",
        "db_constraint, JdbcSQLIntegrityConstraintViolationException, db.saveResults, true",
        "ai_not_json, InvalidStructuredOutputException, ai.generateStructured, true"
    })
    void failure_isOneIssueOnItsTrace_atTheStepThatFailed(String fault, String type, String step, boolean handled)
            throws Exception {
        HttpResponse<byte[]> response =
                generate("{\"projectId\":\"p\",\"message\":\"three boxes\",\"fault\":\"" + fault + "\"}");
        assertThat(response.statusCode()).isEqualTo(500);
        String traceId = response.headers().firstValue("X-Trace-Id").orElseThrow();
        bridge.flush(Duration.ofSeconds(10));
        await().untilAsserted(() -> {
            JsonNode trace = api("traces/" + traceId);
            assertThat(SpanLedger.ended(traceId))
                    .isNotEmpty()
                    .hasSize(trace.path("n").asInt());
            assertThat(trace.path("errors")).hasSize(1);
            // the throw is there by both routes, and is one
            assertThat(eventOf(trace).path("sources")).hasSize(2);
        });
        JsonNode trace = api("traces/" + traceId);
        assertThat(trace.path("errors").get(0).path("type").asText()).isEqualTo(type);
        JsonNode event = eventOf(trace);
        assertThat(event.path("traceId").asText()).isEqualTo(traceId);
        assertThat(event.path("handled").asBoolean(!handled)).isEqualTo(handled);
        assertThat(event.path("tags").path("step").asText()).isEqualTo(step);
        assertThat(event.path("tags").path("trace_id").asText()).isEqualTo(traceId);
        assertThat(event.path("service").asText()).isEqualTo("scene-generator");
        assertThat(api("traces/" + traceId + "/spans/" + event.path("spanId").asText())
                        .path("name")
                        .asText())
                .isEqualTo(step);
    }

    @Test
    void linesOfTheLog_areOnTheirTrace() throws Exception {
        HttpResponse<byte[]> response =
                generate("{\"projectId\":\"p\",\"message\":\"three boxes\",\"fault\":\"db_constraint\"}");
        String traceId = response.headers().firstValue("X-Trace-Id").orElseThrow();
        bridge.flush(Duration.ofSeconds(10));
        await().untilAsserted(() -> {
            List<String> lines = new ArrayList<>();
            for (JsonNode line :
                    api("logs?service=scene-generator&trace=" + traceId).path("items")) {
                lines.add(line.path("level").asText() + " "
                        + line.path("message").asText().replaceAll("[0-9a-f-]{36}", "ID"));
            }
            // the worker may be faster than the front
            assertThat(lines)
                    .containsExactlyInAnyOrder(
                            "info Job ID queued for project demo",
                            "info Tool layout chosen with confidence 0.9",
                            "error Job ID could not be saved");
        });
    }

    @Test
    void success_isAnAnimation() throws Exception {
        HttpResponse<byte[]> response =
                generate("{\"projectId\":\"p\",\"message\":\"brand colours with contrast\",\"images\":[]}");
        assertThat(response.statusCode()).isEqualTo(200);
        String sceneId = JSON.readTree(response.body()).path("sceneId").asText();
        String svg = CLIENT.send(
                        HttpRequest.newBuilder(URI.create(app.url() + "/api/scenes/" + sceneId))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        assertThat(svg).startsWith("<svg").contains("<animate");
        assertThat(get(app.url() + "/healthz").path("status").asText()).isEqualTo("ok");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | body: not JSON",
                "{\"projectId\":\"p\"} | message: 1 to 4000 characters",
                "{\"message\":\"m\"} | projectId: 1 to 100 characters",
                "{\"projectId\":\"p\",\"message\":\"m\",\"fault\":\"x\"} | fault: \"x\" is not one of"
            })
    void badRequest_getsAClearAnswer_andItsTraceId(String body, String message) throws Exception {
        HttpResponse<byte[]> response = generate(body);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("error").asText()).startsWith(message);
        assertThat(response.headers().firstValue("X-Trace-Id")).isPresent();
    }

    @Test
    void faults_areSpreadExactly() throws Exception {
        List<String> printed = new CopyOnWriteArrayList<>(); // by eight threads
        var out = new PrintStream(new ByteArrayOutputStream()) {
            @Override
            public void println(String line) {
                printed.add(line);
            }
        };
        List<Driver.Request> requests = new Driver(app.url(), out).run(10, 0.3);
        assertThat(requests).hasSize(10);
        assertThat(requests.stream().filter(request -> request.status() == 500)).hasSize(3);
        assertThat(printed).contains("  10 of 10 requests");
    }
}
