/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Telemetry in by one door of the running server, answers out by another. */
class ServerApiTest {
    private static final String TRACE = "5b8efff798038103d269b633813fc60c";
    private static final String SPANS = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"demo"}}]},
             "scopeSpans":[{"scope":{"name":"t"},"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
             "name":"GET /scenes/{id}","kind":2,"startTimeUnixNano":"1763817600000000000","endTimeUnixNano":1763817601440000000,
             "status":{"code":2},"traceState":"ot=th:e6666666666666","flags":1,
             "attributes":[{"key":"tracebridge.kept_because","value":{"stringValue":"error"}}]}]}]}]}
            """;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void spanSentByOtlp_isAnsweredByTheApi_weighted() throws Exception {
        DashboardOptions options = new DashboardOptions(0, "127.0.0.1", null, 64 << 20, null, false, false);
        try (DashboardServer server = DashboardServer.start(options)) {
            HttpResponse<String> sent = client.send(
                    HttpRequest.newBuilder(server.url().resolve("/v1/traces"))
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString(SPANS))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(sent.statusCode()).isEqualTo(200);

            Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                JsonNode item = get(server.url(), "operations").path("items").path(0);
                assertThat(item.path("name").asText()).isEqualTo("GET /scenes/{id}");
                assertThat(item.path("count").asDouble()).isBetween(9.99, 10.01);
                assertThat(item.path("estimate").path("text").asText()).isEqualTo("estimated from 1 of 10");
            });
            JsonNode trace = get(server.url(), "traces").path("items").path(0);
            assertThat(trace.path("id").asText()).isEqualTo(TRACE);
            assertThat(trace.path("kept").path("because").asText()).isEqualTo("error");
            assertThat(get(server.url(), "health")
                            .path("received")
                            .path(0)
                            .path("accepted")
                            .asInt())
                    .isPositive();
        }
    }

    private JsonNode get(URI base, String path) throws Exception {
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(base.resolve("/api/v1/" + path)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return new ObjectMapper().readTree(response.body());
    }
}
