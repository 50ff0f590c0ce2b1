/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import static io.tracebridge.dashboard.api.ApiServer.T0;
import static io.tracebridge.dashboard.api.ApiServer.span;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Grouping;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is told to have changed, of generated traffic through the real store. */
class ChangesApiTest {
    private final ApiServer api = new ApiServer();
    private final Random random = new Random(17);
    private final List<SpanRecord> spans = new ArrayList<>();
    private long traces;

    @AfterEach
    void close() {
        api.close();
    }

    @Test
    void slowerStep_isTold_beforeTheRequestThatWaitsForIt_andTheOtherStepIsNot() {
        requests(0, 300_000, 200, 1);
        requests(300_000, 600_000, 200, 2);
        api.put(spans);

        JsonNode changes = api.get("changes?from=5m");
        assertThat(names(changes)).containsExactly("layout", "GET /");
        JsonNode layout = changes.at("/items/0");
        assertThat(layout.path("verdict").asText()).isEqualTo("worse");
        assertThat(layout.at("/p50/change").asText()).isEqualTo("up");
        assertThat(layout.at("/p50/chance").asDouble()).isLessThan(1e-4);
        assertThat(layout.at("/errors/change").isNull()).isTrue();
        // what it added: twice as long, 200 times
        double was = layout.at("/before/heldMs").asDouble();
        assertThat(layout.path("addedMs").asDouble()).isCloseTo(200 * was, within(40 * was));
        assertThat(changes.at("/items/1/addedMs").asDouble())
                .isLessThan(layout.path("addedMs").asDouble() / 10);
        assertThat(changes.at("/counts/worse").asInt()).isEqualTo(2);
        assertThat(changes.at("/counts/same").asInt()).isEqualTo(1);
        assertThat(changes.at("/requests/before/count").asInt()).isEqualTo(200);
        assertThat(changes.at("/window/fromAt").asLong()).isEqualTo(T0 + 300_000);
        assertThat(changes.at("/before/fromAt").asLong()).isEqualTo(T0);
        assertThat(names(api.get("changes?from=5m&all=true"))).containsExactlyInAnyOrder("layout", "GET /", "palette");
        assertThat(names(api.get("changes?from=5m&kind=http"))).containsExactly("GET /");
        assertThat(names(api.get("changes?from=5m&q=lay"))).containsExactly("layout");
    }

    @Test
    void figures_areThoseOfTheListOfOperations() {
        requests(0, 300_000, 150, 1);
        requests(300_000, 600_000, 150, 3);
        api.put(spans);

        JsonNode layout = api.get("changes?from=5m").at("/items/0");
        JsonNode now = api.get("operations?from=5m&q=layout").at("/items/0");
        JsonNode before = api.get("operations?q=layout&from=" + T0 + "&to=" + (T0 + 300_000))
                .at("/items/0");
        for (String figure : List.of("p50Ms", "p95Ms", "count", "errorShare", "samples")) {
            assertThat(layout.at("/now/" + figure)).isEqualTo(now.path(figure));
            assertThat(layout.at("/before/" + figure)).isEqualTo(before.path(figure));
        }
    }

    @Test
    void faster_andFailingLess_areBetter_andFailingMoreComesFirst() {
        requests(0, 300_000, 300, 3);
        requests(300_000, 600_000, 300, 1);
        for (int i = 0; i < 300; i++) {
            failing("pay", i * 1_000, random.nextDouble() < 0.02);
            failing("pay", 300_000 + i * 1_000, random.nextDouble() < 0.2);
            failing("mail", i * 1_000, random.nextDouble() < 0.2);
            failing("mail", 300_000 + i * 1_000, random.nextDouble() < 0.02);
        }
        api.put(spans);

        JsonNode changes = api.get("changes?from=5m");
        assertThat(names(changes)).startsWith("pay", "mail", "layout");
        assertThat(changes.at("/items/0/verdict").asText()).isEqualTo("worse");
        assertThat(changes.at("/items/0/errors/change").asText()).isEqualTo("up");
        assertThat(changes.at("/items/1/verdict").asText()).isEqualTo("better");
        assertThat(changes.at("/items/1/errors/change").asText()).isEqualTo("down");
        assertThat(changes.at("/items/2/p50/change").asText()).isEqualTo("down");
    }

    @Test
    void tail_isTold_whereTheMedianStays() {
        for (int i = 0; i < 600; i++) {
            call("search", i * 500, random.nextDouble() < 0.01 ? 900 : 80 + random.nextInt(40));
            call("search", 300_000 + i * 500, random.nextDouble() < 0.12 ? 900 : 80 + random.nextInt(40));
        }
        api.put(spans);

        JsonNode search = api.get("changes?from=5m").at("/items/0");
        assertThat(search.at("/p95/change").asText()).isEqualTo("up");
        assertThat(search.at("/p50/change").isNull()).isTrue();
    }

