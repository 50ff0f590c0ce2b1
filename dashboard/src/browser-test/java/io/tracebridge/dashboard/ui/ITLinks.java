/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every number and name leads to its evidence, and from there back. */
class ITLinks extends WithScenes {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/issues?kind=error | .grid a.row >> nth=0 | /issues/[0-9a-f]+",
                "{event} | text=Open trace >> nth=0 | /traces/{trace}\\?span=[0-9a-f]{16}.*",
                "{event} | .path-row[data-failing=yes] a | /traces/{trace}\\?span=[0-9a-f]{16}.*",
                "{event} | #logs .lines a >> nth=0 | /traces/{trace}\\?span=.*",
                "/traces/{trace} | text=/Open issue/ | /issues/[0-9a-f]+/events/[0-9a-f]+",
                "/traces/{trace}?tab=errors | .error-list a >> nth=0 | /issues/[0-9a-f]+/events/[0-9a-f]+",
                "/traces/{trace} | .inspector h2 a | /operations/[0-9a-f]+",
                "/traces?status=error | .grid a.danger >> nth=0 | /issues/[0-9a-f]+",
                "/ | .rows a.row >> nth=0 | /issues/[0-9a-f]+",
                "/ | .slowest a.row >> nth=0 | /operations/[0-9a-f]+",
                "/operations/{operation} | .thirds a.row >> nth=0 | /traces/[0-9a-f]{32}.*",
                "/operations/{operation} | text=Against before | /changes\\?q=ai.generateStructured&all=true",
                "/changes?{half}&all=true | .grid a.row >> nth=0 | /operations/[0-9a-f]+\\?{half}",
                "/changes?{half}&all=true | .grid .quiet-link >> nth=0 | /operations/[0-9a-f]+\\?from=\\d+&to=\\d+",
                "/ | text=What changed | /changes",
                "/operations | .quiet-link >> nth=0 | /traces\\?operation=[0-9a-f]+",
                "/logs | .log-line a >> nth=-1 | /traces/{trace}\\?span=.*",
                "{call} | text=Open in its trace | /traces/{trace}\\?span=.*",
                "{finding} | text=See it in a trace | /traces/{trace}\\?span=.*"
            })
    void link_leadsToTheEvidence(String from, String link, String to) {
        open(scenes.path(from));
        page.locator(link).first().click();
        arrivesAt(scenes.path(to));
        assertThat(page.getByRole(AriaRole.ALERT)).hasCount(0);
    }

    @Test
    void errorOfTheIssue_isSelectedOnItsSpan_andLeadsBack() {
        open(scenes.path("{event}"));
        page.locator("#trace >> text=Open trace").click();
        arrivesAt("/traces/.*span=.*");
        Locator selected = page.locator(".wf-row[aria-selected=true]:not([hidden])");
        assertThat(selected).containsText("ai.generateStructured");
        assertThat(selected).hasAttribute("data-fail", "here");
        // the exception that the call recorded, and the application's error that it caused
        assertThat(selected.locator(".wf-mark[data-shape=disc]:not([hidden])")).hasCount(2);
        page.keyboard().press("e");
        arrivesAt("/issues/[0-9a-f]+/events/[0-9a-f]+");
    }

    @Test
    void markdown_keepsHostileTextInsideCodeMarks() {
        open(scenes.path("{event}"));
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        page.getByText("Copy as Markdown").click();
        assertThat(page.locator(".toast")).hasText("Markdown copied");
        String text = (String) page.evaluate("navigator.clipboard.readText()");
        assertThat(text).contains("`SceneGenerationException`", origin() + "/traces/" + Scenes.TRACE + "?span=");
        List<String> hostile = text.lines().filter(line -> line.contains("<img")).toList();
        assertThat(hostile).isNotEmpty().allMatch(line -> line.matches(".*`[^`]*<img[^`]*`.*"));
    }
}
