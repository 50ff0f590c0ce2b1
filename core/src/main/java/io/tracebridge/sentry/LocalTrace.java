/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The spans that make one transaction.
 *
 * @param root the local root; of spans that came after theirs was sent, the earliest
 * @param children all others, by start
 * @param followUp whether the local root itself is not among them: they belong below a transaction sent before
 */
record LocalTrace(SpanData root, List<SpanData> children, boolean followUp) {
    private static final int MAX_DEPTH = 10_000;
    private static final Comparator<SpanData> BY_START = Comparator.comparingLong(SpanData::getStartEpochNanos);

    /** Sorts exported spans into local traces; normally they are one already. */
    static List<LocalTrace> of(Collection<SpanData> spans) {
        Map<String, List<SpanData>> byTrace = new LinkedHashMap<>();
        for (SpanData span : spans) {
            byTrace.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>()).add(span);
        }
        List<LocalTrace> traces = new ArrayList<>();
        byTrace.values().forEach(trace -> split(trace, traces));
        return traces;
    }

    private static void split(List<SpanData> spans, List<LocalTrace> into) {
        spans.sort(BY_START);
        List<SpanData> roots = spans.stream().filter(LocalTrace::isLocalRoot).toList();
        SpanData first = roots.isEmpty() ? spans.get(0) : roots.get(0);
        if (roots.size() <= 1) {
            List<SpanData> children = new ArrayList<>(spans);
            children.remove(first);
            into.add(new LocalTrace(first, children, roots.isEmpty()));
            return;
        }
        Map<String, SpanData> byId = new HashMap<>();
        spans.forEach(span -> byId.put(span.getSpanId(), span));
        Map<String, LocalTrace> byRoot = new LinkedHashMap<>();
        roots.forEach(root -> byRoot.put(root.getSpanId(), new LocalTrace(root, new ArrayList<>(), false)));
        LocalTrace fallback = new LocalTrace(first, new ArrayList<>(), false);
        for (SpanData span : spans) {
            if (!isLocalRoot(span)) {
                SpanData root = rootOf(span, byId);
                byRoot.getOrDefault((root == null ? first : root).getSpanId(), fallback)
                        .children()
                        .add(span);
            }
        }
        into.addAll(byRoot.values());
    }

    private static @Nullable SpanData rootOf(SpanData span, Map<String, SpanData> byId) {
        SpanData current = span;
        for (int depth = 0; current != null && depth < MAX_DEPTH; depth++) {
            if (isLocalRoot(current)) {
                return current;
            }
            current = byId.get(current.getParentSpanId());
        }
        return null;
    }

    private static boolean isLocalRoot(SpanData span) {
        return !span.getParentSpanContext().isValid()
                || span.getParentSpanContext().isRemote();
    }
}
