/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import static org.awaitility.Awaitility.await;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page in a real browser: it shows its data, leaves nothing on the console, and stays inside its origin and policy. */
class ITPages {
    private static final String HOSTILE = "<img src=x onerror=window.hacked=1>";
    private static final String TRACE = "/traces/" + FixtureServer.TRACE;
    private static final String EVENT = "/issues/" + FixtureServer.ISSUE;

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
        if (page != null) {
            page.context().close();
        }
        server.reset();
        chromium.assertClean();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | Top 3 bottlenecks | 42",
                "/traces | POST /api/scenes/generate | 6.21",
                TRACE + " | ai.generateStructured | Kept because of the error; head sampling would have dropped it.",
                TRACE + "?tab=operations | SELECT asset | Of the wait",
                TRACE + "?tab=logs | assets.resolve | info",
                TRACE + "?tab=errors | SceneGenerationException | Layout failed after 3 attempts",
                TRACE + "?tab=ai | claude-sonnet-4 | $0.0147",
                "/issues | SceneGenerationException | 142",
                EVENT + " | Where in the trace | AiOverloadedException",
                "/issues/f3c0 | N+1 query | 12 similar queries in a row",
                "/operations | ai.generateStructured | 4.31",
                "/operations/8c1f | Heat map | Waits for",
                "/metrics | scene_generation_duration | ai_token_usage",
                "/metrics/scene_generation_duration | Traces behind it | P95",
                "/logs | 529 overloaded_error | trace",
                "/ai | By model | no price",
                "/ai/calls/0000000000000001 | Tokens and price | 1,834 × $3.00/M",
                "/health-ui | Rejected, and why | bad_id",
                "/health-ui | Known before | Nothing is stored at the moment, what arrives waits: No space left"
            })
    void page_showsItsData_accessibly_withHostileTextAsText(String path, String first, String second) {
        page = chromium.open(server.origin() + path);
        // the browser's connection belongs to this thread
        await().pollInSameThread().untilAsserted(() -> {
            String text = page.locator("main").innerText().replace('\u202f', ' ');
            assertThat(text).contains(first, second);
        });
        assertThat(page.locator("nav.rail a[aria-current=page]")).hasCount(1);
        // the header's menu names a service so on every page; most pages have more of the kind
        assertThat(page.locator("#app").textContent()).contains(HOSTILE);
        assertThat(page.locator("#app img")).hasCount(0);
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        assertThat(violations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", TRACE, EVENT, "/ai/calls/0000000000000001?messages=open", "/metrics"})
    void page_isLegibleInTheDark(String path) {
        page = chromium.open(server.origin() + path, 1440, 900, ColorScheme.DARK);
        assertThat(violations()).isEmpty();
    }

    @Test
    void setup_hasNoAccessibilityViolation() throws Exception {
        server.answer("overview", FixtureServer.read("overview-empty"));
        page = chromium.open(server.origin() + "/");
        assertThat(violations()).isEmpty();
    }

    private List<String> violations() {
        return new AxeBuilder(page)
                .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")).analyze().getViolations().stream()
                        .map(ITPages::described)
                        .toList();
    }

    private static String described(Rule rule) {
        return rule.getId() + " " + rule.getHelp() + ": "
                + rule.getNodes().stream()
                        .limit(4)
                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                        .collect(Collectors.joining(" | "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/traces", TRACE, EVENT, "/operations", "/metrics", "/logs", "/ai", "/health-ui"})
    void page_fitsANarrowWindow_andDoubleZoom(String path) {
        page = chromium.open(server.origin() + path, 1024, 800, ColorScheme.LIGHT);
        for (int width : new int[] {1024, 720, 390}) { // 720 is a laptop at 200 %
            page.setViewportSize(width, 800);
            int overflow = ((Number) page.evaluate("document.documentElement.scrollWidth - innerWidth")).intValue();
            assertThat(overflow).as("sideways scroll at " + width).isLessThanOrEqualTo(0);
            assertThat(page.locator("main")).isVisible();
        }
    }

    @Test
    void longDurations_areRed_markedAndSaid() {
        page = chromium.open(server.origin() + TRACE + "?tab=operations");
        var slow = page.locator(".trace-panel .slow").first();
        assertThat(slow).hasAttribute("aria-label", java.util.regex.Pattern.compile("slow, .* seconds"));
        assertThat(slow.evaluate("e => getComputedStyle(e, '::before').content")).isEqualTo("\"▲\"");
        assertThat(slow.evaluate("e => getComputedStyle(e).color")).isEqualTo("rgb(198, 40, 40)");
    }

    @Test
    void waterfall_isATreeGrid_withLevelsAndPositions() {
        page = chromium.open(server.origin() + TRACE);
        page.keyboard().press("Home");
        var grid = page.getByRole(AriaRole.TREEGRID);
        assertThat(grid).hasCount(1);
        var row = page.locator(".wf-row:not([hidden])").filter(new com.microsoft.playwright.Locator.FilterOptions()
                .setHasText("project.load"));
        assertThat(row).hasAttribute("aria-level", "3");
        assertThat(row).hasAttribute("aria-posinset", "1");
        assertThat(row).hasAttribute("aria-setsize", "3");
        assertThat(row).hasAttribute("aria-expanded", "true");
        assertThat(row).hasAttribute("aria-label", java.util.regex.Pattern.compile("project.load, .*milliseconds.*"));
    }

    @Test
    void lateOrphanAndSkewedSpans_carryAChip() {
        page = chromium.open(server.origin() + TRACE);
        page.keyboard().press("Home");
        assertThat(page.locator(".wf-chip:text-is('late')")).not().hasCount(0);
        assertThat(page.locator(".wf-chip:text-is('orphan')")).not().hasCount(0);
        page.keyboard().press("End"); // only rows in sight exist
        assertThat(page.locator(".wf-chip:text-is('skewed')")).not().hasCount(0);
    }

    @Test
    void missingThing_isAPageThatSaysSo() {
        page = chromium.open(server.origin() + "/traces/00000000000000000000000000000001");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("no such thing");
        chromium.forgetFaults(); // the browser itself logs the 404
    }

    @Test
    void chosenTheme_isThereBeforeTheFirstPaint() {
        page = chromium.open(server.origin() + "/traces", 1440, 900, ColorScheme.DARK);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Theme: system")).click();
        assertThat(page.evaluate("document.documentElement.dataset.theme")).isEqualTo("light");
        page.addInitScript("document.addEventListener('DOMContentLoaded', () => window.early = document.documentElement.dataset.theme)");
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(page.evaluate("window.early")).isEqualTo("light");
        assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(246, 247, 249)");
    }

    @Test
    void allPagesTogether_weighLessThanAMegabyte() {
        page = chromium.open(server.origin() + "/metrics");
        Number bytes = (Number) page.evaluate("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                + ".filter(e => !e.name.includes('/api/')).reduce((sum, e) => sum + e.encodedBodySize, 0)");
        System.out.println("page weight, heaviest page (metrics, with uPlot), gzipped: " + bytes + " bytes");
        assertThat(bytes.intValue()).isBetween(20_000, 200_000);
    }
}
