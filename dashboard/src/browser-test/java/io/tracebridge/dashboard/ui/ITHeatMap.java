/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Mouse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The map of time and duration above the list of traces: what is chosen on it is exactly what the list shows. */
class ITHeatMap extends WithScenes {
    private static final Pattern CHOICE =
            Pattern.compile(".*[?&]time=(\\d+)-(\\d+)&minMs=([\\d.]+)&maxMs=([\\d.]+).*");

    @Test
    void choiceByDrag_isInTheAddress_andTheListShowsWhatTheMapCounted() {
        open("/traces");
        List<String> maps = new ArrayList<>();
        page.onRequest(request -> remember(request, maps));
        Locator map = page.locator(".heat-map");
        assertThat(page.locator(".heat-told")).containsText("traces, most take");
        var box = map.boundingBox();
        page.mouse().move(box.x + box.width * 0.3, box.y + box.height * 0.1);
        page.mouse().down();
        page.mouse().move(box.x + box.width * 0.8, box.y + box.height * 0.9, new Mouse.MoveOptions().setSteps(4));
        assertThat(page.locator(".heat-cell")).isVisible();
        page.mouse().up();
        page.waitForURL(CHOICE);

        assertThat(page.locator(".heat-chosen")).isVisible();
        Locator rows = page.locator("[role=grid] tbody tr");
        assertThat(rows).hasCount(chosen());
        page.reload();
        page.waitForSelector("html[data-ready]");
        assertThat(page.locator(".heat-chosen")).isVisible();
        assertThat(rows).hasCount(chosen());
        // the map itself is asked without the choice: it keeps its surroundings
        assertThat(maps).isNotEmpty().noneMatch(url -> url.contains("minMs"));

        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Remove the chosen part")).click();
        assertThat(page.locator(".heat-chosen")).isHidden();
        assertThat(page.url()).doesNotContain("time=");
    }

    @Test
    void map_isReadAndChosenWithTheKeyboard() {
        open("/traces");
        page.locator(".bar button").last().focus();
        page.keyboard().press("Tab");
        assertThat(page.locator(".heat-map")).isFocused();
        // it begins where most traces are
        Pattern ofCell = Pattern.compile("· (\\d+) traces\\b");
        assertThat(page.locator(".heat-told")).containsText(ofCell);
        Matcher told = ofCell.matcher(page.locator(".heat-told").innerText());
        assertThat(told.find()).isTrue();
        page.keyboard().press("Enter");
        page.waitForURL(CHOICE);
        assertThat(page.locator("[role=grid] tbody tr")).hasCount(Integer.parseInt(told.group(1)));
        Matcher one = CHOICE.matcher(page.url());
        assertThat(one.matches()).isTrue();

        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("Shift+ArrowUp");
        page.keyboard().press("Enter");
        page.waitForURL(url -> wider(one, CHOICE.matcher(url)));
        assertThat(page.locator("tr[data-cursor]")).hasCount(0);
        page.keyboard().press("Escape");
        assertThat(page.locator(".heat-chosen")).isHidden();
        page.locator(".heat-table summary").click();
        assertThat(page.locator(".heat-table tbody tr")).not().hasCount(0);
    }

    private static boolean wider(Matcher one, Matcher two) {
        return two.matches()
                && Long.parseLong(two.group(2)) - Long.parseLong(two.group(1))
                        > Long.parseLong(one.group(2)) - Long.parseLong(one.group(1))
                && Double.parseDouble(two.group(4)) > Double.parseDouble(one.group(4));
    }

    private static void remember(Request request, List<String> maps) {
        if (request.url().contains("/api/v1/heatmap")) {
            maps.add(request.url());
        }
    }

    /** How many traces are in the chosen part, asked of the API for everything and counted here. */
    private int chosen() {
        Matcher choice = CHOICE.matcher(page.url());
        assertThat(choice.matches()).isTrue();
        int count = 0;
        for (var trace : scenes.sender().ask("traces?limit=100").path("items")) {
            double at = trace.path("startAt").asDouble();
            double took = trace.path("durationMs").asDouble();
            boolean inside = at >= Double.parseDouble(choice.group(1))
                    && at < Double.parseDouble(choice.group(2))
                    && took >= Double.parseDouble(choice.group(3))
                    && took < Double.parseDouble(choice.group(4));
            count += inside ? 1 : 0;
        }
        assertThat(count).isPositive();
        return count;
    }
}
