/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A headless Chromium that remembers everything a page did wrong. One for a test class; not thread-safe. */
final class Chromium implements AutoCloseable {
    private static final String READY = "html[data-ready]";
    /** For a page and for what it then draws: with a load of 30 on two processors most tests take five to ten seconds. */
    private static final int PATIENCE_MILLIS = 15_000;

    private final Playwright playwright;
    private final Browser browser;
    private final List<String> faults = new CopyOnWriteArrayList<>();

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        playwright =
                Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("chromium", "/usr/bin/chromium")))
                        .setArgs(List.of("--no-sandbox", "--enable-precise-memory-info", "--js-flags=--expose-gc")));
    }

    /** A page in a profile of its own, at the size of a laptop; waits until it has drawn what it knows. */
    Page open(String url) {
        return open(url, 1440, 900, ColorScheme.LIGHT);
    }

    Page open(String url, int width, int height, ColorScheme scheme) {
        BrowserContext context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(width, height).setColorScheme(scheme));
        context.setDefaultTimeout(PATIENCE_MILLIS);
        return another(context, url);
    }

    /** One more tab of a profile. */
    Page another(BrowserContext context, String url) {
        Page page = context.newPage();
        watch(page, url);
        page.navigate(url);
        page.waitForSelector(READY);
        return page;
    }

    private void watch(Page page, String url) {
        String origin = url.replaceAll("^(https?://[^/]+).*", "$1");
        page.onConsoleMessage(message -> {
            if (!message.type().equals("debug") && !message.type().equals("log")) {
                faults.add("console " + message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> faults.add("error: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(origin + "/") && !request.url().startsWith("data:")) {
                faults.add("left the origin: " + request.url());
            }
        });
    }

    /** Fails if since the last call anything was written to the console, thrown, refused by the policy, or fetched elsewhere. */
    void assertClean() {
        List<String> seen = List.copyOf(faults);
        faults.clear();
        assertThat(seen).isEmpty();
    }

    void forgetFaults() {
        faults.clear();
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
