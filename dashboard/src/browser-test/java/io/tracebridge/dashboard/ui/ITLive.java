/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.tracebridge.dashboard.DashboardServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages while data arrive, and when the server goes away and comes back empty. Each test has an empty server of its own. */
class ITLive extends WithBrowser {
    private DashboardServer server;
    private int sent;

    @BeforeEach
    void start() {
        server = WithScenes.Dashboard.start(0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    String origin() {
        return WithScenes.Dashboard.origin(server);
    }

    @Test
    void newRows_waitUntilAsked_andPauseStopsDrawing_notReceiving() {
        request();
        await().until(() -> new Sender(origin()).ask("traces").path("items").size() == 1);
        open("/traces");
        assertThat(page.locator(".live")).hasText("Live");
        Locator rows = page.locator("[role=grid] tbody tr");
        assertThat(rows).hasCount(1);
        request();
        request();
        assertThat(page.locator(".new-rows")).hasText("2 new");
        assertThat(rows).hasCount(1);
        page.keyboard().press(".");
        assertThat(page.locator(".new-rows")).hasCount(0);
        assertThat(rows).hasCount(3);

        page.keyboard().press(" ");
        assertThat(page.locator(".live")).hasText("Paused");
        request();
        await().pollInSameThread().until(() -> new Sender(origin()).ask("traces").path("items").size() == 4);
        page.waitForTimeout(600); // three times the interval of drawing
        assertThat(page.locator(".new-rows")).hasCount(0);
        page.keyboard().press(" ");
        assertThat(page.locator(".new-rows")).hasText("1 new");
    }

    @Test
    void logLines_followAtTheEnd_andWaitBehindTheirNumberElsewhere() {
        log(0, 60, "info");
        await().until(() -> new Sender(origin()).ask("logs?limit=100").path("items").size() == 60);
        open("/logs?level=info");
        assertThat(page.locator(".live")).hasText("Live");
        assertThat(page.getByText("line 59")).isVisible();
        log(60, 1, "info");
        assertThat(page.getByText("line 60")).isVisible();
        assertThat(page.locator(".new-rows")).hasCount(0);

        page.locator(".log-scroll").evaluate("scroller => scroller.scrollTop = 0");
        assertThat(page.getByText("line 0", new Page.GetByTextOptions().setExact(true))).isVisible();
        log(61, 3, "info");
        assertThat(page.locator(".new-rows")).hasText("3 new");
        // what the filter hides is not new
        log(64, 5, "debug");
        log(69, 1, "info");
        assertThat(page.locator(".new-rows")).hasText("4 new");
        assertThat(page.getByText("line 0", new Page.GetByTextOptions().setExact(true))).isVisible();
        page.keyboard().press(".");
        assertThat(page.locator(".new-rows")).hasCount(0);
        assertThat(page.getByText("line 69")).isVisible();
        assertThat(page.getByText("65 lines")).isVisible();
    }

    private void log(int first, int lines, String level) {
        List<Object> records = new ArrayList<>();
        for (int i = 0; i < lines; i++) {
            records.add(Sender.object(
                    "timeUnixNano", (System.currentTimeMillis() + i) + "000000",
                    "severityNumber", level.equals("info") ? 9 : 5,
                    "body", Map.of("stringValue", "line " + (first + i))));
        }
        new Sender(origin()).logs("demo", records);
    }

    @Test
    void setup_ticksWhenTheFirstItemArrives_thenBecomesTheOverview() {
        open("/");
        assertThat(page.locator(".live")).hasText("Live");
        assertThat(page.locator(".setup section")).hasCount(3);
        assertThat(page.locator(".setup [data-done=yes]")).hasCount(0);
        assertThat(Axe.violations(page)).isEmpty();
        new Sender(origin()).logs("demo", List.of(Sender.object("body", Map.of("stringValue", "hello"))));
        // a log line alone is nothing to show there, but it says that the way works
        assertThat(page.locator(".setup [data-done=yes]")).hasCount(1);
        assertThat(page.locator(".setup h1")).hasText("Waiting for the first request or error");
        page.getByText("Send a sample").click();
        assertThat(page.getByText("Top 3 bottlenecks")).isVisible();
    }

    @Test
    void restartedServer_isAskedForEverythingAgain() {
        request();
        await().until(() -> new Sender(origin()).ask("traces").path("items").size() == 1);
        open("/traces");
        assertThat(page.locator(".live")).hasText("Live");
        assertThat(page.locator("[role=grid] tbody tr")).hasCount(1);
        int port = server.port();
        server.close();
        assertThat(page.locator(".live")).hasText("Offline");
        server = WithScenes.Dashboard.start(port);
        assertThat(page.locator(".live")).hasText("Live");
        // what it shows is what the new server has
        assertThat(page.locator("[role=grid] tbody tr")).hasCount(0);
        chromium.forgetFaults(); // the browser itself logs that the connection was refused
    }

    private void request() {
        sent++;
        new Sender(origin())
                .spans("demo", List.of(Scenes.span(
                        "%032x".formatted(0xf00 + sent), "%016x".formatted(sent), "", "GET /x", 2,
                        System.currentTimeMillis() - 900, 800, "ok")));
    }
}
