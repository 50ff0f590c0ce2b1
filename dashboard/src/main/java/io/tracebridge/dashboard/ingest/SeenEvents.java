/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Knows the last {@value #MAX_REMEMBERED} events and transactions by their ids, so that what a sender repeats is counted as a
 * duplicate. It decides about counts only: a repetition goes to the store all the same, which keeps one of each. Thread-safe.
 */
final class SeenEvents {
    static final int MAX_REMEMBERED = 10_000;

    private final Map<String, Boolean> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Notes an event; true when it was noted before. */
    synchronized boolean note(String eventId) {
        return seen.putIfAbsent(eventId, true) != null;
    }

    /** Takes back a note of what was refused after all. */
    synchronized void forget(String eventId) {
        seen.remove(eventId);
    }

    /** Takes back everything. */
    synchronized void forgetAll() {
        seen.clear();
    }
}
