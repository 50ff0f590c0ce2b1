/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.Arrays;

/**
 * Self time of each span, and the path through the trace that its duration was spent on.
 *
 * <p>Self time is a span's own interval without the union of its children's, clipped to it. The critical path is walked from the
 * end: at each instant it is in the child that ended last before it; where no child was running it is in the span itself. A sibling
 * that still ran at that instant is clipped there, not skipped, so a span that only waits is never blamed. Asynchronous children are
 * left out of both, unless it shows that somebody {@link Awaited waited} for them. The segments of a root are disjoint and add up to its duration.
 *
 * <p>All values are microseconds. O(n log n), on an explicit stack: depth does not matter.
 */
final class CriticalPath {
    final long[] self;
    final long[] critical;
    /** Segments in order of their span, then of time; {@code overlap}: a sibling was running as well. */
    final int[] segmentSpan;

    final long[] segmentFrom;
    final long[] segmentTo;
    final boolean[] segmentOverlap;
    /** Sum of the durations of the roots that somebody waited for. */
    final long waitMicros;

    private CriticalPath(Walk walk, TraceTree tree) {
        self = walk.self;
        critical = walk.critical;
        int[] order = walk.inOrder();
        segmentSpan = new int[order.length];
        segmentFrom = new long[order.length];
        segmentTo = new long[order.length];
        segmentOverlap = new boolean[order.length];
        for (int k = 0; k < order.length; k++) {
            int i = order[k];
            int span = walk.spans[i];
            segmentSpan[k] = span;
            // back on the span's own clock, where its bar is drawn
            segmentFrom[k] = walk.froms[i] - tree.shift[span];
            segmentTo[k] = walk.tos[i] - tree.shift[span];
            segmentOverlap[k] = walk.overlaps[i];
        }
        waitMicros = walk.wait;
    }

    static CriticalPath of(TraceTree tree) {
        Walk walk = new Walk(tree);
        walk.selfTimes();
        for (int root : tree.pathRoots()) {
            walk.from(root);
        }
        return new CriticalPath(walk, tree);
    }

    private static final class Walk {
        private final TraceTree tree;
        /** Whose time a span is part of; -1 for roots and for what nobody waited for. */
        private final int[] above;

        private final long[] self;
        private final long[] critical;
        /** Children of span i, by corrected end, latest first: {@code children[first[i]] … children[first[i + 1] - 1]}. */
        private final int[] first;

        private final int[] children;
        private int[] spans = new int[16];
        private long[] froms = new long[16];
        private long[] tos = new long[16];
        private boolean[] overlaps = new boolean[16];
        private int segments;
        private long wait;

        private Walk(TraceTree tree) {
            this.tree = tree;
            above = Awaited.parents(tree);
            self = new long[tree.size];
            critical = new long[tree.size];
            first = new int[tree.size + 1];
            children = childrenByEnd();
        }

        private int[] childrenByEnd() {
            for (int i = 0; i < tree.size; i++) {
                if (counts(i)) {
                    first[above[i] + 1]++;
                }
            }
            for (int i = 0; i < tree.size; i++) {
                first[i + 1] += first[i];
            }
            Integer[] sorted = new Integer[first[tree.size]];
            int[] next = Arrays.copyOf(first, tree.size);
            for (int i = 0; i < tree.size; i++) {
                if (counts(i)) {
                    sorted[next[above[i]]++] = i;
                }
            }
            int[] result = new int[sorted.length];
            for (int i = 0; i < tree.size; i++) {
                if (first[i + 1] - first[i] > 1) {
                    Arrays.sort(sorted, first[i], first[i + 1], (a, b) -> Long.compare(tree.to(b), tree.to(a)));
                }
            }
            Arrays.setAll(result, k -> sorted[k]);
            return result;
        }

        private boolean counts(int span) {
            return above[span] >= 0;
        }

