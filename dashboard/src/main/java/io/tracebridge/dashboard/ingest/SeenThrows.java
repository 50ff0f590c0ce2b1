/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Knows the throws that OpenTelemetry told us already. Instrumentations record one exception on each span it passes
 * through, and a logging appender says it once more; all of that is one error.
 *
 * <p>A throw is the same when trace, type, message and printed stack are, it happened within {@value #WINDOW_SECONDS}
 * seconds, and it is told by the parent of the span that told it before, or by a log of the same span. Two failed
 * attempts are siblings, so they stay two. Remembers {@value #MAX_REMEMBERED} throws, the oldest forgotten first.
 * Thread-safe.
 */
final class SeenThrows {
    private static final int MAX_REMEMBERED = 10_000;
    private static final long WINDOW_SECONDS = 10;
    private static final long WINDOW_NANOS = WINDOW_SECONDS * 1_000_000_000;

    private enum ToldBy {
        CHILD,
        SPAN,
        LOG
    }

    /** A throw that was told, by whom. */
    record Key(String traceId, @Nullable String spanId, ToldBy by, String stack) {}

    private final Map<Key, Long> seen = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Long> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /**
     * Notes a throw recorded on a span.
     * @param stack what tells throws apart: type, message and printed stack, hashed
     * @param notes gets what was not known before, for {@link #forget}
     * @return true when it was told before
     */
    synchronized boolean toldBySpan(
            String traceId,
            String spanId,
            @Nullable String parentId,
            String stack,
            long timeNanos,
            Collection<Key> notes) {
        boolean told = isSeen(new Key(traceId, spanId, ToldBy.CHILD, stack), timeNanos)
                || isSeen(new Key(traceId, spanId, ToldBy.LOG, stack), timeNanos)
                // a parent's copy can come first: exporters keep no order
                || (parentId != null && isSeen(new Key(traceId, parentId, ToldBy.SPAN, stack), timeNanos));
        if (parentId != null) {
            note(new Key(traceId, parentId, ToldBy.CHILD, stack), timeNanos, notes);
        }
        note(new Key(traceId, spanId, ToldBy.SPAN, stack), timeNanos, notes);
        return told;
    }

    /**
     * Notes a throw in a log record; true when it was told before.
     * @param notes gets what was not known before, for {@link #forget}
     */
    synchronized boolean toldByLog(String traceId, String spanId, String stack, long timeNanos, Collection<Key> notes) {
        boolean told = isSeen(new Key(traceId, spanId, ToldBy.SPAN, stack), timeNanos)
                || isSeen(new Key(traceId, spanId, ToldBy.CHILD, stack), timeNanos);
        note(new Key(traceId, spanId, ToldBy.LOG, stack), timeNanos, notes);
        return told;
    }

    /** Takes back notes of a request that was refused: when it is repeated, its first copy is not the second one of itself. */
    synchronized void forget(Collection<Key> notes) {
        seen.keySet().removeAll(Set.copyOf(notes));
    }

    /** Takes back everything. */
    synchronized void forgetAll() {
        seen.clear();
    }

    private void note(Key key, long timeNanos, Collection<Key> notes) {
        if (seen.put(key, timeNanos) == null) {
            notes.add(key);
        }
    }

    private boolean isSeen(Key key, long timeNanos) {
        Long before = seen.get(key);
        return before != null && Math.abs(timeNanos - before) <= WINDOW_NANOS;
    }
}