    @Test
    void burst_isComparedWithABurst_howeverShortIsTheirTime() {
        for (int i = 0; i < 60; i++) {
            call("work", 10_000 + i * 50, 100 + random.nextInt(40));
            call("work", 590_000 + i * 50, 200 + random.nextInt(40));
        }
        api.put(spans);

        assertThat(names(api.get("changes?from=5m"))).containsExactly("work");
    }

    @Test
    void fewCalls_areShown_andNothingIsSaidOfThem() {
        call("rare", 1_000, 100);
        call("rare", 301_000, 5_000);
        call("gone", 2_000, 10);
        call("fresh", 302_000, 10);
        api.put(spans);

        JsonNode changes = api.get("changes?from=5m");
        assertThat(names(changes)).containsExactly("fresh", "gone");
        assertThat(changes.at("/items/0/verdict").asText()).isEqualTo("only_now");
        assertThat(changes.at("/items/0/before").isNull()).isTrue();
        assertThat(changes.at("/items/1/verdict").asText()).isEqualTo("only_before");
        assertThat(changes.at("/counts/untold").asInt()).isEqualTo(1);
        JsonNode rare = api.get("changes?from=5m&all=true&q=rare").at("/items/0");
        assertThat(rare.at("/p95/chance").isNull()).isTrue();
        assertThat(rare.at("/now/few").asBoolean()).isTrue();
    }

    /** 59 comparisons of 24 operations, some called in bunches, some with slow moments: nothing changes in ten minutes. */
    @Test
    void whenNothingChanges_nearlyNoComparisonTellsAnything() {
        int times = 60;
        for (int second = 0; second < 600; second++) {
            double moment = 0.3 * random.nextGaussian();
            for (int operation = 0; operation < 24; operation++) {
                int bunch = operation % 4 == 0 ? 5 : 1;
                double common = random.nextGaussian();
                double slow = operation % 3 == 0 ? moment : 0;
                for (int i = 0; i < bunch; i++) {
                    double own = bunch > 1 ? 0.8 * common + 0.6 * random.nextGaussian() : common;
                    spans.add(span(++traces, 1, 0, "operation " + operation, second * 1_000L + i, 0)
                            .durationNanos((long) (50_000_000 * Math.exp(0.7 * own + slow)))
                            .status(random.nextDouble() < 0.03 ? SpanStatus.ERROR : SpanStatus.OK)
                            .build());
                }
            }
        }
        api.put(spans);

        int telling = 0;
        for (int i = 1; i < times; i++) {
            JsonNode counts = api.get("changes?from=" + (T0 + i * 10_000) + "&to=" + (T0 + (i + 1) * 10_000))
                    .path("counts");
            assertThat(counts.path("same").asInt()
                            + counts.path("worse").asInt()
                            + counts.path("better").asInt())
                    .isEqualTo(24);
            telling += counts.path("worse").asInt() + counts.path("better").asInt() > 0 ? 1 : 0;
        }
        // one in a hundred is promised; four of 59 would happen once in 300 such tests
        assertThat(telling).isLessThan(4);
    }

    @Test
    void sampledCalls_countAsWhatTheyAre_notAsWhatTheyStandFor() {
        // 8 kept calls in each time: weights of 1,000 make them no proof
        for (int i = 0; i < 8; i++) {
            spans.add(span(++traces, 1, 0, "GET /", i * 30_000L, 100 + i)
                    .weight(1_000.0)
                    .build());
            spans.add(span(++traces, 1, 0, "GET /", 300_000 + i * 30_000L, i < 3 ? 50 : 200 + i)
                    .weight(1_000.0)
                    .build());
        }
        api.put(spans);

        JsonNode item = api.get("changes?from=5m&all=true").at("/items/0");
        assertThat(item.path("verdict").asText()).isEqualTo("same");
        assertThat(item.at("/now/estimate/text").asText()).isEqualTo("estimated from 8 of 8,000");
    }

    @Test
    void pause_isPassedOver_andARunIsComparedWithWhatItsServiceDidBefore() {
        for (int i = 0; i < 60; i++) {
            call("work", i * 1_000, 100 + random.nextInt(20));
        }
        for (int i = 0; i < 60; i++) {
            long at = 500_000 + i * 1_000;
            spans.add(span(++traces, 1, 0, "work", at, 200 + random.nextInt(20))
                    .runId("run-2")
                    .release("1.4.2")
                    .build());
            spans.add(span(++traces, 1, 0, "other", at, 10).service("mail").build());
        }
        api.put(spans);

        JsonNode since = api.get("changes?from=" + (T0 + 500_000));
        assertThat(since.at("/before/toAt").asDouble()).isEqualTo(T0 + 59_000, within(0.01));
        assertThat(names(since)).containsExactly("work", "other");
        JsonNode start = since.at("/runs/0");
        assertThat(start.path("id").asText()).isEqualTo("run-2");
        assertThat(start.path("release").asText()).isEqualTo("1.4.2");
        assertThat(start.path("startedAt").asLong()).isEqualTo(T0 + 500_000);
        JsonNode run = api.get("changes?run=run-2");
        assertThat(names(run)).containsExactly("work");
        assertThat(run.at("/window/fromAt").asLong()).isEqualTo(T0 + 500_000);
        assertThat(run.at("/items/0/verdict").asText()).isEqualTo("worse");
    }

