/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Chooses the children that fit one transaction: those that failed, then the longest, each with the steps that lead to
 * it, so that what is left is still one tree.
 *
 * @param spans as JSON, by start
 * @param pruned how many are left out
 */
record Pruning(List<String> spans, int pruned) {
    /** What the server takes. */
    static final int MAX_SPANS = 1_000;

    /** Bytes for all children: the server refuses an event over 1 MB, and root and contexts need some of it. */
    static final int MAX_BYTES = 850_000;

    private static final Comparator<SpanData> BY_IMPORTANCE = Comparator.comparing(
                    (SpanData span) -> span.getStatus().getStatusCode() != StatusCode.ERROR)
            .thenComparing(Comparator.comparingLong(Pruning::duration).reversed());

    static Pruning of(List<SpanData> children) {
        List<String> all = new ArrayList<>(children.size());
        long bytes = 0;
        for (SpanData child : children) {
            String json = SpanJson.child(child);
            all.add(json);
            bytes += JsonText.utf8Length(json);
        }
        return children.size() <= MAX_SPANS && bytes <= MAX_BYTES
                ? new Pruning(all, 0)
                : new Selection(children, all).take();
    }

    private static long duration(SpanData span) {
        return span.getEndEpochNanos() - span.getStartEpochNanos();
    }

    private static final class Selection {
        private final List<SpanData> children;
        private final List<String> json;
        private final Map<String, Integer> indexById = new HashMap<>();
        private final Set<Integer> chosen = new HashSet<>();
        private int bytes;

        Selection(List<SpanData> children, List<String> json) {
            this.children = children;
            this.json = json;
            for (int i = 0; i < children.size(); i++) {
                indexById.put(children.get(i).getSpanId(), i);
            }
        }

        Pruning take() {
            children.stream().sorted(BY_IMPORTANCE).forEach(span -> {
                Set<Integer> path = path(span);
                int needed = path.stream().mapToInt(this::size).sum();
                if (chosen.size() + path.size() <= MAX_SPANS && bytes + needed <= MAX_BYTES) {
                    chosen.addAll(path);
                    bytes += needed;
                }
            });
            List<String> spans = chosen.stream().sorted().map(json::get).toList();
            return new Pruning(spans, children.size() - spans.size());
        }

        /** The span and those above it that are not chosen yet. */
        private Set<Integer> path(SpanData span) {
            Set<Integer> path = new HashSet<>();
            Integer index = indexById.get(span.getSpanId());
            // one step too many is enough to know that it does not fit
            while (index != null && !chosen.contains(index) && path.size() <= MAX_SPANS && path.add(index)) {
                index = indexById.get(children.get(index).getParentSpanId());
            }
            return path;
        }

        private int size(int index) {
            return JsonText.utf8Length(json.get(index));
        }
    }
}
