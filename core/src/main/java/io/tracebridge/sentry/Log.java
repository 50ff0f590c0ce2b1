/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What this package says to the application's log: the first of a kind as a warning, repeats at debug. */
final class Log {
    private static final Logger LOGGER = LoggerFactory.getLogger("io.tracebridge");
    private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

    private Log() {}

    static void info(String message) {
        LOGGER.info(message);
    }

    /**
     * Warns once.
     * @param kind a constant: the set of kinds is never cleared but by {@link #forget}
     * @param cause null when there is none; only its class is printed, since its message may carry a key
     */
    static void first(String kind, String message, @Nullable Throwable cause) {
        String line =
                cause == null ? message : message + " (" + cause.getClass().getName() + ")";
        if (SAID.add(kind)) {
            LOGGER.warn(line);
            return;
        }
        LOGGER.debug(line);
    }

    /** A new bridge says everything again. */
    static void forget() {
        SAID.clear();
    }
}
