/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import static io.tracebridge.dashboard.api.ApiServer.T0;
import static io.tracebridge.dashboard.api.ApiServer.json;
import static io.tracebridge.dashboard.api.ApiServer.span;
import static io.tracebridge.dashboard.api.ApiServer.spanId;
import static io.tracebridge.dashboard.api.ApiServer.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Grouping;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API's contract, over a socket. */
class ApiTest {
    private static final ApiServer API = new ApiServer();

    @AfterAll
    static void close() {
        API.close();
    }

    @BeforeEach
    void clear() {
        API.store.clear();
    }

    @Test
    void traces_arePagedByPosition_withoutRepeats() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            spans.add(span(i + 1, 1, 0, "GET /", i / 3, 10 + i).build());
        }
        API.put(spans);

        Set<String> seen = new LinkedHashSet<>();
        String cursor = "";
        int pages = 0;
        do {
            JsonNode page = API.get("traces?limit=10" + cursor);
            page.path("items")
                    .forEach(item ->
                            assertThat(seen.add(item.path("id").asText())).isTrue());
            cursor = page.path("next").isNull()
                    ? ""
                    : "&cursor=" + page.path("next").asText();
            if (pages++ == 0) {
                // arrives while somebody pages: it is newer than where the cursor stands
                API.put(span(999, 1, 0, "GET /", 100, 5).build());
            }
        } while (!cursor.isEmpty());

        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).doesNotContain(traceId(999));
        assertThat(seen.iterator().next()).isEqualTo(traceId(25));
        JsonNode longest = API.get("traces?sort=duration&limit=1").path("items").path(0);
        assertThat(longest.path("durationMs").asDouble()).isEqualTo(34);
    }

    @Test
    void traces_areNarrowedByEveryFilter() {
        API.put(
                span(1, 1, 0, "GET /cart", 0, 100).build(),
                span(1, 2, 1, "load", 5, 50)
                        .attributes("{\"user.tier\":\"gold\"}")
                        .build(),
                span(2, 1, 0, "GET /pay", 1_000, 2_000)
                        .service("pay")
                        .environment("prod")
                        .status(SpanStatus.ERROR)
                        .build());

        assertThat(ids("traces?service=pay")).containsExactly(traceId(2));
        assertThat(ids("traces?service=pay&service=shop")).hasSize(2);
        assertThat(ids("traces?environment=dev")).containsExactly(traceId(1));
        assertThat(ids("traces?status=error")).containsExactly(traceId(2));
        assertThat(ids("traces?status=ok")).containsExactly(traceId(1));
        assertThat(ids("traces?q=CART")).containsExactly(traceId(1));
        assertThat(ids("traces?q=" + traceId(2).substring(0, 32))).containsExactly(traceId(2));
        assertThat(ids("traces?minMs=1500")).containsExactly(traceId(2));
        assertThat(ids("traces?attr=user.tier:gold")).containsExactly(traceId(1));
        assertThat(ids("traces?attr=!user.tier")).containsExactly(traceId(2));
        assertThat(ids("traces?minSpans=2")).containsExactly(traceId(1));
        assertThat(ids("traces?from=" + (T0 + 500))).containsExactly(traceId(2));
        assertThat(ids("traces?to=2026-01-01T00:00:00.5Z")).containsExactly(traceId(1));
        assertThat(ids("traces?from=10m")).hasSize(2);
        assertThat(ids("traces?from=5m")).isEmpty();
        String key = operation("load").path("key").asText();
        assertThat(ids("traces?operation=" + key)).containsExactly(traceId(1));
        assertThat(ids("traces?root=" + key)).isEmpty();
        assertThat(ids("traces?operation=0123")).isEmpty();
    }

    @Test
    void partsLeftOut_areNoRefusals() {
        API.ledger.accepted("otlp-http", "span", 5);
        API.ledger.noted("all", "attribute", "overflow", 3);
        API.ledger.noted("otlp-http", "span", "item_count_differs", 1);

        JsonNode health = API.get("health");

        assertThat(health.path("rejected")).isEmpty();
        assertThat(health.path("received")).singleElement().satisfies(line -> {
            assertThat(line.path("received").asLong()).isEqualTo(5);
            assertThat(line.path("accepted").asLong()).isEqualTo(5);
            assertThat(line.path("rejected").asLong()).isZero();
        });
        assertThat(health.path("overflow")).singleElement().satisfies(part -> {
            assertThat(part.path("kind").asText()).isEqualTo("attribute");
            assertThat(part.path("count").asLong()).isEqualTo(3);
            assertThat(part.path("limit").isNull()).isTrue();
        });
    }

    @Test
    void rank_ofSpansThatAreAlike_callsNoneSlow() {
        API.put(
                span(1, 1, 0, "GET /cart", 0, 100).build(),
                span(2, 1, 0, "GET /cart", 1_000, 100).build(),
                span(3, 1, 0, "GET /cart", 2_000, 100).build());
        assertThat(rank(1)).isEqualTo("as long as all 3 like it");

        API.put(span(4, 1, 0, "GET /cart", 3_000, 200).build());
        assertThat(rank(1)).isEqualTo("faster than 25 % of 4 like it");
        assertThat(rank(4)).isEqualTo("slower than 75 % of 4 like it");
    }

    private static String rank(long trace) {
        return API.get("traces/" + traceId(trace) + "/spans/" + spanId(1))
                .path("rank")
                .path("sentence")
                .asText();
    }

    @Test
    void topics_mayBeNamedTwice_butMustBeKnown() throws Exception {
        try (InputStream live = API.live("?topics=trace,trace")) {
            assertThat(new String(live.readNBytes(20), StandardCharsets.UTF_8)).contains("event: hello");
        }
        assertThat(API.send("GET", "live?topics=nothing", false).statusCode()).isEqualTo(400);
        assertThat(API.send("POST", "live", true).statusCode()).isEqualTo(405);
    }

    @Test
    void wrongMethod_isToldWhichIsRight() {
        assertThat(API.send("POST", "overview", true).headers().firstValue("allow"))
                .hasValue("GET");
        assertThat(API.send("GET", "sample", true).headers().firstValue("allow"))
                .hasValue("POST");
        assertThat(API.send("GET", "data", true).headers().firstValue("allow")).hasValue("DELETE");
    }

    @Test
    void age_reachesBackToTheOldestRecord_atMost() {
        API.put(span(1, 1, 0, "GET /cart", 480_000, 100).build());

        JsonNode overview = API.get("overview?from=7d");

        assertThat(overview.path("window").path("fromAt").asLong()).isEqualTo(T0 + 480_000);
        assertThat(overview.path("tiles").path("requests").path("count").asDouble())
                .isEqualTo(1);
        assertThat(API.get("overview?from=7d&to=" + ApiServer.NOW)
                        .path("tiles")
                        .path("requests")
                        .path("perMinute")
                        .asDouble())
                .isEqualTo(0.5);
        // an instant is what it says
        assertThat(API.get("overview?from=" + T0).path("window").path("fromAt").asLong())
                .isEqualTo(T0);
    }

    @Test
    void traces_countAsReceived_whenNobodySaysHowTheyWereSampled() {
        API.put(
                span(1, 1, 0, "GET /cart", 0, 100).weight(null).build(),
                span(1, 2, 1, "load", 5, 50).weight(null).build(),
                span(2, 1, 0, "pay", 0, 100).weight(null).keptBecause("signal").build());

        JsonNode page = API.get("traces");

        assertThat(page.path("estimate").path("text").asText()).isEqualTo("1 of unknown weight, not counted");
        assertThat(page.path("estimate").path("estimated").asDouble()).isEqualTo(1);
        assertThat(operation("load").path("count").asDouble()).isEqualTo(1);
        assertThat(operation("pay").path("count").asDouble()).isZero();
    }

    @Test
    void heatmap_countsWhatTheListShows_byTimeAndDuration() {
        API.put(
                span(1, 1, 0, "GET /cart", 0, 100).build(),
                span(2, 1, 0, "GET /cart", 1_000, 105).weight(null).build(),
                span(3, 1, 0, "GET /pay", 120_000, 2_000)
                        .status(SpanStatus.ERROR)
                        .build());

        JsonNode map = API.get("heatmap?from=" + T0 + "&to=" + (T0 + 120_001));

        assertThat(map.path("traces").asInt()).isEqualTo(3);
        assertThat(map.path("stepMs").asDouble()).isBetween(1_000.0, 1_001.0);
        assertThat(map.path("counts").size()).isEqualTo(120);
        assertThat(map.path("boundsMs").path(0).asDouble()).isEqualTo(100);
        int last = map.path("boundsMs").size() - 2;
        assertThat(map.path("boundsMs").path(last).asDouble()).isBetween(1_700.0, 2_000.0);
        assertThat(map.path("counts").path(0).path(0).asInt()
                        + map.path("counts").path(1).path(0).asInt())
                .isEqualTo(2);
        assertThat(map.path("counts").path(119).path(last).asInt()).isEqualTo(1);
        assertThat(map.path("failed").path(119).path(last).asInt()).isEqualTo(1);
        assertThat(API.get("heatmap?status=ok").path("traces").asInt()).isEqualTo(2);
        assertThat(API.get("heatmap?minMs=1000").path("traces").asInt()).isEqualTo(1);
        JsonNode none = API.get("heatmap?service=nobody");
        assertThat(none.path("traces").asInt()).isZero();
        assertThat(none.path("boundsMs")).hasSize(1);
    }

    @Test
    void trace_comesInColumns_withErrorsAndLogsOnTheirSpans() {
        API.put(
                span(1, 1, 0, "POST /scenes", 0, 100)
                        .status(SpanStatus.ERROR)
                        .keptBecause("error")
                        .build(),
                span(1, 2, 1, "tool.layout", 10, 60)
                        .status(SpanStatus.ERROR)
                        .events("[{\"t\":" + (T0 + 65) + "000000,\"name\":\"exception\",\"attributes\":{}}]")
                        .build(),
                span(1, 3, 1, "db.save", 75, 20).build(),
                span(1, 4, 77, "lost", 80, 5).build(),
                event(9, "boom").build(),
                log(70, "warn", 13, "retrying").build());

        JsonNode trace = API.get("traces/" + traceId(1));

        assertThat(trace.path("n").asInt()).isEqualTo(4);
        assertThat(trace.path("ids").asText()).startsWith(spanId(1) + spanId(2) + spanId(3));
        assertThat(trace.path("parent").toString()).isEqualTo("[-1,0,0,-1]");
        assertThat(trace.path("start").toString()).isEqualTo("[0,10000,75000,80000]");
        assertThat(trace.path("crit").toString()).isEqualTo("[20000,60000,20000,0]");
        long sum = 0;
        for (int i = 0; i < trace.path("segFrom").size(); i++) {
            sum += trace.path("segTo").get(i).asLong()
                    - trace.path("segFrom").get(i).asLong();
        }
        assertThat(sum).isEqualTo(trace.path("durationUs").asLong()).isEqualTo(100_000);
        assertThat(trace.path("status").asText()).isEqualTo("error");
        assertThat(trace.path("chips").toString()).isEqualTo("[\"orphan\"]");
        assertThat(trace.path("kept").path("sentence").asText())
                .isEqualTo("Kept because of the error; head sampling would have dropped it.");
        assertThat(trace.path("errors").path(0).path("span").asInt()).isEqualTo(1);
        assertThat(trace.path("errors").path(0).path("type").asText()).isEqualTo("IllegalStateException");
        assertThat(trace.path("logs").path(0).path("span").asInt()).isEqualTo(1);
        int exception = trace.path("flagBits").path("exception").asInt();
        assertThat(trace.path("flags").path(1).asInt() & exception).isEqualTo(exception);
        assertThat(trace.path("flags").path(0).asInt() & exception).isZero();
        assertThat(trace.path("breakdown").path(0).path("criticalMs").asDouble())
                .isEqualTo(60);

        JsonNode span = API.get("traces/" + traceId(1) + "/spans/" + spanId(2));
        assertThat(span.path("criticalShare").asDouble()).isEqualTo(0.6);
        assertThat(span.path("errors").path(0).path("line").asInt()).isEqualTo(42);
        assertThat(span.path("errors").path(0).path("issueEvents").asInt()).isEqualTo(1);
        assertThat(span.path("logs").size()).isEqualTo(1);
        assertThat(span.path("rank").path("of").asDouble()).isEqualTo(1);
    }

    @Test
    void issue_leadsToItsEventsTraceAndGrouping() {
        API.put(
                span(1, 1, 0, "POST /scenes", 0, 100).status(SpanStatus.ERROR).build(),
                span(1, 2, 1, "tool.layout", 10, 60).status(SpanStatus.ERROR).build(),
                span(1, 3, 2, "SELECT", 15, 5).build(),
                span(1, 4, 1, "other", 80, 5).build());
        API.put(
                event(9, "boom").build(),
                event(10, "boom")
                        .timeNanos((T0 + 900) * 1_000_000)
                        .traceId(null)
                        .build());

        JsonNode list = API.get("issues");
        JsonNode item = list.path("items").path(0);
        assertThat(list.path("total").asInt()).isEqualTo(1);
        assertThat(item.path("type").asText()).isEqualTo("IllegalStateException");
        assertThat(item.path("fullType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(item.path("events").asInt()).isEqualTo(2);
        assertThat(item.path("trend").size()).isEqualTo(24);
        assertThat(item.path("isNew").asBoolean()).isTrue();

        String id = item.path("id").asText();
        JsonNode issue = API.get("issues/" + id);
        assertThat(issue.path("grouping").path("by").asText()).isEqualTo("stack");
        assertThat(issue.path("tags")
                        .path(0)
                        .path("values")
                        .path(0)
                        .path("share")
                        .asDouble())
                .isEqualTo(1);
        // the older one has its trace, which says more than being the newest
        assertThat(issue.path("recommendedEventId").asText()).isEqualTo(traceId(9));
        assertThat(issue.path("newestEventId").asText()).isEqualTo(traceId(10));

        JsonNode event = API.get("issues/" + id + "/events/recommended");
        assertThat(event.path("position").asInt()).isEqualTo(1);
        assertThat(event.path("newerEventId").asText()).isEqualTo(traceId(10));
        assertThat(event.path("olderEventId").isNull()).isTrue();
        assertThat(event.path("path").path("totalSpans").asInt()).isEqualTo(4);
        List<String> names = new ArrayList<>();
        event.path("path")
                .path("spans")
                .forEach(one -> names.add(one.path("name").asText()));
        assertThat(names).containsExactly("POST /scenes", "tool.layout", "SELECT");
        assertThat(event.path("exceptions").path(0).path("relation").asText()).isEqualTo("thrown");
        assertThat(event.path("exceptions").path(1).path("rootCause").asBoolean())
                .isTrue();
        assertThat(event.path("exceptions")
                        .path(1)
                        .path("frames")
                        .path(0)
                        .path("function")
                        .asText())
                .isEqualTo("newest");
        assertThat(ids("traces?issue=" + id)).containsExactly(traceId(1));
        assertThat(API.send("GET", "issues/" + id + "/events/" + traceId(77), false)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void bottleneck_isNamedWithShareSentenceFindingAndEvidence() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            spans.add(span(i, 1, 0, "POST /scenes", i * 1_000, 100).build());
            spans.add(span(i, 2, 1, "assets.resolve", i * 1_000 + 10, 80).build());
            for (int k = 0; k < 6; k++) {
                spans.add(span(i, 10 + k, 2, "SELECT asset", i * 1_000 + 10 + k * 12, 12)
                        .category("db")
                        .kind("client")
                        .build());
            }
        }
        API.put(spans);

        JsonNode ranking = API.get("bottlenecks");
        JsonNode first = ranking.path("items").path(0);
        assertThat(first.path("operation").path("name").asText()).isEqualTo("SELECT asset");
        assertThat(first.path("share").asDouble()).isEqualTo(0.72);
        assertThat(first.path("sentence").asText()).isEqualTo("72 % of waiting in POST /scenes is SELECT asset.");
        assertThat(first.path("finding").path("type").asText()).isEqualTo("n_plus_one");
        assertThat(first.path("finding").path("sentence").asText()).startsWith("6 similar queries in a row: SELECT");
        assertThat(first.path("evidence").size()).isEqualTo(3);
        assertThat(first.path("evidence").path(0).path("spanId").asText()).isNotEmpty();
        double shares = 0;
        for (JsonNode item : API.get("bottlenecks?top=20").path("items")) {
            shares += item.path("share").asDouble();
        }
        assertThat(shares).isBetween(0.9999, 1.0001);
        assertThat(API.get("issues?attr=user.tier:gold").path("items")).isEmpty();
        JsonNode finding = API.get("issues?kind=finding").path("items").path(0);
        assertThat(finding.path("type").asText()).isEqualTo("N+1 query");
        assertThat(API.get("issues/" + finding.path("id").asText())
                        .path("finding")
                        .path("calls")
                        .asInt())
                .isEqualTo(6);
    }

    @Test
    void operation_hasSeriesExamplesAndNeighbours() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 1; i <= 30; i++) {
            spans.add(span(i, 1, 0, "GET /", i * 1_000, i * 10).build());
            spans.add(span(i, 2, 1, "work", i * 1_000, i * 5)
                    .status(i == 7 ? SpanStatus.ERROR : SpanStatus.OK)
                    .build());
        }
        API.put(spans);

        JsonNode list = API.get("operations?sort=p95&limit=1");
        assertThat(list.path("next").isTextual()).isTrue();
        JsonNode root = list.path("items").path(0);
        assertThat(root.path("p95Ms").asDouble()).isEqualTo(290);
        assertThat(root.path("exact").asBoolean()).isTrue();
        assertThat(root.path("few").asBoolean()).isFalse();
        assertThat(root.path("estimate").path("text").isNull()).isTrue();
        JsonNode second = API.get(
                "operations?sort=p95&limit=1&cursor=" + list.path("next").asText());
        assertThat(second.path("items").path(0).path("name").asText()).isEqualTo("work");
        assertThat(API.get("operations?root=true").path("items").size()).isEqualTo(1);
        assertThat(API.get("operations?kind=db").path("items").size()).isZero();

        JsonNode work = API.get("operations/" + operation("work").path("key").asText());
        assertThat(work.path("series").path("count").size()).isEqualTo(60);
        assertThat(work.path("examples").path("slowest").path(0).path("traceId").asText())
                .isEqualTo(traceId(30));
        assertThat(work.path("examples").path("errored").path(0).path("traceId").asText())
                .isEqualTo(traceId(7));
        assertThat(work.path("callers").path(0).path("name").asText()).isEqualTo("GET /");
        JsonNode caller = API.get("operations/" + root.path("key").asText());
        assertThat(caller.path("downstream").path(0).path("callsPerCall").asDouble())
                .isEqualTo(1);
    }

    @Test
    void aiCalls_haveTokensAndCost_orNoPrice() {
        API.put(
                span(1, 1, 0, "POST /", 0, 100).build(),
                ai(1, 2, "gpt-4o-2024-08-06", 1_000_000, 100_000, 5).build(),
                ai(1, 3, "house-model", 10, 10, 50).build());

        JsonNode page = API.get("ai/calls?summary=true&sort=cost");
        JsonNode priced = page.path("items").path(0);
        assertThat(priced.path("cost").path("usd").asDouble()).isEqualTo(3.5);
        assertThat(priced.path("cost").path("matched").asText()).isEqualTo("gpt-4o");
        assertThat(priced.path("cost").path("arithmetic").asText())
                .isEqualTo("1,000,000 × $2.50/M + 100,000 × $10.00/M = $3.50");
        JsonNode unpriced = page.path("items").path(1);
        assertThat(unpriced.path("cost").path("usd").isNull()).isTrue();
        assertThat(unpriced.path("cost").path("text").asText()).isEqualTo("no price");
        assertThat(priced.path("finishReasons").toString()).isEqualTo("[\"stop\"]");
        assertThat(priced.path("timeToFirstTokenMs").asDouble()).isEqualTo(250);
        assertThat(page.path("totals").path("costUsd").asDouble()).isEqualTo(3.5);
        assertThat(page.path("totals").path("unpriced").asDouble()).isEqualTo(1);
        assertThat(page.path("byModel").size()).isEqualTo(2);
        JsonNode trace = API.get("traces").path("items").path(0).path("ai");
        assertThat(trace.path("calls").asInt()).isEqualTo(2);
        assertThat(trace.path("costUsd").asDouble()).isEqualTo(3.5);
        assertThat(API.get("ai/calls/" + spanId(2) + "?trace=" + traceId(1))
                        .path("call")
                        .path("requestModel")
                        .asText())
                .isEqualTo("gpt-4o-2024-08-06");
    }

    @Test
    void logs_arePaged_filtered_andCounted() {
        for (int i = 0; i < 12; i++) {
            API.put(log(i * 10, i % 4 == 0 ? "error" : "info", i % 4 == 0 ? 17 : 9, "line " + i)
                    .build());
        }
        JsonNode page = API.get("logs?limit=5&facets=true");
        assertThat(page.path("items").path(0).path("message").asText()).isEqualTo("line 11");
        assertThat(page.path("histogram").path("levels").path("error").size()).isEqualTo(60);
        JsonNode next = API.get("logs?limit=5&cursor=" + page.path("next").asText());
        assertThat(next.path("items").path(0).path("message").asText()).isEqualTo("line 6");
        assertThat(API.get("logs?level=error").path("items").size()).isEqualTo(3);
        assertThat(API.get("logs?q=line%201").path("items").size()).isEqualTo(3);
        assertThat(API.get("logs?trace=" + traceId(1)).path("items").size()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({
        "traces?limit=x, limit",
        "traces?limit=0, limit",
        "traces?limit=201, limit",
        "traces?from=yesterday, from",
        "traces?from=2&to=1, to",
        "traces?status=maybe, status",
        "traces?cursor=!, cursor",
        "traces?cursor=YWJj, cursor",
        "traces?attr=:x, attr",
        "traces?minMs=-1, minMs",
        "operations?sort=name, sort",
        "operations?cursor=YWJj, cursor",
        "logs?level=loud, level",
        "issues?kind=bug, kind",
        "metrics/x?step=0s, step",
        "bottlenecks?top=0, top",
        "changes?kind=slow, kind",
        "live?topics=everything, topics",
        "traces/zz, traceId"
    })
    void badParameter_isNamed(String path, String parameter) {
        HttpResponse<String> response = API.send("GET", path, false);
        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = json(response).path("error");
        assertThat(error.path("code").asText()).isEqualTo("bad_parameter");
        assertThat(error.path("parameter").asText()).isEqualTo(parameter);
        assertThat(error.path("message").asText()).startsWith(parameter + " must be ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "traces/00000000000000000000000000000001",
                "traces/00000000000000000000000000000001/spans/0000000000000001",
                "issues/0123456789abcdef",
                "issues/0123456789abcdef/events/newest",
                "operations/0123456789abcdef",
                "metrics/none",
                "ai/calls/0123456789abcdef",
                "nothing"
            })
    void unknown_isNotFound(String path) {
        HttpResponse<String> response = API.send("GET", path, false);
        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).path("error").path("code").asText()).isEqualTo("not_found");
    }

    @Test
    void changes_needTheirMethodAndHeader() {
        assertThat(API.send("GET", "sample", true).statusCode()).isEqualTo(405);
        assertThat(API.send("POST", "traces", true).statusCode()).isEqualTo(405);
        assertThat(API.send("POST", "sample", false).statusCode()).isEqualTo(403);
        assertThat(API.send("DELETE", "data", false).statusCode()).isEqualTo(403);
    }

    @Test
    void sample_showsEverything_andClearRemovesIt() {
        JsonNode overviewBefore = API.get("overview");
        assertThat(overviewBefore.path("empty").asBoolean()).isTrue();

        HttpResponse<String> sent = API.send("POST", "sample", true);
        assertThat(sent.statusCode()).isEqualTo(202);
        API.store.flush();
        API.queries.settle();

        JsonNode overview = API.get("overview");
        assertThat(overview.path("empty").asBoolean()).isFalse();
        assertThat(overview.path("tiles").path("requests").path("count").asDouble())
                .isEqualTo(1);
        assertThat(overview.path("tiles").path("errors").path("share").asDouble())
                .isEqualTo(1);
        assertThat(overview.path("tiles").path("issues").path("new").asInt()).isEqualTo(1);
        assertThat(overview.path("tiles").path("ai").path("costUsd").asDouble()).isPositive();
        assertThat(overview.path("bottlenecks")
                        .path(0)
                        .path("operation")
                        .path("name")
                        .asText())
                .isEqualTo("ai.generateStructured");
        assertThat(overview.path("bottlenecks")
                        .path(0)
                        .path("finding")
                        .path("type")
                        .asText())
                .isEqualTo("retry_storm");
        JsonNode trace = API.get("traces/" + json(sent).path("traceId").asText());
        assertThat(trace.path("findings").size()).isEqualTo(2);
        assertThat(trace.path("errors").path(0).path("anchored").asBoolean()).isTrue();
        assertThat(API.get("filters").path("services").toString()).isEqualTo("[\"tracebridge-sample\"]");
        assertThat(API.get("metrics").path("items").path(0).path("name").asText())
                .isEqualTo("scene_generation_duration");
        String epoch = API.get("health").path("storeEpoch").asText();

        JsonNode cleared = json(API.send("DELETE", "data", true));
        assertThat(cleared.path("storeEpoch").asText()).isNotEqualTo(epoch);
        assertThat(API.get("traces").path("items").size()).isZero();
        assertThat(API.get("operations").path("items").size()).isZero();
        assertThat(API.get("issues").path("items").size()).isZero();
    }

    @Test
    void issue_leavesTheListWhenResolvedOrIgnored_andComesBackWhenItRegresses() throws Exception {
        API.put(eventOf(1, "a"), eventOf(2, "b"));
        List<String> both = ids("issues");
        assertThat(both).hasSize(2);
        String first = both.get(0);
        String second = both.get(1);

        assertThat(API.send("POST", "issues/" + first + "/status?to=resolved", false)
                        .statusCode())
                .as("without the header that a page of another site cannot send")
                .isEqualTo(403);
        assertThat(json(API.send("POST", "issues/" + first + "/status?to=resolved", true))
                        .path("status")
                        .asText())
                .isEqualTo("resolved");
        API.send("POST", "issues/" + second + "/status?to=ignored", true);

        assertThat(ids("issues")).isEmpty();
        assertThat(ids("issues?status=resolved")).containsExactly(first);
        assertThat(ids("issues?status=ignored")).containsExactly(second);
        assertThat(ids("issues?status=all")).hasSize(2);
        assertThat(API.get("overview").path("tiles").path("issues").path("open").asLong())
                .isZero();
        assertThat(API.get("issues/" + first).path("issue").path("status").asText())
                .isEqualTo("resolved");

        API.put(eventOf(3, "a"), eventOf(4, "b"));
        String again = API.get("issues").path("items").path(0).path("id").asText();
        assertThat(ids("issues")).hasSize(1);
        assertThat(API.get("issues").path("items").path(0).path("status").asText())
                .isEqualTo("regressed");
        assertThat(ids("issues?status=ignored")).doesNotContain(again).hasSize(1);

        assertThat(API.send("POST", "issues/" + again + "/status?to=done", true).statusCode())
                .isEqualTo(400);
        assertThat(API.send("POST", "issues/" + again + "/status", true).statusCode())
                .isEqualTo(400);
        assertThat(API.send("POST", "issues/ffffffffffffffff/status?to=resolved", true)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void issues_areCountedBeyondThePage() {
        for (int i = 0; i < 7; i++) {
            API.put(eventOf(100 + i, "key" + i));
        }
        assertThat(API.get("issues?limit=3").path("total").asLong()).isEqualTo(7);
        assertThat(API.get("issues?limit=3").path("items").size()).isEqualTo(3);
        assertThat(API.get("overview").path("tiles").path("issues").path("open").asLong())
                .isEqualTo(7);
    }

    @Test
    @Timeout(30)
    void live_tellsHello_thenChanges_andReplaysNothing() throws Exception {
        API.put(span(1, 1, 0, "before", 0, 10).build());
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(API.live("?topics=trace,op"), StandardCharsets.UTF_8))) {
            assertThat(reader.readLine()).isEqualTo("id: 1");
            assertThat(reader.readLine()).isEqualTo("event: hello");
            assertThat(reader.readLine()).startsWith("data: {\"storeEpoch\":");
            assertThat(reader.readLine()).isEmpty();
            API.put(span(2, 1, 0, "after", 0, 10).build());
            assertThat(reader.readLine()).isEqualTo("id: 2");
            assertThat(reader.readLine()).isIn("event: trace", "event: op");
            assertThat(reader.readLine()).contains("after").doesNotContain("before");
        }
    }

    private List<String> ids(String path) {
        List<String> ids = new ArrayList<>();
        API.get(path).path("items").forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    private JsonNode operation(String name) {
        return API.get("operations?q=" + name).path("items").path(0);
    }

    private static SpanRecord.Builder ai(long trace, long span, String model, int input, int output, long from) {
        return span(trace, span, 1, "ai.generateText", from, 40)
                .category("ai")
                .kind("client")
                .attributes(
                        "{\"gen_ai.operation.name\":\"chat\",\"gen_ai.request.model\":\"" + model
                                + "\",\"gen_ai.usage.input_tokens\":" + input + ",\"gen_ai.usage.output_tokens\":"
                                + output
                                + ",\"gen_ai.response.finish_reasons\":[\"stop\"],\"gen_ai.response.time_to_first_chunk\":0.25}");
    }

    private static LogRecord.Builder log(long at, String level, int severity, String text) {
        return LogRecord.builder((T0 + at) * 1_000_000)
                .service("shop")
                .level(level)
                .severity(severity)
                .body(text)
                .logger("com.acme.Shop")
                .traceId(traceId(1))
                .spanId(spanId(2));
    }

    /** In an issue of its own for each key. */
    private static EventRecord eventOf(long id, String key) {
        return EventRecord.builder(traceId(id), new Grouping(1, List.of(key), "{\"by\":\"stack\"}"))
                .service("shop")
                .type("java.lang.IllegalStateException")
                .message(key)
                .timeNanos((T0 + id) * 1_000_000)
                .sources(Source.SENTRY)
                .payload("{}")
                .build();
    }

    private static EventRecord.Builder event(long id, String message) {
        String payload =
                "{\"exception\":{\"values\":[{\"type\":\"IOException\",\"module\":\"java.io\",\"value\":\"cause\","
                        + "\"stacktrace\":{\"frames\":[{\"function\":\"oldest\"},{\"function\":\"newest\",\"filename\":\"Shop.java\","
                        + "\"lineno\":42,\"in_app\":true}]}},{\"type\":\"IllegalStateException\",\"module\":\"java.lang\",\"value\":\"boom\"}]}}";
        return EventRecord.builder(traceId(id), new Grouping(1, List.of("key"), "{\"by\":\"stack\"}"))
                .service("shop")
                .environment("dev")
                .runId("run-1")
                .type("java.lang.IllegalStateException")
                .message(message)
                .culprit("Shop.buy")
                .handled(false)
                .timeNanos((T0 + 65) * 1_000_000)
                .traceId(traceId(1))
                .spanId(spanId(2))
                .transaction("POST /scenes")
                .tags("{\"step\":\"layout\"}")
                .payload(payload);
    }
}
