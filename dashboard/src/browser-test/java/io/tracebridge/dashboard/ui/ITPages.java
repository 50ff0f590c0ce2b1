/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page in a real browser: it shows its data, leaves nothing on the console, and stays inside its origin and policy. */
class ITPages extends WithScenes {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/ | Top 3 bottlenecks | SceneGenerationException",
                "/traces | POST /api/scenes/generate | 6.21",
                "/traces/{trace} | ai.generateStructured | Kept because of the error; head sampling would have dropped it.",
                "/traces/{trace}?tab=operations | SELECT asset | Of the wait",
                "/traces/{trace}?tab=logs | assets.resolve | info",
                "/traces/{trace}?tab=errors | SceneGenerationException | Layout failed after 3 attempts",
                "/traces/{trace}?tab=ai | claude-sonnet-4 | $0.0147",
                "/issues | SceneGenerationException | 11",
                "{event} | Where in the trace | AiOverloadedException",
                "{finding} | N+1 query | 12 similar queries in a row",
                "/operations | ai.generateStructured | Of wait",
                "/operations/{operation} | Heat map | Called by",
                "/changes?{half}&all=true | POST /api/scenes/generate | without a difference to tell",
                "/changes?from=all | nothing to compare with | Last 5 min against those before",
                "/metrics | scene_generation_duration | ai_token_usage",
                "/metrics/scene_generation_duration | Traces behind it | P95",
                "/logs | 529 overloaded_error | trace",
                "/ai | By model | $0.0147",
                "{call}&messages=open | 1,834 × $3.00/M | {\"elements\":[{\"type\":\"circle\"}]}",
                "/health-ui | Rejected, and why | expected 32 hex digits"
            })
    void page_showsItsData_accessibly_withHostileTextAsText_atAnyWidth(String path, String first, String second) {
        open(scenes.path(path));
        // the browser's connection belongs to this thread
        await().pollInSameThread().untilAsserted(() -> {
            String text = page.locator("main").innerText().replace('\u202f', ' ');
            assertThat(text).contains(first, second);
        });
        assertThat(page.locator("nav.rail a[aria-current=page]")).hasCount(1);
        // the header's menu names a service so, and what has no menu has something else of the kind, but for these
        if (!path.matches(".*tab=(errors|ai)|\\{finding}")) {
            assertThat(page.locator("#app").textContent()).contains(Scenes.HOSTILE);
        }
        assertThat(page.locator("#app img")).hasCount(0);
        assertThat(page.evaluate("window.hacked === undefined")).isEqualTo(true);
        assertThat(Axe.violations(page)).isEmpty();
        for (int width : new int[] {1024, 720, 390}) { // 720 is a laptop at 200 %
            fitsInto(width);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/traces/{trace}", "{event}", "{call}&messages=open", "/metrics"})
    void page_isLegibleInTheDark(String path) {
        open(scenes.path(path), 1440, 900, ColorScheme.DARK);
        assertThat(Axe.violations(page)).isEmpty();
    }

    /** A full disk under the server is another test's ({@code ITDiskFull}); here the real answer gets its reason. */
    @Test
    void health_saysWhyNothingIsStored_andWhatWasToldTwice() {
        open("/traces");
        page.route("**/api/v1/health", this::withTrouble);
        go("/health-ui");
        assertThat(page.locator("main"))
                .containsText("Nothing is stored at the moment, what arrives waits: No space left on device");
        // the word that the terminal prints
        assertThat(page.locator("main")).containsText("http://local@localhost:");
        var told = page.locator("tr:has(td:text-is('OTLP')):has(td:text-is('error event')) td");
        assertThat(told).hasText(new String[] {"OTLP", "error event", "1", "0", "1", "0"});
        assertThat(Axe.violations(page)).isEmpty();
    }

    private void withTrouble(Route route) {
        String real = route.fetch().text();
        assertThat(real).contains("\"trouble\":null");
        route.fulfill(new Route.FulfillOptions()
                .setContentType("application/json")
                .setBody(real.replace("\"trouble\":null", "\"trouble\":\"No space left on device\"")));
    }
}
