/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.NoOpLogger;
import io.sentry.SentryEvent;
import io.sentry.SentryOptions;
import io.sentry.internal.modules.ManifestModulesLoader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The list of jars, on one event of each start: it does not change, and on every event it would be most of a small one.
 * Reading it, and the first use of the serialiser, cost tens of milliseconds; both happen on a thread of their own.
 */
final class ModulesOnce {
    private final AtomicReference<Map<String, String>> pending = new AtomicReference<>(Map.of());

    /** Reads the list and warms the serialiser up; returns at once. */
    void prepare(SentryOptions options) {
        Thread thread = new Thread(() -> load(options), "tracebridge-sentry-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    private void load(SentryOptions options) {
        try {
            Map<String, String> modules = new ManifestModulesLoader(NoOpLogger.getInstance()).getOrLoadModules();
            pending.set(modules == null ? Map.of() : modules);
            options.getSerializer()
                    .serialize(
                            new SentryEvent(new IllegalStateException()),
                            new OutputStreamWriter(OutputStream.nullOutputStream(), StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException | LinkageError e) {
            Log.first("sentry.modules", "The list of jars is not sent to Sentry", e);
        }
    }

    void addTo(SentryEvent event) {
        Map<String, String> modules = pending.getAndSet(Map.of());
        if (!modules.isEmpty()) {
            event.setModules(new HashMap<>(modules));
        }
    }
}
