/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import com.microsoft.playwright.options.ColorScheme;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What every browser test has: the one Chromium of the run, a profile of its own, and a check that nothing went wrong unseen. */
@ExtendWith(WithBrowser.Start.class)
abstract class WithBrowser {
    static Chromium chromium;
    Page page;

    /** Where the pages of this test are served, without a slash at the end. */
    abstract String origin();

    void open(String path) {
        page = chromium.open(origin() + path);
    }

    void open(String path, int width, int height, ColorScheme scheme) {
        page = chromium.open(origin() + path, width, height, scheme);
    }

    /** Another page in the same tab, as a link or the address bar would bring it. */
    void go(String path) {
        page.navigate(origin() + path);
        page.waitForSelector("html[data-ready]");
    }

    /** Makes the window this wide; what follows its width by script, as charts do, is a frame late. */
    void fitsInto(int width) {
        page.setViewportSize(width, 800);
        try {
            page.waitForFunction("() => innerWidth === " + width + " && document.documentElement.scrollWidth <= innerWidth");
        } catch (TimeoutError e) {
            throw new AssertionError("sideways scroll at " + width, e);
        }
    }

    void arrivesAt(String pattern) {
        page.waitForURL(Pattern.compile(Pattern.quote(origin()) + pattern));
        page.waitForSelector("html[data-ready]");
    }

    @AfterEach
    void leave() {
        if (page != null) {
            page.context().close();
        }
        chromium.assertClean();
    }

    /** Starts the browser before the first class that needs it; it ends with the run. */
    static final class Start implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            chromium = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Chromium.class, key -> new Chromium(), Chromium.class);
        }
    }
}
