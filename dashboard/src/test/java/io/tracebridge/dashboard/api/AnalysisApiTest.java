/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import static io.tracebridge.dashboard.api.ApiServer.span;
import static io.tracebridge.dashboard.api.ApiServer.spanId;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is computed for the pages: weighted percentiles, repeated prompts, findings over time, marks of a trace, state of the store. */
class AnalysisApiTest {
    private final ApiServer api = new ApiServer();

    @AfterEach
    void close() {
        api.close();
    }

    private static SpanRecord ai(long trace, long span, String prompt, long millis, double weight) {
        return span(trace, span, 1, "chat gpt-4o", 100 * span, millis)
                .category("ai")
                .kind("client")
                .weight(weight)
                .attributes("{\"gen_ai.operation.name\":\"chat\",\"gen_ai.request.model\":\"gpt-4o\","
                        + "\"gen_ai.usage.input_tokens\":10,\"gen_ai.usage.output_tokens\":5"
                        + (prompt.isEmpty() ? "" : ",\"gen_ai.input.messages\":\"[" + prompt + "]\"") + "}")
                .build();
    }

    @Test
    void samePrompt_countsIdenticalCallsOfTheTrace() {
        api.put(
                span(1, 1, 0, "POST /", 0, 10_000).build(),
                ai(1, 2, "one", 50, 1),
                ai(1, 3, "two", 50, 1),
                ai(1, 4, "one", 50, 1),
                ai(1, 5, "", 50, 1),
                span(2, 1, 0, "POST /", 0, 10_000).build(),
                ai(2, 6, "one", 50, 1));

        assertThat(api.get("ai/calls/" + spanId(2)).path("samePrompt").asInt()).isEqualTo(2);
        assertThat(api.get("ai/calls/" + spanId(3)).path("samePrompt").asInt()).isEqualTo(1);
        assertThat(api.get("ai/calls/" + spanId(5)).path("samePrompt").asInt()).isZero();
        assertThat(api.get("ai/calls/" + spanId(6)).path("samePrompt").asInt()).isEqualTo(1);
    }

    @Test
    void percentilesOfTracesAndCalls_areWeighted() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            // nine in ten were not kept but for the slow ones
            boolean slow = i > 15;
            double weight = slow ? 1 : 10;
            spans.add(span(i, 1, 0, "POST /", 0, slow ? 3_000 : 300 + i)
                    .weight(weight)
                    .build());
            spans.add(ai(i, 2, "", slow ? 1_900 : 50 + i, weight));
        }
        api.put(spans);

        JsonNode overview = api.get("overview");
        assertThat(overview.at("/tiles/latency/p50Ms").asDouble()).isEqualTo(308);
        // 150 of 155 are at most 315 ms; without weights it would be 3,000
        assertThat(overview.at("/tiles/latency/p95Ms").asDouble()).isEqualTo(315);
        double trend = StreamSupport.stream(overview.at("/tiles/latency/trend").spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .max()
                .orElse(0);
        assertThat(trend).isBetween(313.0, 317.0);
        assertThat(api.get("ai/calls?summary=true").at("/totals/p95Ms").asDouble())
                .isEqualTo(65);
        assertThat(api.get("ai/calls?summary=true").at("/byModel/0/p95Ms").asDouble())
                .isEqualTo(65);
    }

    @Test
    void manyTraces_haveNearlyTheSamePercentiles() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 1; i <= 2_000; i++) {
            spans.add(span(i, 1, 0, "POST /", i, i).build());
        }
        api.put(spans);

        JsonNode latency = api.get("overview").at("/tiles/latency");
        assertThat(latency.path("p50Ms").asDouble()).isBetween(990.0, 1_010.0);
        assertThat(latency.path("p95Ms").asDouble()).isBetween(1_881.0, 1_919.0);
    }

    @Test
    void finding_hasTracesOverTime() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int trace = 1; trace <= 10; trace++) {
            // two early, eight late
            long at = trace <= 2 ? 0 : 500_000;
            spans.add(span(trace, 1, 0, "GET /", at, 1_000).build());
            for (int i = 0; i < 6; i++) {
                spans.add(span(trace, 2 + i, 1, "SELECT item", at + i * 20, 20)
                        .category("db")
                        .kind("client")
                        .build());
            }
        }
        api.put(spans);

        JsonNode finding = api.get("issues?kind=finding&from=" + ApiServer.T0 + "&to=" + (ApiServer.T0 + 600_000))
                .at("/items/0");
        assertThat(finding.path("kind").asText()).isEqualTo("finding");
        JsonNode trend = finding.path("trend");
        assertThat(trend.get(0).asInt()).isEqualTo(2);
        assertThat(trend.get(20).asInt()).isEqualTo(8);
        JsonNode counts = api.get("issues/" + finding.path("id").asText()).at("/chart/counts");
        assertThat(counts.get(0).asInt()).isEqualTo(2);
        assertThat(counts.get(counts.size() - 1).asInt()).isEqualTo(8);
    }

    @Test
    void finding_tellsItsOwnTimes_whenNobodyKnowsHowManyTracesItStandsFor() {
        List<SpanRecord> spans = new ArrayList<>();
        spans.add(span(1, 1, 0, "GET /", 0, 1_000)
                .weight(null)
                .keptBecause("error")
                .build());
        for (int i = 0; i < 6; i++) {
            spans.add(span(1, 2 + i, 1, "SELECT item", i * 20, 20)
                    .category("db")
                    .kind("client")
                    .weight(null)
                    .build());
        }
        api.put(spans);

        JsonNode item = api.get("issues?kind=finding").at("/items/0");
        assertThat(item.path("message").asText()).contains("6 similar queries in a row", "(120 ms)");
        JsonNode finding = api.get("issues/" + item.path("id").asText()).path("finding");
        assertThat(finding.path("traces").asDouble()).isZero();
        assertThat(finding.path("wasteMs").asDouble()).isPositive();
    }

    @Test
    void trace_isPartial_whenItsSenderLeftSpansOut_andNoOtherProtocolBroughtThem() {
        api.put(
                span(1, 1, 0, "GET /", 0, 100)
                        .sources(Source.SENTRY)
                        .attributes("{\"tracebridge.spans_pruned\":7}")
                        .build(),
                span(2, 1, 0, "GET /", 1_000, 100)
                        .sources(Source.SENTRY | Source.OTLP)
                        .attributes("{\"tracebridge.spans_pruned\":7}")
                        .build());

        JsonNode traces = api.get("traces").path("items");
        assertThat(traces.get(0).path("chips")).isEmpty();
        assertThat(traces.get(1).path("chips").get(0).asText()).isEqualTo("partial");
    }

    @Test
    void health_saysHowMuchWaits_andWhatIsStored() {
        api.put(
                span(1, 1, 0, "GET /", 0, 100).build(),
                span(2, 1, 0, "GET /", 5_000, 100).build());

        JsonNode health = api.get("health");
        assertThat(health.at("/queue/maxBytes").asLong()).isEqualTo(32 << 20);
        assertThat(health.at("/queue/bytes").asLong()).isZero();
        assertThat(health.at("/store/traces").asLong()).isEqualTo(2);
        assertThat(health.at("/store/oldestAt").asDouble()).isEqualTo(ApiServer.T0);
        assertThat(health.at("/store/newestAt").asDouble()).isEqualTo(ApiServer.T0 + 5_000);
        assertThat(health.at("/prices/date").asText()).matches("20\\d\\d-\\d\\d-\\d\\d");
    }
}
