/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Payloads of one urgency: errors, or all others. Guarded by the backlog's lock.
 *
 * <p>Waiting entries are kept by category, since a rate limit may close one and not the others.
 */
final class Lane {
    final String name;
    /** Oldest first; victims are taken from the front. */
    final Deque<Segment> segments = new ArrayDeque<>();

    private final Map<String, Deque<Entry>> waiting = new LinkedHashMap<>();

    Lane(String name) {
        this.name = name;
    }

    void add(Entry entry) {
        queue(entry).addLast(entry);
    }

    void addFirst(Entry entry) {
        queue(entry).addFirst(entry);
    }

    /** Removes and gives the oldest entry of an open category. */
    @Nullable
    Entry poll(Predicate<String> open) {
        Deque<Entry> best = null;
        for (Map.Entry<String, Deque<Entry>> queue : waiting.entrySet()) {
            Entry head = queue.getValue().peekFirst();
            if (head != null && open.test(queue.getKey())) {
                if (best == null || head.sequence < best.getFirst().sequence) {
                    best = queue.getValue();
                }
            }
        }
        return best == null ? null : best.pollFirst();
    }

    boolean hasWaiting(Predicate<String> open) {
        return waiting.entrySet().stream().anyMatch(queue -> !queue.getValue().isEmpty() && open.test(queue.getKey()));
    }

    /** Removes the waiting entries that match, in one pass, oldest first within a category. */
    List<Entry> remove(Predicate<Entry> wanted) {
        List<Entry> removed = new ArrayList<>();
        for (Deque<Entry> queue : waiting.values()) {
            for (Iterator<Entry> entries = queue.iterator(); entries.hasNext(); ) {
                Entry entry = entries.next();
                if (wanted.test(entry)) {
                    entries.remove();
                    removed.add(entry);
                }
            }
        }
        return removed;
    }

    int waitingCount() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    private Deque<Entry> queue(Entry entry) {
        return waiting.computeIfAbsent(entry.category, key -> new ArrayDeque<>());
    }
}
