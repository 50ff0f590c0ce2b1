/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gives kept spans the form that exporters see, and hands them to every lane. Worker only. */
final class Export {
    private static final AttributeKey<String> KEPT_BECAUSE = AttributeKey.stringKey("tracebridge.kept_because");
    private static final AttributeKey<Boolean> LATE = AttributeKey.booleanKey("tracebridge.late");
    private static final AttributeKey<Boolean> PARTIAL = AttributeKey.booleanKey("tracebridge.partial");

    private final List<ExportLane> lanes;
    private final boolean ownThreads;

    Export(List<ExportLane> lanes, boolean ownThreads) {
        this.lanes = lanes;
        this.ownThreads = ownThreads;
    }

    /** Spans of one trace that go out together. */
    static final class Chunk {
        private final List<PlainSpan> spans = new ArrayList<>();
        private final Map<TraceState, TraceState> states = new HashMap<>();
        private final boolean late;
        private final boolean partial;
        private final Verdict verdict;

        Chunk(Verdict verdict, boolean late, boolean partial) {
            this.verdict = verdict;
            this.late = late;
            this.partial = partial;
        }

        /** @param threshold what these spans say about their weight */
        void add(Collection<PlainSpan> more, long threshold) {
            states.clear();
            for (PlainSpan span : more) {
                spans.add(marked(span.withSpanContext(sampled(span.spanContext(), threshold))));
            }
        }

        private SpanContext sampled(SpanContext context, long threshold) {
            TraceState state =
                    states.computeIfAbsent(context.getTraceState(), old -> OtelState.withThreshold(old, threshold));
            byte flags = (byte)
                    (context.getTraceFlags().asByte() | TraceFlags.getSampled().asByte());
            return SpanContext.create(context.getTraceId(), context.getSpanId(), TraceFlags.fromByte(flags), state);
        }

        private PlainSpan marked(PlainSpan span) {
            boolean root = span.isLocalRoot();
            if (!root && !late && !partial) {
                return span;
            }
            Attributes marked = span.attributes().toBuilder()
                    .put(KEPT_BECAUSE, root ? verdict.reason() : null)
                    .put(LATE, late ? true : null)
                    .put(PARTIAL, partial ? true : null)
                    .build();
            return span.withAttributes(marked, marked.size() - span.attributes().size());
        }
    }

    boolean isEmpty() {
        return lanes.isEmpty();
    }

    void send(Chunk chunk) {
        if (chunk.spans.isEmpty()) {
            return;
        }
        List<SpanData> all = List.copyOf(chunk.spans);
        List<ExportLane.Chunk> whole = List.of(sized(all, chunk));
        List<ExportLane.Chunk> perRoot = null;
        for (ExportLane lane : lanes) {
            if (!lane.batches() && perRoot == null) {
                perRoot = byLocalRoot(chunk);
            }
            for (ExportLane.Chunk part : lane.batches() || perRoot == null ? whole : perRoot) {
                lane.offer(part, ownThreads);
            }
        }
    }

    private static ExportLane.Chunk sized(List<SpanData> spans, Chunk chunk) {
        long bytes = 0;
        for (SpanData span : spans) {
            bytes += SpanSize.of(span);
        }
        return new ExportLane.Chunk(spans, bytes, chunk.verdict.isHead());
    }

    /** Two requests of one trace in this process are two local traces; spans without a root go with the first. */
    private static List<ExportLane.Chunk> byLocalRoot(Chunk chunk) {
        Map<String, PlainSpan> byId = new HashMap<>();
        List<PlainSpan> roots = new ArrayList<>(1);
        for (PlainSpan span : chunk.spans) {
            byId.put(span.getSpanId(), span);
            if (span.isLocalRoot()) {
                roots.add(span);
            }
        }
        if (roots.size() <= 1) {
            return List.of(sized(List.copyOf(chunk.spans), chunk));
        }
        Map<String, List<SpanData>> grouped = new LinkedHashMap<>();
        Map<String, PlainSpan> rootOf = new HashMap<>();
        for (PlainSpan span : chunk.spans) {
            PlainSpan root = root(span, byId, rootOf);
            String rootId = (root == null ? roots.get(0) : root).getSpanId();
            grouped.computeIfAbsent(rootId, key -> new ArrayList<>()).add(span);
        }
        List<ExportLane.Chunk> parts = new ArrayList<>();
        grouped.values().forEach(spans -> parts.add(sized(List.copyOf(spans), chunk)));
        return parts;
    }

    private static @Nullable PlainSpan root(
            PlainSpan span, Map<String, PlainSpan> byId, Map<String, PlainSpan> rootOf) {
        List<String> path = new ArrayList<>();
        PlainSpan root = null;
        PlainSpan at = span;
        while (at != null && root == null && path.size() <= byId.size()) { // a circle of parents must end
            path.add(at.getSpanId());
            root = at.isLocalRoot() ? at : rootOf.get(at.getSpanId());
            at = byId.get(at.getParentSpanId());
        }
        if (root != null) {
            for (String id : path) {
                rootOf.put(id, root);
            }
        }
        return root;
    }
}
