/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The whole dashboard as users run it: telemetry in at its endpoints, pages out in a browser. Tests build on each other's data. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ITDashboard {
    private static final String HOSTILE = "<img src=x onerror=window.hacked=1>";
    private static final OkHttpClient CLIENT =
            new OkHttpClient.Builder().readTimeout(Duration.ofSeconds(60)).build();
    private static DashboardServer server;
    private static Chromium chromium;
    private static String origin;
    private Page page;

    @BeforeAll
    static void start() {
        server = DashboardServer.start(new DashboardOptions(
                0, DashboardOptions.DEFAULT_HOST, null, DashboardOptions.DEFAULT_MAX_BYTES, null, false, false));
        origin = "http://localhost:" + server.port();
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
        CLIENT.connectionPool().evictAll();
    }

    @AfterEach
    void clean() {
        page.context().close();
        chromium.assertClean();
    }

    @Test
    @Order(1)
    void setup_becomesTheOverview_whenTheSampleArrives() {
        page = chromium.open(origin + "/");
        assertThat(page.locator(".setup section")).hasCount(3);
        page.getByText("Send a sample").click();
        assertThat(page.getByText("Top 3 bottlenecks")).isVisible();
        // the analysis of a trace follows when it has been quiet for a moment
        await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(500)).until(() -> {
            page.reload();
            page.waitForSelector("html[data-ready]");
            return page.locator(".bottleneck").count() == 3;
        });
        assertThat(page.locator(".rows li").first()).containsText("Exception");
    }

    @Test
    @Order(2)
    void issue_leadsToItsSpan_toItsLogs_andBack() {
        page = chromium.open(origin + "/issues?kind=error");
        page.locator(".grid a.row").first().click();
        arrivesAt("/issues/[0-9a-f]+.*");
        assertThat(page.locator("#trace .path-row[data-failing=yes]")).hasCount(1);
        assertThat(page.locator("#logs .lines li")).not().hasCount(0);
        page.locator("#trace .path-row[data-failing=yes] a").click();
        arrivesAt("/traces/[0-9a-f]{32}\\?span=.*");
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        assertThat(selected).hasAttribute("data-fail", "here");
        assertThat(page.getByText("head sampling would have dropped it")).isVisible();
        page.getByText(Pattern.compile("Open issue.*")).click();
        arrivesAt("/issues/[0-9a-f]+/events/[0-9a-f]+.*");
    }

    @Test
    @Order(3)
    void everyPage_showsWhatWasReceived() {
        page = chromium.open(origin + "/traces");
        for (String[] step : new String[][] {
            {"/traces", "/api/scenes/generate"}, {"/issues", "AiOverloadedException"}, {"/operations", "SELECT asset"},
            {"/metrics", "scene_generation_duration"}, {"/logs", "529 overloaded"}, {"/ai", "gpt-4o"}, {"/health-ui", "spans"}
        }) {
            page.navigate(origin + step[0]);
            page.waitForSelector("html[data-ready]");
            assertThat(page.locator("main")).containsText(step[1]);
        }
        page.navigate(origin + "/operations");
        page.locator(".grid a.row").first().click();
        arrivesAt("/operations/.+");
        assertThat(page.locator(".op-latency canvas")).isVisible();
        page.navigate(origin + "/logs");
        page.waitForSelector("html[data-ready]");
        page.locator(".log-line a").last().click();
        arrivesAt("/traces/[0-9a-f]{32}\\?span=.+");
        assertThat(page.locator(".wf-row[aria-selected=true]:not([hidden]) .wf-mark[data-shape=log]:not([hidden])"))
                .not()
                .hasCount(0);
        page.navigate(origin + "/issues?kind=finding");
        page.waitForSelector("html[data-ready]");
        page.locator("[role=grid] a.row").first().click();
        arrivesAt("/issues/[0-9a-f]+.*");
        page.getByText("See it in a trace").click();
        arrivesAt("/traces/[0-9a-f]{32}\\?span=.+");
        page.navigate(origin + "/ai");
        page.locator(".grid a.row").first().click();
        arrivesAt("/ai/calls/.+");
        assertThat(page.locator(".arithmetic")).containsText("$");
    }

    @Test
    @Order(4)
    void counter_movesOnThePage_withoutReload() throws IOException {
        page = chromium.open(origin + "/metrics");
        Locator card = page.locator("section:has(h2:has-text('tool_executions')) .metric-last b");
        assertThat(card).isVisible();
        assertThat(page.locator(".live")).hasText("Live");
        page.evaluate("window.same = true");
        String before = card.innerText();
        counter(1_000);
        counter(9_000_000);
        assertThat(card).not().hasText(before);
        assertThat(page.evaluate("window.same")).isEqualTo(true);
    }

    @Test
    @Order(5)
    void hostileNames_areTextOnTheListAndInTheWaterfall() throws IOException {
        post("/v1/traces", spans("%032x".formatted(0xbadL), 1, HOSTILE));
        page = chromium.open(origin + "/traces/" + "%032x".formatted(0xbadL));
        assertThat(page.locator("h1").last()).hasText(HOSTILE);
        page.navigate(origin + "/traces");
        page.waitForSelector("html[data-ready]");
        assertThat(page.locator("main")).containsText(HOSTILE);
        assertThat(page.locator("main img")).hasCount(0);
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
    }

    @Test
    @Order(6)
    void hundredThousandSpans_areReceived_andPaintedWithinHalfASecond() throws IOException {
        String id = "%032x".formatted(0xb16L);
        post("/v1/traces", spans(id, 1, "batch.renderProject"));
        for (int first = 2; first < 100_000; first += 10_000) {
            post("/v1/traces", children(id, first, Math.min(10_000, 100_001 - first)));
        }
        page = chromium.open(origin + "/health-ui");
        page.setDefaultTimeout(60_000); // the server's first answer for a trace this large takes seconds on a busy machine
        await().atMost(Duration.ofSeconds(150)).pollInterval(Duration.ofSeconds(1)).until(() -> {
            page.navigate(origin + "/traces/" + id);
            page.waitForSelector("html[data-ready]");
            return "100000".equals(page.locator("#page").getAttribute("data-spans"));
        });
        chromium.forgetFaults(); // while the spans were still coming in, the browser may have logged "busy"
        page.waitForFunction("() => performance.getEntriesByName('trace-painted').length > 0");
        double painted = ((Number) page.evaluate("performance.getEntriesByName('trace-painted')[0].startTime"
                        + " - performance.getEntriesByName('trace-received')[0].startTime"))
                .doubleValue();
        int nodes = ((Number) page.evaluate("document.querySelectorAll('*').length")).intValue();
        System.out.printf("100,000 spans through OTLP: painted %.0f ms after the data, %d nodes%n", painted, nodes);
        assertThat(painted).isLessThan(500);
        assertThat(nodes).isLessThan(2_000);
    }

    private void arrivesAt(String pattern) {
        page.waitForURL(Pattern.compile(Pattern.quote(origin) + pattern));
        page.waitForSelector("html[data-ready]");
    }

    private static String spans(String trace, int id, String name) {
        return request(span(trace, id, 0, name, System.currentTimeMillis() - 5_000, 4_000));
    }

    private static String children(String trace, int first, int count) {
        StringBuilder list = new StringBuilder();
        long base = System.currentTimeMillis() - 5_000;
        for (int i = first; i < first + count; i++) {
            list.append(list.isEmpty() ? "" : ",").append(span(trace, i, 1, "render.frame", base + i % 3_900, 3));
        }
        return request(list.toString());
    }

    private static String span(String trace, int id, int parent, String name, long startMillis, long millis) {
        return "{\"traceId\":\"" + trace + "\",\"spanId\":\"" + "%016x".formatted(id) + "\","
                + (parent == 0 ? "" : "\"parentSpanId\":\"" + "%016x".formatted(parent) + "\",")
                + "\"name\":\"" + name + "\",\"kind\":1,\"startTimeUnixNano\":\"" + startMillis
                + "000000\",\"endTimeUnixNano\":\"" + (startMillis + millis) + "000000\"}";
    }

    private static String request(String list) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"batch\"}}]},"
                + "\"scopeSpans\":[{\"scope\":{\"name\":\"t\"},\"spans\":[" + list + "]}]}]}";
    }

    private static void counter(long value) throws IOException {
        String now = System.currentTimeMillis() + "000000";
        post(
                "/v1/metrics",
                "{\"resourceMetrics\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"demo\"}}]},"
                        + "\"scopeMetrics\":[{\"scope\":{\"name\":\"t\"},\"metrics\":[{\"name\":\"tool_executions\",\"sum\":{"
                        + "\"aggregationTemporality\":1,\"isMonotonic\":true,\"dataPoints\":[{\"startTimeUnixNano\":\"" + now
                        + "\",\"timeUnixNano\":\"" + now + "\",\"asInt\":\"" + value + "\"}]}}]}]}]}");
    }

    private static void post(String path, String json) throws IOException {
        Request request = new Request.Builder()
                .url(origin + path)
                .post(RequestBody.create(json, MediaType.get("application/json")))
                .build();
        try (Response response = CLIENT.newCall(request).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
    }
}
