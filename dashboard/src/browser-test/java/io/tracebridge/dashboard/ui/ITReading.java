/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.tracebridge.dashboard.ui.FixtureServer.EVENT;
import static io.tracebridge.dashboard.ui.FixtureServer.ISSUE;
import static io.tracebridge.dashboard.ui.FixtureServer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Walking through the pages: links in both directions, keyboard, filters, the address, and what happens while data arrive. */
class ITReading {
    private static FixtureServer server;
    private static Chromium chromium;
    private Page page;

    @BeforeAll
    static void start() {
        server = new FixtureServer();
        chromium = new Chromium();
    }

    @AfterAll
    static void stop() {
        chromium.close();
        server.close();
    }

    @AfterEach
    void clean() {
        page.context().close();
        server.reset();
        chromium.assertClean();
    }

    private void open(String path) {
        page = chromium.open(server.origin() + path);
    }

    private void arrivesAt(String pattern) {
        page.waitForURL(Pattern.compile(Pattern.quote(server.origin()) + pattern));
        page.waitForSelector("html[data-ready]");
    }

    // ---- links

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/issues | .grid a.row >> nth=0 | /issues/" + ISSUE,
                "/issues/" + ISSUE + " | text=Open trace >> nth=0 | /traces/" + TRACE + "\\?span=[0-9a-f]{16}.*",
                "/issues/" + ISSUE + " | .path-row[data-failing=yes] a | /traces/" + TRACE + "\\?span=[0-9a-f]{16}.*",
                "/issues/" + ISSUE + " | .exc >> nth=0 >> a | /traces/" + TRACE + "\\?span=.*",
                "/issues/" + ISSUE + " | #logs .lines a >> nth=0 | /traces/" + TRACE + "\\?span=.*",
                "/traces/" + TRACE + " | text=/Open issue/ | /issues/" + ISSUE + "/events/" + EVENT,
                "/traces/" + TRACE + "?tab=errors | .error-list a >> nth=0 | /issues/" + ISSUE + "/events/" + EVENT,
                "/traces/" + TRACE + " | .inspector h2 a | /operations/[0-9a-f]+",
                "/traces | .grid a.danger >> nth=0 | /issues/" + ISSUE,
                "/ | .bottleneck footer .end a >> nth=0 | /traces/[0-9a-f]{32}.*",
                "/ | .rows a.row >> nth=0 | /issues/" + ISSUE,
                "/ | .slowest a.row >> nth=0 | /operations/[0-9a-f]+",
                "/ | .tile >> nth=1 | /traces\\?status=error",
                "/operations/8c1f | .thirds a.row >> nth=0 | /traces/[0-9a-f]{32}.*",
                "/operations | .quiet-link >> nth=0 | /traces\\?operation=[0-9a-f]+",
                "/logs | .log-line a >> nth=-1 | /traces/" + TRACE + "\\?span=.*",
                "/metrics/scene_generation_duration | table.grid a.row | /traces/" + TRACE + ".*",
                "/ai | .grid a.row >> nth=0 | /ai/calls/[0-9a-f]{16}\\?trace=.*",
                "/ai/calls/0000000000000001 | text=Open in its trace | /traces/" + TRACE + "\\?span=.*"
            })
    void link_leadsToTheEvidence(String from, String link, String to) {
        open(from);
        page.locator(link).click();
        arrivesAt(to);
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void errorOfTheIssue_isSelectedOnItsSpan_andLeadsBack() {
        open("/issues/" + ISSUE + "/events/" + EVENT);
        page.locator("#trace >> text=Open trace").click();
        arrivesAt("/traces/.*span=.*");
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        assertThat(selected).containsText("ai.generateStructured");
        assertThat(selected).hasAttribute("data-fail", "here");
        assertThat(selected.locator(".wf-mark[data-shape=disc]:not([hidden])")).hasCount(1);
        page.keyboard().press("e");
        arrivesAt("/issues/" + ISSUE + "/events/" + EVENT);
    }

    @Test
    void logs_lieOnTheirSpansInTheWaterfall() {
        open("/traces/" + TRACE);
        page.keyboard().press("Home");
        assertThat(page.locator(".wf-mark[data-shape=log]:not([hidden])").first()).hasAttribute("title", Pattern.compile("info: .*"));
    }

    // ---- the address holds the state

    @Test
    void address_holdsFilterTabSelectionAndView_andRestoresThem() {
        open("/traces/" + TRACE);
        page.locator("#find").fill("SELECT");
        page.locator(".wf-row:not([hidden])").filter(new Locator.FilterOptions().setHasText("SELECT project")).click();
        page.keyboard().press("+");
        page.waitForURL(Pattern.compile(".*view=\\d+-\\d+.*"));
        String address = page.url();
        assertThat(address).contains("find=SELECT").contains("span=");
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(page.locator("#find")).hasValue("SELECT");
        assertThat(page.locator(".wf-row[aria-selected=true]")).containsText("SELECT project");
        assertThat(page.locator(".minimap")).hasAttribute("data-zoomed", "yes");
    }

    @Test
    void filter_dims_andHidesOnRequest() {
        open("/traces/" + TRACE);
        int all = Integer.parseInt(page.locator(".wf-scroll").getAttribute("aria-rowcount"));
        page.locator("#find").fill("assets.resolve");
        assertThat(page.locator(".wf-row[data-dim=yes]:not([hidden])").first()).isVisible();
        assertThat(page.locator(".wf-scroll")).hasAttribute("aria-rowcount", String.valueOf(all));
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Hide .* others"))).click();
        // it and what is above it
        assertThat(page.locator(".wf-scroll")).hasAttribute("aria-rowcount", "4");
        page.locator(".wf-scroll").focus();
        page.keyboard().press("Escape");
        assertThat(page.locator(".wf-scroll")).hasAttribute("aria-rowcount", String.valueOf(all));
    }

    @Test
    void headerFilter_goesToTheServer_andTravelsToTheNextPage() {
        open("/traces");
        page.locator("label.pick:has-text('Service') select").selectOption("scene-worker");
        page.waitForURL(Pattern.compile(".*service=scene-worker.*"));
        await().until(() -> server.asked.stream().anyMatch(q -> q.startsWith("traces?service=scene-worker")));
        page.locator("nav.rail a[aria-label=Issues]").click();
        arrivesAt("/issues\\?service=scene-worker");
    }

    @Test
    void traceId_inTheSearchBox_opensThatTrace() {
        open("/");
        page.keyboard().press("/");
        page.keyboard().insertText(TRACE.toUpperCase(java.util.Locale.ROOT));
        page.keyboard().press("Enter");
        arrivesAt("/traces/" + TRACE);
    }

    // ---- heat map

    @Test
    void heatMap_choosesByDrag_intoTheAddress_andTheListFollows() {
        open("/traces");
        Locator map = page.locator(".heat-map");
        assertThat(page.locator(".heat-told")).containsText("traces, most take");
        var box = map.boundingBox();
        page.mouse().move(box.x + box.width * 0.4, box.y + box.height * 0.2);
        page.mouse().down();
        page.mouse().move(box.x + box.width * 0.6, box.y + box.height * 0.7, new com.microsoft.playwright.Mouse.MoveOptions().setSteps(4));
        assertThat(page.locator(".heat-cell")).isVisible();
        page.mouse().up();
        page.waitForURL(Pattern.compile(".*time=\\d+-\\d+&minMs=[\\d.]+&maxMs=[\\d.]+"));
        await().until(() -> server.asked.stream().anyMatch(q -> q.matches("traces\\?from=1763\\d+&to=1763\\d+&minMs=[\\d.]+&maxMs=[\\d.]+")));
        // the map itself is asked without the choice: it keeps its surroundings
        assertThat(server.asked.stream().filter(q -> q.startsWith("heatmap"))).noneMatch(q -> q.contains("minMs"));
        assertThat(page.locator(".heat-chosen")).isVisible();
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(page.locator(".heat-chosen")).isVisible();
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove the chosen part")).click();
        assertThat(page.locator(".heat-chosen")).isHidden();
        assertThat(page.url()).doesNotContain("time=");
    }

    @Test
    void heatMap_isReadAndChosenWithTheKeyboard() {
        open("/traces");
        page.locator(".bar button").last().focus();
        page.keyboard().press("Tab");
        assertThat(page.locator(".heat-map")).isFocused();
        // it begins where most traces are
        assertThat(page.locator(".heat-told")).containsText("40 traces");
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("Shift+ArrowUp");
        page.keyboard().press("Enter");
        page.waitForURL(Pattern.compile(".*time=1763817150000-1763817165000&minMs=1778&maxMs=3163.*"));
        assertThat(page.locator("tr[data-cursor]")).hasCount(0);
        page.keyboard().press("Escape");
        assertThat(page.locator(".heat-chosen")).isHidden();
        page.locator(".heat-table summary").click();
        assertThat(page.locator(".heat-table tbody tr")).hasCount(12);
    }

    // ---- runs of alike spans, and distances

    @Test
    void alikeSiblings_areOneRow_andTheAddressRemembersWhichAreOpen() {
        open("/traces/" + TRACE);
        Locator rows = page.locator(".wf-scroll");
        int all = Integer.parseInt(rows.getAttribute("aria-rowcount"));
        page.keyboard().press("Home");
        Locator run = page.locator(".wf-row[data-run=yes]:not([hidden])");
        assertThat(run).hasCount(1);
        assertThat(run).hasAttribute("aria-label", Pattern.compile("SELECT asset, 12 calls in a row, 400 milliseconds in total, P95 39.8 milliseconds, on the critical path"));
        run.click();
        assertThat(page.locator(".inspector")).containsText("12 calls in a row");
        page.waitForURL(Pattern.compile(".*run=[0-9a-f]{16}.*"));
        page.keyboard().press("ArrowRight");
        assertThat(rows).hasAttribute("aria-rowcount", String.valueOf(all + 12));
        assertThat(run).hasAttribute("aria-expanded", "true");
        page.keyboard().press("ArrowRight");
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        assertThat(selected).hasAttribute("aria-level", "6");
        page.waitForURL(Pattern.compile(".*runs=[0-9a-f]{16}.*"));
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(rows).hasAttribute("aria-rowcount", String.valueOf(all + 12));
        assertThat(selected).containsText("SELECT asset");
        page.keyboard().press("ArrowLeft");
        assertThat(selected).hasAttribute("data-run", "yes");
        page.keyboard().press("ArrowLeft");
        assertThat(rows).hasAttribute("aria-rowcount", String.valueOf(all));
        page.keyboard().press("ArrowLeft");
        assertThat(selected).containsText("assets.resolve");
    }

    @Test
    void run_opensForASpanInIt_andHitsTheFilterAsOne() {
        open("/traces/" + TRACE);
        page.keyboard().press("Home");
        page.locator("#find").fill("asset");
        Locator run = page.locator(".wf-row[data-run=yes]:not([hidden])");
        assertThat(run).hasAttribute("data-dim", "");
        page.locator("#find").fill("measureText");
        assertThat(run).hasAttribute("data-dim", "yes");
        page.locator("#find").fill("");
        page.getByText("Show", new Page.GetByTextOptions().setExact(true)).first().click();
        assertThat(page.locator(".wf-row[aria-selected=true]:not([hidden])")).containsText("SELECT asset");
        assertThat(run).hasAttribute("aria-expanded", "true");
    }

    @Test
    void distance_isMeasuredWithShift_andKeptInTheAddress() {
        open("/traces/" + TRACE);
        page.keyboard().press("Home");
        Locator row = page.locator(".wf-row:not([hidden])");
        row.filter(new Locator.FilterOptions().setHasText("project.load")).click();
        row.filter(new Locator.FilterOptions().setHasText("brain.makeDecision"))
                .click(new Locator.ClickOptions().setModifiers(List.of(com.microsoft.playwright.options.KeyboardModifier.SHIFT)));
        Locator distance = page.locator(".distance");
        // 52 to 117 ms, and the first takes 63: 65 from start to start, 2 between
        assertThat(distance).containsText(Pattern.compile("\\+65.0\\sms"));
        assertThat(distance).containsText(Pattern.compile("End to start\\s*2.00\\sms|2.00\\sms\\s*End to start"));
        assertThat(page.locator(".wf-distance")).containsText("65.0");
        page.waitForURL(Pattern.compile(".*measure=[0-9a-f]{16}.*"));
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(distance).containsText("+65.0");
        page.keyboard().press("Escape");
        assertThat(distance).hasCount(0);
        page.keyboard().press("m");
        page.keyboard().press("ArrowDown");
        assertThat(distance).containsText(Pattern.compile("\\+20.0\\sms"));
        row.filter(new Locator.FilterOptions().setHasText("project.load")).click();
        assertThat(distance).hasCount(0);
    }

    // ---- keyboard

    @Test
    void list_isReadWithTheKeyboard() {
        open("/traces");
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("k");
        assertThat(page.locator("tr[data-cursor]")).hasAttribute("aria-rowindex", "2");
        assertThat(page.getByRole(AriaRole.GRID)).hasAttribute("aria-activedescendant", "row-0");
        page.keyboard().press("Enter");
        arrivesAt("/traces/" + TRACE);
    }

    @Test
    void waterfall_isReadWithTheKeyboard() {
        open("/traces/" + TRACE);
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        page.keyboard().press("Home");
        assertThat(selected).containsText("/api/scenes/generate");
        page.keyboard().press("ArrowLeft");
        assertThat(page.locator(".wf-scroll")).hasAttribute("aria-rowcount", "1");
        assertThat(selected.locator(".wf-count")).hasText("34");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("n");
        assertThat(selected).hasAttribute("data-fail", "here");
        page.keyboard().press("End");
        assertThat(selected).containsText("scene-ready");
        page.keyboard().press("2");
        assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setSelected(true))).containsText("Operations");
        page.keyboard().press("1");
        page.keyboard().press("\\");
        assertThat(page.locator(".inspector")).isHidden();
    }

    @Test
    void help_showsTheMap_andSingleKeysCanBeSwitchedOff() {
        open("/traces");
        page.keyboard().press("?");
        Locator help = page.getByRole(AriaRole.DIALOG);
        assertThat(help).containsText("next row");
        help.getByRole(AriaRole.CHECKBOX).uncheck();
        page.keyboard().press("Escape");
        page.keyboard().press("j");
        assertThat(page.locator("tr[data-cursor]")).hasCount(0);
    }

    @Test
    void goKeys_changeThePage() {
        open("/");
        page.keyboard().press("g");
        page.keyboard().press("i");
        arrivesAt("/issues");
    }

    // ---- while data arrive

    @Test
    void newRows_waitUntilAsked_andNothingMoves() {
        open("/traces");
        connected();
        List<String> before = page.locator("[role=grid] tbody tr").allInnerTexts();
        trace("0123456789abcdef0123456789abcdef");
        trace("1123456789abcdef0123456789abcdef");
        assertThat(page.locator(".new-rows")).hasText("2 new");
        assertThat(page.locator("[role=grid] tbody tr").allInnerTexts()).isEqualTo(before);
        page.keyboard().press(".");
        assertThat(page.locator(".new-rows")).hasCount(0);
    }

    @Test
    void pause_stopsDrawing_notReceiving() {
        open("/traces");
        connected();
        page.keyboard().press(" ");
        assertThat(page.locator(".live")).hasText("Paused");
        trace("0123456789abcdef0123456789abcdef");
        page.waitForTimeout(600); // three times the interval of drawing
        assertThat(page.locator(".new-rows")).hasCount(0);
        page.keyboard().press(" ");
        assertThat(page.locator(".new-rows")).hasText("1 new");
    }

    @Test
    void setup_ticksWhenTheFirstItemArrives_thenBecomesTheOverview() throws Exception {
        server.answer("overview", FixtureServer.read("overview-empty"));
        open("/");
        connected();
        assertThat(page.locator(".setup section")).hasCount(3);
        assertThat(page.locator(".setup [data-done=yes]")).hasCount(0);
        server.answer("overview", FixtureServer.read("overview-empty").replace("\"sentry\":0", "\"sentry\":3"));
        server.publish("health", "{\"accepted\":3,\"rejected\":0,\"queueDepth\":0,\"storeBytes\":1}");
        assertThat(page.locator(".setup [data-done=yes]")).hasCount(1);
        server.reset();
        page.getByText("Send a sample").click();
        assertThat(page.getByText("Top 3 bottlenecks")).isVisible();
        await().until(() -> server.asked.contains("sample"));
    }

    @Test
    void otherEpoch_fetchesEverythingAgain() {
        open("/traces");
        connected();
        server.asked.clear();
        server.publish("resync", "{}");
        await().until(() -> server.asked.stream().anyMatch(q -> q.startsWith("traces?")));
        assertThat(page.locator("[role=grid] tbody tr").first()).isVisible();
    }

    @Test
    void texts_areFormattedTheOneWay() {
        open("/traces");
        Object said = page.evaluate("async () => { const f = await import('/ui/shell/format.js');"
                + "return [0, 0.0004, 0.852, 0.99951, 54.94, 999.4, 999.6, 1440, 59960, 125000, 3600000, 11220000].map(f.duration)"
                + ".concat([f.count(1284), f.count(999999.6), f.compact(2.9e6), f.share(0.42), f.share(0.0301), f.share(0), f.share(0.0002),"
                + "f.money(null), f.money(0.0294), f.money(3.94), f.bytes(4200000)]).map(t => t.replaceAll('\\u202f', ' ')) }");
        assertThat(said)
                .isEqualTo(List.of(
                        "0", "1 µs", "852 µs", "1.00 ms", "54.9 ms", "999 ms", "1.00 s", "1.44 s", "1 m 00 s", "2 m 05 s",
                        "1 h 00 m", "3 h 07 m", "1 284", "1 000 000", "2.90 M", "42 %", "3.0 %", "0 %", "< 0.1 %", "no price",
                        "$0.0294", "$3.94", "4.01 MiB"));
    }

    @Test
    void markdown_keepsHostileTextInsideCodeMarks() {
        open("/issues/" + ISSUE);
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.getByText("Copy as Markdown").click();
        assertThat(page.locator(".toast")).hasText("Markdown copied");
        String text = (String) page.evaluate("navigator.clipboard.readText()");
        assertThat(text).contains("`SceneGenerationException`", server.origin() + "/traces/" + TRACE + "?span=");
        assertThat(text.lines().filter(line -> line.contains("<img"))).allMatch(line -> line.matches(".*`[^`]*<img[^`]*`.*"));
    }

    private void connected() {
        await().until(() -> server.listeners() > 0);
        assertThat(page.locator(".live")).hasText("Live");
    }

    private static void trace(String id) {
        server.publish(
                "trace",
                "{\"items\":[{\"id\":\"" + id + "\",\"startAt\":1763817600000,\"endAt\":1763817601000,\"durationMs\":1000,"
                        + "\"status\":\"ok\",\"operation\":\"GET /x\",\"service\":\"s\",\"spans\":1,\"errors\":0}],\"more\":0}");
    }

}
