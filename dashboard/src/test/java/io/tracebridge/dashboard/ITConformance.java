/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Cases of the protocol checklist whose outcome is what a page shows: in by the door of senders, out by the API. */
class ITConformance {
    private static final String ID = "9ec79c33ec9942ab8353589fcb2e04dc";
    private static final String TRACE = "5b8efff798038103d269b633813fc60c";
    private static final long SECOND = 1_763_817_600L;

    private static DashboardServer server;

    @BeforeAll
    static void start() {
        server = DashboardServer.start(DashboardOptions.defaults()
                .withPort(0)
                .withAliases(false)
                .withAuth(false)
                .withMaxBytes(64 << 20));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void clear() throws IOException {
        assertThat(RawHttp.send(server.port(), "DELETE", "/api/v1/data", List.of("X-Tracebridge: 1"), "")
                        .status())
                .isLessThan(300);
    }

    @Test
    void e1AndE24_eventIsOneIssue_andItsRepetitionADuplicate() throws IOException {
        String envelope = "{\"event_id\":\"" + ID
                + "\"}\n{\"type\":\"event\"}\n{\"message\":\"hello world\",\"level\":\"error\"}\n";
        long before = outcome("sentry", "event", "duplicate");
        for (int i = 0; i < 2; i++) {
            assertThat(post("/api/1/envelope/", envelope).body()).isEqualTo("{\"id\":\"" + ID + "\"}");
        }

        JsonNode issue = only(get("issues"));
        assertThat(issue.path("message").asText()).isEqualTo("hello world");
        assertThat(issue.path("events").asInt()).isEqualTo(1);
        JsonNode event = get("issues/" + issue.path("id").asText() + "/events/" + ID);
        assertThat(event.path("level").asText()).isEqualTo("error");
        assertThat(outcome("sentry", "event", "duplicate")).isEqualTo(before + 1);
    }

    @Test
    void e16AndE18_logAndMetric_areFoundByTheApi() throws IOException {
        post(
                "/api/1/envelope/",
                "{}\n{\"type\":\"log\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.log+json\"}\n"
                        + "{\"items\":[{\"timestamp\":1763817600.123,\"trace_id\":\"" + TRACE
                        + "\",\"level\":\"info\",\"body\":\"hi\"}]}\n");
        post(
                "/api/1/envelope/",
                "{}\n{\"type\":\"trace_metric\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.trace-metric+json\"}\n"
                        + "{\"items\":[{\"timestamp\":1763817600.123,\"trace_id\":\"" + TRACE
                        + "\",\"name\":\"tool_executions\",\"type\":\"counter\",\"value\":1}]}\n");

        JsonNode log = only(get("logs?trace=" + TRACE));
        assertThat(log.path("message").asText()).isEqualTo("hi");
        assertThat(log.path("at").asDouble()).isEqualTo(1_763_817_600_123.0);
        assertThat(sum(get("metrics/tool_executions?agg=increase"))).isEqualTo(1);
    }

    @Test
    void e29_errorIsOnTheSpanOfItsTransaction() throws IOException {
        post(
                "/api/1/envelope/",
                "{}\n{\"type\":\"transaction\"}\n{\"transaction\":\"GET /scenes\",\"start_timestamp\":1763817600,\"timestamp\":1763817601,"
                        + "\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE
                        + "\",\"span_id\":\"eee19b7ec3c1b174\",\"op\":\"http.server\"}},\"spans\":[{\"span_id\":\"00000000000000a1\","
                        + "\"parent_span_id\":\"eee19b7ec3c1b174\",\"op\":\"db\",\"description\":\"SELECT 1\","
                        + "\"start_timestamp\":1763817600.1,\"timestamp\":1763817600.2}]}\n");
        post(
                "/api/1/envelope/",
                "{\"event_id\":\"" + ID + "\"}\n{\"type\":\"event\"}\n{\"message\":\"boom\",\"timestamp\":1763817600.2,"
                        + "\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE
                        + "\",\"span_id\":\"00000000000000a1\"}}}\n");

        JsonNode trace = trace(TRACE, 2);
        JsonNode error = trace.path("errors").get(0);
        assertThat(trace.path("ids").asText().substring(16 * error.path("span").asInt()))
                .startsWith("00000000000000a1");
        assertThat(error.path("eventId").asText()).isEqualTo(ID);
        assertThat(get("issues/" + error.path("issueId").asText() + "/events/" + ID)
                        .toString())
                .contains(TRACE, "00000000000000a1");
    }

    @Test
    void clientReport_isShownByHealth() throws IOException {
        post(
                "/api/1/envelope/",
                "{}\n{\"type\":\"client_report\"}\n{\"discarded_events\":[{\"reason\":\"ratelimit_backoff\",\"category\":\"error\",\"quantity\":23}]}\n");
        assertThat(outcome("sentry", "error", "sender:ratelimit_backoff")).isEqualTo(23);
    }

    @Test
    void t1_spanIsShownInLowerCase_withItsDurationAndIssue() throws IOException {
        String exception = ",\"events\":[{\"timeUnixNano\":\"" + SECOND
                + "500000000\",\"name\":\"exception\",\"attributes\":[{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"com.acme.Boom\"}}]}]";
        post("/v1/traces", spans(span(TRACE.toUpperCase(Locale.ROOT), "EEE19B7EC3C1B174", "", 0, 1_440, exception)));

        JsonNode trace = trace(TRACE, 1);
        assertThat(trace.path("ids").asText()).isEqualTo("eee19b7ec3c1b174");
        assertThat(trace.path("durationMs").asDouble()).isEqualTo(1_440.0);
        assertThat(trace.path("errors")).hasSize(1);
        assertThat(trace.path("errors").get(0).path("anchored").asBoolean()).isTrue();
        assertThat(only(get("issues")).path("id"))
                .isEqualTo(trace.path("errors").get(0).path("issueId"));
    }

    @Test
    void t14_parentThatComesLater_leavesNoOrphan() throws IOException {
        post("/v1/traces", spans(span(TRACE, "00000000000000c1", "eee19b7ec3c1b174", 100, 200, "")));
        awaitChips(chips -> assertThat(chips).contains("orphan"));

        post("/v1/traces", spans(span(TRACE, "eee19b7ec3c1b174", "", 0, 400, "")));

        assertThat(trace(TRACE, 2).path("parent").toString()).isEqualTo("[-1,0]");
        awaitChips(chips -> assertThat(chips).doesNotContain("orphan", "rootless"));
    }

    @Test
    void t15_childThatStartsFirst_isSaidToBeSkewed() throws IOException {
        post(
                "/v1/traces",
                spans(
                        span(TRACE, "eee19b7ec3c1b174", "", 0, 400, ""),
                        span(TRACE, "00000000000000c1", "eee19b7ec3c1b174", -300, 200, "")));

        JsonNode trace = trace(TRACE, 2);
        assertThat(trace.path("startAt").asDouble()).isEqualTo(SECOND * 1e3 - 300);
        awaitChips(chips -> assertThat(chips).contains("skewed"));
    }

    @Test
    void m1_restartOfACounter_isNoNegativeIncrease() throws IOException {
        int second = 0;
        for (int value : new int[] {10, 15, 3}) {
            post(
                    "/v1/metrics",
                    metric(
                            "\"sum\":{\"isMonotonic\":true,\"aggregationTemporality\":2,\"dataPoints\":[{\"timeUnixNano\":\""
                                    + (SECOND + second++) + "000000000\",\"asInt\":\"" + value + "\"}]}"));
        }
        JsonNode increases = get("metrics/m?agg=increase");
        assertThat(sum(increases)).isEqualTo(8);
        assertThat(increases.path("resets").asInt()).isEqualTo(1);
        assertThat(increases.toString()).doesNotContain("-12");
    }

    @Test
    void m2_percentileInTheOpenBucket_saysSo() throws IOException {
        post(
                "/v1/metrics",
                metric(
                        "\"histogram\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":\"" + SECOND
                                + "000000000\",\"count\":\"10\",\"sum\":4200,\"max\":2000,\"bucketCounts\":[1,2,3,4],\"explicitBounds\":[100,500,1000]}]}"));
        JsonNode totals = get("metrics/m").path("totals");
        assertThat(totals.path("p95").asDouble()).isEqualTo(2_000);
        assertThat(totals.path("max").asDouble()).isEqualTo(2_000);
        assertThat(totals.path("count").asDouble()).isEqualTo(10);
    }

    @Test
    void m4_valueThatIsNoNumber_isAGap() throws IOException {
        int second = 0;
        for (String value : new String[] {"1", "NaN", "3"}) {
            post(
                    "/v1/metrics",
                    metric("\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"" + (SECOND + second++)
                            + "000000000\",\"asDouble\":\"" + value + "\"}]}"));
        }
        JsonNode values =
                get("metrics/m?agg=last&step=1s").path("series").get(0).path("values");
        assertThat(values.toString()).contains("1.0,null,3.0");
    }

    @Test
    void l1AndL2_logsAreInTheWaterfallAtTheirTime() throws IOException {
        post("/v1/traces", spans(span(TRACE, "eee19b7ec3c1b174", "", 0, 400, "")));
        post(
                "/v1/logs",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"0\",\"observedTimeUnixNano\":\""
                        + SECOND
                        + "100000000\",\"severityNumber\":17,\"body\":{\"stringValue\":\"no luck\"},\"traceId\":\""
                        + TRACE
                        + "\",\"spanId\":\"eee19b7ec3c1b174\"}]}]}]}");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(trace(TRACE, 1).path("logs")).hasSize(1));
        JsonNode log = trace(TRACE, 1).path("logs").get(0);
        assertThat(log.path("level").asText()).isEqualTo("error");
        assertThat(log.path("span").asInt()).isZero();
        assertThat(log.path("atUs").asLong()).isEqualTo(100_000);
    }