        private void selfTimes() {
            for (int i = 0; i < tree.size; i++) {
                long cursor = tree.to(i);
                long own = 0;
                for (int k = first[i]; k < first[i + 1] && tree.to(children[k]) > tree.from(i); k++) {
                    int child = children[k];
                    if (tree.from(child) < cursor) {
                        own += Math.max(0, cursor - tree.to(child));
                        cursor = Math.max(tree.from(child), tree.from(i));
                    }
                }
                self[i] = own + cursor - tree.from(i);
            }
        }

        /** Walks one root, from its end to its start. */
        private void from(int root) {
            wait += tree.duration(root);
            Frames frames = new Frames();
            frames.push(root, tree.from(root), tree.to(root), false);
            while (frames.depth >= 0) {
                int span = frames.span();
                int child = nextChild(frames);
                if (child < 0) {
                    segment(span, frames.low(), frames.cursor(), frames.overlap());
                    frames.depth--;
                    continue;
                }
                long childEnd = Math.min(tree.to(child), frames.cursor());
                long childStart = Math.max(tree.from(child), frames.low());
                // the cursor is below the window's end only where an earlier sibling put it
                boolean overlap =
                        frames.overlap() || (tree.to(child) > frames.cursor() && frames.cursor() < frames.high());
                segment(span, childEnd, frames.cursor(), frames.overlap());
                frames.cursor(childStart);
                frames.push(child, childStart, childEnd, overlap);
            }
        }

        private int nextChild(Frames frames) {
            int span = frames.span();
            while (first[span] + frames.position() < first[span + 1]) {
                int child = children[first[span] + frames.advance()];
                if (tree.to(child) <= frames.low()) {
                    return -1;
                }
                if (tree.from(child) < frames.cursor() && tree.to(child) > tree.from(child)) {
                    return child;
                }
            }
            return -1;
        }

        private void segment(int span, long from, long to, boolean overlap) {
            if (to <= from) {
                return;
            }
            if (segments == spans.length) {
                spans = Arrays.copyOf(spans, segments * 2);
                froms = Arrays.copyOf(froms, segments * 2);
                tos = Arrays.copyOf(tos, segments * 2);
                overlaps = Arrays.copyOf(overlaps, segments * 2);
            }
            spans[segments] = span;
            froms[segments] = from;
            tos[segments] = to;
            overlaps[segments++] = overlap;
            critical[span] += to - from;
        }

        /** Segments by span, and within a span by time: a counting sort of what was written latest first. */
        private int[] inOrder() {
            int[] next = new int[tree.size + 1];
            for (int i = 0; i < segments; i++) {
                next[spans[i] + 1]++;
            }
            for (int i = 0; i < tree.size; i++) {
                next[i + 1] += next[i];
            }
            int[] order = new int[segments];
            for (int i = segments - 1; i >= 0; i--) {
                order[next[spans[i]]++] = i;
            }
            return order;
        }
    }

    /** The stack of spans that are being walked, in arrays. */
    private static final class Frames {
        private int depth = -1;
        private int[] span = new int[32];
        private int[] position = new int[32];
        private long[] low = new long[32];
        private long[] high = new long[32];
        private long[] cursor = new long[32];
        private boolean[] overlap = new boolean[32];

        private void push(int newSpan, long from, long to, boolean isOverlap) {
            if (++depth == span.length) {
                span = Arrays.copyOf(span, depth * 2);
                position = Arrays.copyOf(position, depth * 2);
                low = Arrays.copyOf(low, depth * 2);
                high = Arrays.copyOf(high, depth * 2);
                cursor = Arrays.copyOf(cursor, depth * 2);
                overlap = Arrays.copyOf(overlap, depth * 2);
            }
            span[depth] = newSpan;
            position[depth] = 0;
            low[depth] = from;
            high[depth] = to;
            cursor[depth] = to;
            overlap[depth] = isOverlap;
        }

        private int span() {
            return span[depth];
        }

        private int position() {
            return position[depth];
        }

        private int advance() {
            return position[depth]++;
        }

        private long low() {
            return low[depth];
        }

        private long high() {
            return high[depth];
        }

        private long cursor() {
            return cursor[depth];
        }

        private void cursor(long value) {
            cursor[depth] = value;
        }

        private boolean overlap() {
            return overlap[depth];
        }
    }
}
