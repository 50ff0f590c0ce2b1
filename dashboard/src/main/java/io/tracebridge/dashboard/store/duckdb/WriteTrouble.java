/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the store can write now, and what it told about that: one warning when it no longer can, one line when it can again.
 *
 * <p>Begun and ended by the writer's thread; read by any.
 */
final class WriteTrouble {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    /** A disk that is full every other second does not fill the log as well. */
    private static final Duration QUIET = Duration.ofMinutes(1);

    private final AtomicLong reopened = new AtomicLong();
    private @Nullable Instant warned;
    private boolean told;
    private volatile @Nullable Since since;
    private volatile @Nullable String ended;

    private record Since(Instant time, String why) {}

    void begin(String why) {
        Instant now = Instant.now();
        Since already = since;
        if (already != null) {
            LOG.debug("still no writing: {}", why);
            return;
        }
        since = new Since(now, why);
        told = warned == null || Duration.between(warned, now).compareTo(QUIET) > 0;
        if (told) {
            warned = now;
            LOG.warn(
                    "The store cannot write now: {}. What is accepted waits in memory; when that is full, senders are told to come"
                            + " back. It goes on by itself.",
                    why);
        }
    }

    void end() {
        Since before = since;
        since = null;
        if (before != null && told) {
            LOG.info(
                    "The store writes again, after {} s.",
                    Duration.between(before.time, Instant.now()).toSeconds());
        }
    }

    /** Nothing is written any more in this process. */
    void ended(Throwable why) {
        ended = "the writer ended, restart the dashboard: " + why.getMessage();
        LOG.error("The store's writer ended; nothing more is taken until the dashboard is started again", why);
    }

    /** To be called before {@link #end}. */
    void reopened() {
        reopened.incrementAndGet();
        if (told) {
            LOG.info("The database was closed by a fatal error and is open again.");
        }
    }

    /** How often the engine had to be opened again. */
    long reopenings() {
        return reopened.get();
    }

    /** For a person; null when all is well. */
    @Nullable
    String text() {
        if (ended != null) {
            return ended;
        }
        Since now = since;
        return now == null ? null : "cannot write since " + now.time.truncatedTo(ChronoUnit.SECONDS) + ": " + now.why;
    }
}