    @Test
    void h1_foreignHost_leavesNothing() throws IOException {
        for (String[] one : new String[][] {
            {"/api/1/envelope/", "{}\n{\"type\":\"event\"}\n{\"message\":\"x\"}\n"},
            {"/v1/traces", spans(span(TRACE, "eee19b7ec3c1b174", "", 0, 400, ""))},
            {"/v1/metrics", metric("\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1\",\"asInt\":1}]}")},
            {"/v1/logs", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":9}]}]}]}"}
        }) {
            assertThat(RawHttp.send(
                                    server.port(),
                                    "POST",
                                    one[0],
                                    List.of("Host: evil.example", "Content-Type: application/json"),
                                    one[1])
                            .status())
                    .isEqualTo(403);
        }
        server.store().flush();
        JsonNode stored = get("health").path("store");
        for (String kind : new String[] {"traces", "spans", "events", "logs", "metricPoints"}) {
            assertThat(stored.path(kind).asLong(-1)).as(kind).isZero();
        }
    }

    private static RawHttp.Answer post(String path, String body) throws IOException {
        RawHttp.Answer answer =
                RawHttp.send(server.port(), "POST", path, List.of("Content-Type: application/json"), body);
        assertThat(answer.status()).isEqualTo(200);
        return answer;
    }

