/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which lines must never become events, breadcrumbs or lines: those that sending them would cause. By the logger's
 * name, by our own threads' names, and by a mark on the thread while a line is being handled.
 */
final class LoopGuard {
    /** Exactly this name, not what is below it: our examples and users' extensions log there. */
    private static final String OURS = "io.tracebridge";

    private static final String OUR_THREADS = "tracebridge-";
    private static final List<String> TRANSPORTS = List.of(
            "io.sentry", "okhttp3", "io.opentelemetry.exporter", "io.opentelemetry.sdk", "io.opentelemetry.javaagent");

    private static final ThreadLocal<Boolean> HANDLING = new ThreadLocal<>();

    private LoopGuard() {}

    /** Whether lines of that logger, or from that thread, are part of sending. */
    static boolean isOurs(@Nullable String logger, @Nullable String threadName) {
        return (threadName != null && threadName.startsWith(OUR_THREADS)) || (logger != null && isTransport(logger));
    }

    private static boolean isTransport(String logger) {
        if (logger.equals(OURS)) {
            return true;
        }
        for (String prefix : TRANSPORTS) {
            if (logger.startsWith(prefix)
                    && (logger.length() == prefix.length() || logger.charAt(prefix.length()) == '.')) {
                return true;
            }
        }
        return false;
    }

    /** Handles one line; what is logged on this thread meanwhile is not handled. */
    static void once(Runnable handling) {
        if (HANDLING.get() != null) {
            return;
        }
        HANDLING.set(true);
        try {
            handling.run();
        } finally {
            HANDLING.remove();
        }
    }
}
