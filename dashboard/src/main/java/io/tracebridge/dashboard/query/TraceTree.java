/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The spans of one trace as a forest in flat arrays, in pre-order: a parent before its children, children by start.
 *
 * <p>Times are whole microseconds from the earliest start of the trace. A span whose parent is missing, or that is its own
 * ancestor, becomes a root and is marked {@link #orphan}. Building is iterative, O(n log n), and keeps every span.
 *
 * <p>Arithmetic works on <em>corrected</em> times ({@link #shift} added): a child in another service that starts before its parent
 * and fits into it was seen by another clock, and its subtree is centred in the parent. Shown times stay as sent.
 */
final class TraceTree {
    /** Below this a child that starts before its parent is rounding, not another clock. */
    private static final long SKEW_TOLERANCE_MICROS = 1_000;

    final int size;
    /** Earliest start, Unix time in nanoseconds. */
    final long originNanos;
    /** Index in the list that the tree was built from, by position. */
    final int[] source;

    final int[] parent;
    /** Spans in the subtree, the root of it included. */
    final int[] subtree;

    final long[] start;
    final long[] end;
    final long[] shift;
    final boolean[] orphan;
    final boolean[] skewed;
    /** Nobody waits for it: consumed from a queue, or started after its parent ended. */
    final boolean[] async;

    private TraceTree(int size, long originNanos) {
        this.size = size;
        this.originNanos = originNanos;
        source = new int[size];
        parent = new int[size];
        subtree = new int[size];
        start = new long[size];
        end = new long[size];
        shift = new long[size];
        orphan = new boolean[size];
        skewed = new boolean[size];
        async = new boolean[size];
    }

    /** Builds the tree; any order, duplicates of an id and broken parents allowed. */
    static TraceTree of(List<SpanShape> spans) {
        long origin = Long.MAX_VALUE;
        for (SpanShape span : spans) {
            origin = Math.min(origin, span.startNanos());
        }
        TraceTree tree = new TraceTree(spans.size(), spans.isEmpty() ? 0 : origin);
        if (!spans.isEmpty()) {
            tree.layOut(spans, parents(spans));
            tree.correctClocks(spans);
        }
        return tree;
    }

    long durationMicros() {
        long latest = 0;
        for (long value : end) {
            latest = Math.max(latest, value);
        }
        return latest;
    }

    long duration(int span) {
        return end[span] - start[span];
    }

    /** Start on the corrected clock. */
    long from(int span) {
        return start[span] + shift[span];
    }

    /** End on the corrected clock. */
    long to(int span) {
        return end[span] + shift[span];
    }

    /** Roots that somebody waited for: those without a parent, or, when none arrived, the earliest of the forest. */
    int[] pathRoots() {
        List<Integer> roots = new ArrayList<>();
        int earliest = -1;
        for (int i = 0; i < size; i += subtree[i]) {
            if (!orphan[i]) {
                roots.add(i);
            }
            if (earliest < 0 || start[i] < start[earliest]) {
                earliest = i;
            }
        }
        if (roots.isEmpty() && earliest >= 0) {
            roots.add(earliest);
        }
        return roots.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Index of each span's parent in the list, or -1. */
    private static int[] parents(List<SpanShape> spans) {
        Map<String, Integer> byId = new HashMap<>(spans.size() * 2);
        // two applications may use one span id in one trace: the parent is then the one of the child's own service
        Map<String, Integer> twins = new HashMap<>();
        for (int i = 0; i < spans.size(); i++) {
            Integer first = byId.putIfAbsent(spans.get(i).spanId(), i);
            if (first != null) {
                twins.putIfAbsent(twinKey(spans.get(first)), first);
                twins.putIfAbsent(twinKey(spans.get(i)), i);
            }
        }
        int[] parents = new int[spans.size()];
        for (int i = 0; i < parents.length; i++) {
            String parentId = spans.get(i).parentId();
            Integer found = parentId == null ? null : twins.get(spans.get(i).service() + '\n' + parentId);
            if (found == null && parentId != null) {
                found = byId.get(parentId);
            }
            parents[i] = found == null || found == i ? -1 : found;
        }
        breakCycles(parents);
        return parents;
    }

    private static String twinKey(SpanShape span) {
        return span.service() + '\n' + span.spanId();
    }

    private static void breakCycles(int[] parents) {
        int[] seenBy = new int[parents.length];
        for (int i = 0; i < parents.length; i++) {
            for (int at = i; at >= 0 && seenBy[at] == 0; at = parents[at]) {
                seenBy[at] = i + 1;
                int next = parents[at];
                if (next >= 0 && seenBy[next] == i + 1) {
                    parents[at] = -1;
                }
            }
        }
    }

    private void layOut(List<SpanShape> spans, int[] parents) {
        Integer[] byStart = new Integer[size];
        Arrays.setAll(byStart, i -> i);
        Arrays.sort(byStart, (a, b) -> {
            int order = Long.compare(spans.get(a).startNanos(), spans.get(b).startNanos());
            // of two that start together the longer is the outer one
            return order != 0
                    ? order
                    : Long.compare(spans.get(b).durationNanos(), spans.get(a).durationNanos());
        });
        int[] firstChild = filled(size);
        int[] nextSibling = filled(size);
        int firstRoot = -1;
        for (int k = size - 1; k >= 0; k--) {
            int i = byStart[k];
            if (parents[i] < 0) {
                nextSibling[i] = firstRoot;
                firstRoot = i;
            } else {
                nextSibling[i] = firstChild[parents[i]];
                firstChild[parents[i]] = i;
            }
        }
        int[] position = new int[size];
        int at = 0;
        for (int i = firstRoot; i >= 0; ) {
            SpanShape span = spans.get(i);
            position[i] = at;
            source[at] = i;
            parent[at] = parents[i] < 0 ? -1 : position[parents[i]];
            orphan[at] = parents[i] < 0 && span.parentId() != null;
            start[at] = Math.floorDiv(span.startNanos() - originNanos, 1_000L);
            end[at] = Math.max(
                    start[at],
                    Math.floorDiv(span.startNanos() - originNanos + Math.max(0, span.durationNanos()), 1_000L));
            at++;
            i = firstChild[i] >= 0 ? firstChild[i] : following(i, nextSibling, parents);
        }
        Arrays.fill(subtree, 1);
        for (int i = size - 1; i > 0; i--) {
            if (parent[i] >= 0) {
                subtree[parent[i]] += subtree[i];
            }
        }
    }

    private static int following(int span, int[] nextSibling, int[] parents) {
        int at = span;
        while (at >= 0 && nextSibling[at] < 0) {
            at = parents[at];
        }
        return at < 0 ? -1 : nextSibling[at];
    }

    private static int[] filled(int size) {
        int[] array = new int[size];
        Arrays.fill(array, -1);
        return array;
    }

    private void correctClocks(List<SpanShape> spans) {
        for (int i = 0; i < size; i++) {
            int above = parent[i];
            if (above < 0) {
                continue;
            }
            SpanShape span = spans.get(source[i]);
            shift[i] = shift[above];
            boolean otherClock = !span.service().equals(spans.get(source[above]).service());
            if (from(i) < from(above) - SKEW_TOLERANCE_MICROS) {
                skewed[i] = true;
                if (otherClock && duration(i) <= duration(above)) {
                    shift[i] += from(above) + (duration(above) - duration(i)) / 2 - from(i);
                }
            }
            async[i] = span.consumer() || (from(i) >= to(above) && duration(i) > 0);
        }
    }
}
