/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Ways that a reader goes from a question to its answer, and back. */
class ITJourneys extends WithScenes {
    private static final String SELECTED = ".wf-row[aria-selected=true]:not([hidden])";

    @Test
    void issue_itsTrace_theFailingStep_itsDataAndLogs_withKeysAlone() {
        open("/");
        page.keyboard().type("gi"); // the second within 1.5 s
        arrivesAt("/issues");
        press("j", "Enter");
        arrivesAt("/issues/[0-9a-f]+");
        page.locator("#trace >> text=Open trace").focus();
        press("Enter");
        arrivesAt("/traces/[0-9a-f]{32}\\?span=.*");
        assertThat(page.locator(SELECTED)).hasAttribute("data-fail", Pattern.compile("here|below"));
        assertThat(page.locator(".inspector")).containsText("gen_ai.request.model");
        press("3");
        assertThat(page.locator("[role=tab][aria-selected=true]")).containsText("Logs");
        press("1", "e");
        arrivesAt("/issues/[0-9a-f]+/events/[0-9a-f]+.*");
    }

    @Test
    void back_undoesAFilter_andAnotherEvent_andLeavesAPage() {
        open("/traces");
        Locator rows = page.locator("[role=grid] tbody tr");
        assertThat(rows).hasCount(Scenes.ORDINARY + 2);
        page.locator("label.pick:has-text('Service') select").selectOption("scene-worker");
        page.waitForURL(Pattern.compile(".*service=scene-worker.*"));
        assertThat(rows).hasCount(1);
        rows.first().locator("a.row").click();
        arrivesAt("/traces/[0-9a-f]{32}\\?service=.*");
        page.goBack();
        arrivesAt("/traces\\?service=scene-worker");
        assertThat(rows).hasCount(1);
        page.goBack();
        arrivesAt("/traces");
        assertThat(rows).hasCount(Scenes.ORDINARY + 2);

        go(scenes.path("{event}"));
        String first = page.locator(".event-bar").innerText();
        page.getByText("‹ Older").click();
        assertThat(page.locator(".event-bar")).not().hasText(first);
        page.goBack();
        assertThat(page.locator(".event-bar")).containsText(first.substring(6, 14));
    }

    @Test
    void sharedLink_showsAFreshBrowserTheSame() {
        open("/traces/" + Scenes.TRACE + "?service=scene-api");
        press("Home", "j", "j", "c");
        // rows are drawn a frame after the keys: the last of them leads here
        assertThat(page.locator(SELECTED)).containsText("SELECT project");
        page.waitForURL(Pattern.compile(".*span=[0-9a-f]{16}.*"));
        Page other = chromium.open(page.url());
        assertThat(other.locator(SELECTED)).containsText("SELECT project");
        other.locator(".head a.title").click();
        other.waitForURL(Pattern.compile(".*/traces\\?service=scene-api"));
        other.context().close();
    }

    private void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }
}
