/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What is around every page: filters that travel, the search box, keys and their help, the theme, and the one way of writing numbers. */
class ITShell extends WithScenes {
    @Test
    void headerFilter_narrowsTheList_andTravelsToTheNextPage() {
        open("/traces");
        Locator rows = page.locator("[role=grid] tbody tr");
        assertThat(rows).hasCount(Scenes.ORDINARY + 2);
        page.locator("label.pick:has-text('Service') select").selectOption("scene-worker");
        page.waitForURL(Pattern.compile(".*service=scene-worker.*"));
        assertThat(rows).hasCount(1); // only one request came as far as the worker
        page.locator("nav.rail a[aria-label=Issues]").click();
        arrivesAt("/issues\\?service=scene-worker");
    }

    @Test
    void traceId_inTheSearchBox_opensThatTrace() {
        open("/");
        page.keyboard().press("/");
        page.keyboard().insertText(Scenes.TRACE.toUpperCase(Locale.ROOT));
        page.keyboard().press("Enter");
        arrivesAt("/traces/" + Scenes.TRACE);
    }

    @Test
    void list_isReadWithTheKeyboard() {
        open("/traces?status=error");
        page.keyboard().press("j");
        page.keyboard().press("j");
        page.keyboard().press("k");
        assertThat(page.locator("tr[data-cursor]")).hasAttribute("aria-rowindex", "2");
        assertThat(page.getByRole(AriaRole.GRID)).hasAttribute("aria-activedescendant", "row-0");
        String first = page.locator("[role=grid] a.row").first().getAttribute("href");
        page.keyboard().press("Enter");
        arrivesAt(Pattern.quote(first));
    }

    @Test
    void help_showsTheMap_andSingleKeysCanBeSwitchedOff() {
        open("/traces");
        page.keyboard().press("?");
        Locator help = page.getByRole(AriaRole.DIALOG);
        assertThat(help).containsText("next row");
        assertThat(help).containsText("choose more parts"); // of the heat map, which answers its keys itself
        help.getByRole(AriaRole.CHECKBOX).uncheck();
        page.keyboard().press("Escape");
        page.keyboard().press("j");
        assertThat(page.locator("tr[data-cursor]")).hasCount(0);
    }

    @Test
    void pageOfOneThing_showsNoFilterThatItIgnores_andLeadsBackToTheList() {
        open(scenes.path("{event}?service=scene-api"));
        assertThat(page.locator(".head .pick")).hasCount(0);
        // what happened when is on the page itself: 02:54:23 to 02:54:31, never "now"
        assertThat(page.locator(".chart-ends")).containsText(Pattern.compile("\\d\\d:\\d\\d.*at most \\d+ per .*\\d\\d:\\d\\d"));
        page.locator(".head a.title").click();
        arrivesAt("/issues\\?service=scene-api");
        assertThat(page.locator(".head .pick").first()).isVisible();
    }

    @Test
    void emptyList_saysWhatWasLookedFor_andWhereThereIsMore() {
        open("/traces?service=nobody&from=5m");
        assertThat(page.locator(".empty")).hasText(Pattern.compile("No trace of service nobody, in the last 5 min\\. .*"));
        go("/?service=nobody");
        assertThat(page.locator(".tile").nth(2)).containsText("–"); // no P95 of nothing
        assertThat(page.locator(".card:has(> .strip)")).containsText("No request of service nobody, in the last hour.");
        page.getByText("Look without these filters").click();
        arrivesAt("/");
        go("/traces?service=nobody");
        page.getByText("Look without these filters").click();
        arrivesAt("/traces");
        assertThat(page.locator("[role=grid] tbody tr")).hasCount(Scenes.ORDINARY + 2);
        go("/logs?q=nothing+says+this");
        assertThat(page.locator(".empty")).containsText("No log line matches in the last hour.");
        assertThat(page.locator(".empty")).containsText("OTEL_LOGS_EXPORTER=otlp");
    }

    @Test
    void chart_saysItsNewestNumbers_whileNobodyPoints() {
        open("/metrics/scene_generation_duration");
        assertThat(page.locator(".u-legend")).containsText(Pattern.compile("P95\\d"));
    }

    @Test
    void goKeys_changeThePage() {
        open("/");
        page.keyboard().type("gi"); // the second within 1.5 s
        arrivesAt("/issues");
    }

    @Test
    void texts_areFormattedTheOneWay() {
        open("/traces");
        Object said = page.evaluate("async () => { const f = await import('/ui/shell/format.js');"
                + "return [0, 0.0004, 0.852, 0.99951, 54.94, 999.4, 999.6, 1440, 59960, 125000, 3600000, 11220000].map(f.duration)"
                + ".concat([f.count(1284), f.count(999999.6), f.compact(2.9e6), f.share(0.42), f.share(0.0301), f.share(0), f.share(0.0002),"
                + "f.money(null), f.money(0.0294), f.money(3.94), f.bytes(4200000),"
                + "f.brief('ai.'), f.brief('com.acme.billing.invoices.Invoice.'),"
                + "f.brief('com.acme.stock.ReconciliationCoordinatorService.')]).map(t => t.replaceAll('\\u202f', ' ')) }");
        assertThat(said)
                .isEqualTo(List.of(
                        "0", "1 µs", "852 µs", "1.00 ms", "54.9 ms", "999 ms", "1.00 s", "1.44 s", "1 m 00 s", "2 m 05 s",
                        "1 h 00 m", "3 h 07 m", "1 284", "1 000 000", "2.90 M", "42 %", "3.0 %", "0 %", "< 0.1 %", "no price",
                        "$0.0294", "$3.94", "4.01 MiB", "ai.", "c.a.b.i.Invoice.", "…tionCoordinatorService."));
    }

    @Test
    void missingThing_isAPageThatSaysSo() {
        open("/traces/00000000000000000000000000000001");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("the trace is not stored");
        chromium.forgetFaults(); // the browser itself logs the 404
    }

    @Test
    void chosenTheme_isThereBeforeTheFirstPaint() {
        open("/traces", 1440, 900, ColorScheme.DARK);
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
        open("/metrics");
        Number bytes = (Number) page.evaluate("performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
                + ".filter(e => !e.name.includes('/api/')).reduce((sum, e) => sum + e.encodedBodySize, 0)");
        System.out.println("page weight, heaviest page (metrics, with uPlot), gzipped: " + bytes + " bytes");
        assertThat(bytes.intValue()).isBetween(20_000, 200_000);
    }
}
