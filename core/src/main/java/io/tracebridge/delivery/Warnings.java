/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Log lines about trouble: the first of a kind as a warning, repeats at debug level until it ended, and then at most
 * one a minute. Never a payload, a header or an address's query.
 */
final class Warnings {
    /** What can go wrong, each with its own first time. */
    enum Kind {
        DISK,
        UNREACHABLE,
        REFUSED,
        REJECTED,
        RATE_LIMITED,
        SPOOL_FULL,
        INTERNAL
    }

    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge");
    private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String destination;
    private final Map<Kind, Long> warned = new ConcurrentHashMap<>();
    private final Map<Kind, Boolean> lasting = new ConcurrentHashMap<>();

    Warnings(String destination) {
        this.destination = destination;
    }

    /**
     * Logs trouble.
     * @param message what happened and what follows from it
     */
    void warn(Kind kind, String message) {
        boolean again = lasting.put(kind, true) != null;
        Long last = warned.get(kind);
        if (again || (last != null && System.nanoTime() - last < PAUSE_NANOS)) {
            LOG.debug("{}: {}", destination, message);
        } else {
            warned.put(kind, System.nanoTime());
            LOG.warn("{}: {}", destination, message);
        }
    }

    /** Says so once if there was a warning of this kind. */
    void over(Kind kind, String message) {
        if (lasting.remove(kind) != null) {
            LOG.info("{}: {}", destination, message);
        }
    }
}
