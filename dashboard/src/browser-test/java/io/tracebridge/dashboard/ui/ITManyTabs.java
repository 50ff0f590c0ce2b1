/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * More tabs of one profile than a browser has connections for: all of them load, and all of them move. The server is a fixture
 * because the real one does not tell how many listen.
 */
class ITManyTabs extends WithBrowser {
    private static FixtureServer server;
    private final List<Page> tabs = new ArrayList<>();

    @BeforeAll
    static void start() {
        server = new FixtureServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void closeTabs() {
        tabs.get(0).context().close();
        await().until(() -> server.listeners() == 0);
    }

    @Override
    String origin() {
        return server.origin();
    }

    @Test
    void eightTabs_shareOneStream_andItPassesOnWhenItsTabCloses() {
        open(8, "/traces");

        tabs.forEach(tab -> assertThat(tab.locator(".live")).hasText("Live"));
        await().until(() -> server.listeners() == 1);
        int opened = server.opened();
        trace("0123456789abcdef0123456789abcdef");
        tabs.forEach(tab -> assertThat(tab.locator(".new-rows")).hasText("1 new"));

        BrowserContext context = tabs.get(0).context();
        tabs.remove(0).close();
        // what is published before the next tab listens reaches nobody
        await().pollInSameThread()
                .until(() -> server.opened() == opened + 1 && server.listeners() == 1 && context.pages().size() == 7);
        tabs.forEach(tab -> assertThat(tab.locator(".live")).hasText("Live"));
        trace("1123456789abcdef0123456789abcdef");
        tabs.forEach(tab -> assertThat(tab.locator(".new-rows")).hasText("2 new"));
    }

    @Test
    void tabsWithDifferentFilters_takeFourStreams_atMost_andTheSeventhStillWorks() {
        for (int i = 0; i < 7; i++) {
            open(1, "/traces?service=s" + i);
            assertThat(tabs.get(i).locator(".live")).hasText(i < 4 ? "Live" : "Every 5 s");
        }

        await().until(() -> server.listeners() == 4);
        // it got its data, and gets a stream when one is free
        assertThat(tabs.get(6).locator("[role=grid] tbody tr").first()).isVisible();
        for (int i = 0; i < 3; i++) {
            tabs.remove(0).close();
        }
        tabs.forEach(tab -> assertThat(tab.locator(".live")).hasText("Live"));
        await().until(() -> server.listeners() == 4);
        trace("2123456789abcdef0123456789abcdef");
        assertThat(tabs.get(3).locator(".new-rows")).hasText("1 new");
    }

    private void open(int count, String path) {
        for (int i = 0; i < count; i++) {
            tabs.add(
                    tabs.isEmpty()
                            ? chromium.open(origin() + path)
                            : chromium.another(tabs.get(0).context(), origin() + path));
        }
    }

    private static void trace(String id) {
        server.publish(
                "trace",
                "{\"items\":[{\"id\":\"" + id + "\",\"startAt\":1763817600000,\"endAt\":1763817601000,\"durationMs\":1000,"
                        + "\"status\":\"ok\",\"operation\":\"GET /x\",\"service\":\"s\",\"spans\":1,\"errors\":0}],\"more\":0}");
    }
}