    private static JsonNode get(String path) throws IOException {
        server.store().flush();
        RawHttp.Answer answer = RawHttp.send(server.port(), "GET", "/api/v1/" + path, List.of(), "");
        assertThat(answer.status()).as(path + ": " + answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body());
    }

    /** The trace when that many spans of it are shown. */
    private static JsonNode trace(String id, int spans) {
        JsonNode[] found = new JsonNode[1];
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
            found[0] = get("traces/" + id);
            return found[0].path("n").asInt() == spans;
        });
        return found[0];
    }

    private static void awaitChips(Consumer<String> check) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () -> check.accept(only(get("traces")).path("chips").toString()));
    }

    private static JsonNode only(JsonNode page) {
        assertThat(page.path("items")).hasSize(1);
        return page.path("items").get(0);
    }

    private static double sum(JsonNode metric) {
        double sum = 0;
        for (JsonNode series : metric.path("series")) {
            for (JsonNode value : series.path("values")) {
                sum += value.asDouble();
            }
        }
        return sum;
    }

    private static long outcome(String protocol, String item, String outcome) throws IOException {
        for (JsonNode line : get("health").path("received")) {
            if (line.path("protocol").asText().equals(protocol)
                    && line.path("item").asText().equals(item)) {
                return line.path("outcomes").path(outcome).asLong();
            }
        }
        return 0;
    }

    private static String span(String trace, String id, String parent, long fromMillis, long millis, String more) {
        long start = SECOND * 1_000 + fromMillis;
        return "{\"traceId\":\"" + trace + "\",\"spanId\":\"" + id + "\",\"parentSpanId\":\"" + parent
                + "\",\"name\":\"op\",\"startTimeUnixNano\":\"" + start + "000000\",\"endTimeUnixNano\":\""
                + (start + millis)
                + "000000\"" + more + "}";
    }

    private static String spans(String... spans) {
        List<String> all = new ArrayList<>(List.of(spans));
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"demo\"}}]},"
                + "\"scopeSpans\":[{\"spans\":[" + String.join(",", all) + "]}]}]}";
    }

    private static String metric(String data) {
        return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\"," + data + "}]}]}]}";
    }
}