    @Test
    void nothingBefore_isSaid() {
        call("work", 595_000, 100);
        api.put(spans);

        JsonNode changes = api.get("changes?from=1h");
        assertThat(changes.path("before").isNull()).isTrue();
        assertThat(changes.path("items")).isEmpty();
        assertThat(changes.at("/requests/now/count").asInt()).isEqualTo(1);
        assertThat(api.get("changes").path("before").isNull()).isTrue();
    }

    @Test
    void newIssues_regressedOnes_andNewFindings_areListed() {
        requests(0, 600_000, 20, 1);
        api.put(spans);
        api.put(event(1, "old", 10_000), event(2, "resolved", 20_000), event(6, "resolved", 25_000));
        String resolved = issue("resolved");
        assertThat(api.send("POST", "issues/" + resolved + "/status?to=resolved", true)
                        .statusCode())
                .isEqualTo(200);
        api.put(event(3, "old", 400_000), event(4, "resolved", 410_000), event(5, "fresh", 420_000));
        nPlusOne(310_000);

        JsonNode issues = api.get("changes?from=5m").path("issues");
        assertThat(issues.path("new")).hasSize(2);
        assertThat(issues.at("/new/0/message").asText()).isEqualTo("fresh");
        assertThat(issues.at("/new/1/kind").asText()).isEqualTo("finding");
        assertThat(issues.path("regressed")).hasSize(1);
        assertThat(issues.at("/regressed/0/id").asText()).isEqualTo(resolved);
        assertThat(issues.path("more").asBoolean()).isFalse();
        // a time before it came back
        JsonNode earlier = api.get("changes?from=" + (T0 + 22_000) + "&to=" + (T0 + 40_000));
        assertThat(earlier.at("/before").isObject()).isTrue();
        assertThat(earlier.at("/issues/regressed")).isEmpty();
    }

    private void nPlusOne(long at) {
        List<SpanRecord> some = new ArrayList<>();
        some.add(span(9_999, 1, 0, "GET /list", at, 1_000).build());
        for (int i = 0; i < 6; i++) {
            some.add(span(9_999, 2 + i, 1, "SELECT item", at + i * 20, 20)
                    .category("db")
                    .kind("client")
                    .build());
        }
        api.put(some);
    }

    private String issue(String message) {
        return StreamSupport.stream(api.get("issues?q=" + message).path("items").spliterator(), false)
                .filter(item -> item.path("kind").asText().equals("error"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asText();
    }

    private static EventRecord event(long id, String message, long at) {
        return EventRecord.builder(String.format("%032x", id), new Grouping(1, List.of(message), "{}"))
                .service("shop")
                .environment("dev")
                .type("java.lang.IllegalStateException")
                .message(message)
                .timeNanos((T0 + at) * 1_000_000)
                .sources(Source.SENTRY)
                .payload("{}")
                .build();
    }

    private static List<String> names(JsonNode changes) {
        return StreamSupport.stream(changes.path("items").spliterator(), false)
                .map(item -> item.path("name").asText())
                .toList();
    }

    private void call(String operation, long at, long millis) {
        spans.add(span(++traces, 1, 0, operation, at, millis).build());
    }

    private void failing(String operation, long at, boolean fails) {
        spans.add(span(++traces, 1, 0, operation, at, 20)
                .status(fails ? SpanStatus.ERROR : SpanStatus.OK)
                .build());
    }

    /** Requests evenly over a time, in which {@code layout} takes so many times as long. */
    private void requests(long from, long to, int count, double layoutTimes) {
        for (int i = 0; i < count; i++) {
            long at = from + (to - from) * i / count;
            long trace = ++traces;
            long layout = Math.round(layoutTimes * (60 + random.nextInt(60)));
            long palette = 20 + random.nextInt(20);
            spans.add(span(trace, 1, 0, "GET /", at, layout + palette + 3).build());
            spans.add(span(trace, 2, 1, "layout", at + 1, layout).build());
            spans.add(span(trace, 3, 1, "palette", at + 2 + layout, palette).build());
        }
    }
}
