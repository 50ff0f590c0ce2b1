/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** One trace as a waterfall: what its rows say, how they fold, how they are read with keys, and what of it the address keeps. */
class ITWaterfall extends WithScenes {
    @Test
    void longValue_isShownAsItIs() {
        open("/traces/" + Scenes.TRACE);
        Locator messages = page.locator(".inspector dt:text-is('gen_ai.input.messages') + dd");
        assertThat(messages).isVisible();
        // nothing of the page's own layout is part of the text
        assertThat(messages.textContent()).startsWith("[{\"role\":\"user\"");
        assertThat(messages.boundingBox().height).isLessThan(60);
    }

    @Test
    void logs_lieOnTheirSpansInTheWaterfall() {
        open("/traces/" + Scenes.TRACE);
        page.keyboard().press("Home");
        assertThat(page.locator(".wf-mark[data-shape=log]:not([hidden])").first()).hasAttribute("title", Pattern.compile("info: .*"));
    }

    @Test
    void address_holdsFilterTabSelectionAndView_andRestoresThem() {
        open("/traces/" + Scenes.TRACE);
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
        open("/traces/" + Scenes.TRACE);
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
    void alikeSiblings_areOneRow_andTheAddressRemembersWhichAreOpen() {
        open("/traces/" + Scenes.TRACE);
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
        open("/traces/" + Scenes.TRACE);
        page.keyboard().press("Home");
        page.locator("#find").fill("asset");
        Locator run = page.locator(".wf-row[data-run=yes]:not([hidden])");
        assertThat(run).hasAttribute("data-dim", "");
        page.locator("#find").fill("measureText");
        assertThat(run).hasAttribute("data-dim", "yes");
        page.locator("#find").fill("");
        page.locator("li:has-text('N+1 query') >> text=Show").click();
        assertThat(page.locator(".wf-row[aria-selected=true]:not([hidden])")).containsText("SELECT asset");
        assertThat(run).hasAttribute("aria-expanded", "true");
    }

    @Test
    void distance_isMeasuredWithShift_andKeptInTheAddress() {
        open("/traces/" + Scenes.TRACE);
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

    @Test
    void waterfall_isReadWithTheKeyboard() {
        open("/traces/" + Scenes.TRACE);
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        page.keyboard().press("Home");
        assertThat(selected).containsText("/api/scenes/generate");
        page.keyboard().press("ArrowLeft");
        // the root, and beside it the span whose parent never came
        assertThat(page.locator(".wf-scroll")).hasAttribute("aria-rowcount", "2");
        assertThat(selected.locator(".wf-count")).hasText("30");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("n");
        assertThat(selected).hasAttribute("data-fail", "here");
        page.keyboard().press("End");
        assertThat(selected).containsText("fonts");
        page.keyboard().press("2");
        assertThat(page.getByRole(AriaRole.TAB, new Page.GetByRoleOptions().setSelected(true))).containsText("Operations");
        page.keyboard().press("1");
        page.keyboard().press("\\");
        assertThat(page.locator(".inspector")).isHidden();
    }

    @Test
    void longDurations_areRed_markedAndSaid() {
        open("/traces/" + Scenes.TRACE + "?tab=operations");
        var slow = page.locator(".trace-panel .slow").first();
        assertThat(slow).hasAttribute("aria-label", Pattern.compile("slow, .* seconds"));
        assertThat(slow.evaluate("e => getComputedStyle(e, '::before').content")).isEqualTo("\"▲\"");
        assertThat(slow.evaluate("e => getComputedStyle(e).color")).isEqualTo("rgb(198, 40, 40)");
    }

    @Test
    void waterfall_isATreeGrid_withLevelsAndPositions() {
        open("/traces/" + Scenes.TRACE);
        page.keyboard().press("Home");
        var grid = page.getByRole(AriaRole.TREEGRID);
        assertThat(grid).hasCount(1);
        var row = page.locator(".wf-row:not([hidden])").filter(new Locator.FilterOptions()
                .setHasText("project.load"));
        assertThat(row).hasAttribute("aria-level", "3");
        assertThat(row).hasAttribute("aria-posinset", "1");
        assertThat(row).hasAttribute("aria-setsize", "3");
        assertThat(row).hasAttribute("aria-expanded", "true");
        assertThat(row).hasAttribute("aria-label", Pattern.compile("project.load, .*milliseconds.*"));
    }

    @Test
    void lateOrphanAndSkewedSpans_carryAChip() {
        open("/traces/" + Scenes.TRACE);
        page.keyboard().press("Home");
        assertThat(page.locator(".wf-chip:text-is('late')")).not().hasCount(0);
        assertThat(page.locator(".wf-chip:text-is('orphan')")).not().hasCount(0);
        page.keyboard().press("End"); // only rows in sight exist
        assertThat(page.locator(".wf-chip:text-is('skewed')")).not().hasCount(0);
    }
}
