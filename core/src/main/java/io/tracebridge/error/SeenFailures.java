/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Failure;
import io.tracebridge.context.FailureMap;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One failure, one event: who was sent already. A failure is a throwable's identity in one trace, for
 * {@value #MAX_AGE_SECONDS} seconds: the JVM and applications throw the same object again.
 *
 * <p>Thread-safe and bounded.
 */
final class SeenFailures {
    static final long MAX_AGE_SECONDS = 60;
    private static final int MAX_ENTRIES = 2_048;

    private final FailureMap<Sighting> seen = new FailureMap<>(MAX_ENTRIES);
    private final Clock clock;

    SeenFailures(Clock clock) {
        this.clock = clock;
    }

    /**
     * Claims a failure for the caller.
     * @return null for the first sighting, to be followed by {@link #sent}; else the first one
     */
    @Nullable
    Sighting claim(Throwable failure, String traceId) {
        long now = clock.millis();
        Sighting mine = new Sighting(now, true);
        Sighting kept =
                seen.update(failure, traceId, old -> old != null && old.ownEvent && old.isFresh(now) ? old : mine);
        return kept == mine ? null : kept;
    }

    /** Notes the event id, and that the causes were told with it. */
    void sent(Throwable failure, String traceId, String eventId) {
        long now = clock.millis();
        for (Throwable each : Failure.chain(failure)) {
            Sighting unused = seen.update(each, traceId, old -> {
                Sighting next = old != null && old.isFresh(now) ? old : new Sighting(now, false);
                next.eventId = next.eventId.isEmpty() ? eventId : next.eventId;
                return next;
            });
        }
    }

    /** Whether the failure or one of its causes was told already, as an event or as part of one. */
    boolean isTold(Throwable throwable, String traceId) {
        long now = clock.millis();
        for (Throwable each : Failure.chain(throwable)) {
            Sighting sighting = seen.get(each, traceId);
            if (sighting != null && sighting.isFresh(now)) {
                return true;
            }
        }
        return false;
    }

    /** When a failure was first seen, and as what. */
    static final class Sighting {
        private final long timeMillis;
        private final boolean ownEvent;
        private volatile String eventId = "";

        Sighting(long timeMillis, boolean ownEvent) {
            this.timeMillis = timeMillis;
            this.ownEvent = ownEvent;
        }

        /** Empty while the first sighting is still being sent, and when no event was made of it. */
        String eventId() {
            return eventId;
        }

        private boolean isFresh(long nowMillis) {
            return nowMillis - timeMillis < TimeUnit.SECONDS.toMillis(MAX_AGE_SECONDS);
        }
    }
}
