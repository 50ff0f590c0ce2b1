/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationReader.Evidence;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Traces that prove something, with the span to look at.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class EvidenceTraces {
    /** Spans of a trace may have started before the span that is looked for. */
    private static final long SLACK_NANOS = 3_600_000_000_000L;

    private final Store store;

    EvidenceTraces(Store store) {
        this.store = store;
    }

    /** One trace; {@code spanId} is the span of the operation that was waited for longest there, or is the longest. */
    public record Item(
            String traceId,
            String spanId,
            double durationMs,
            double spanMs,
            double criticalMs,
            double startAt,
            String operation,
            String status) {}

    /** Analysed traces of the evidence, as far as they are stored still. */
    List<AnalysedTrace> traces(List<Evidence> found, long fromNanos) {
        return new ArrayList<>(
                load(found.stream().map(Evidence::traceId).toList(), fromNanos).values());
    }

    /** One query for all, in the order of the evidence. */
    Map<OperationRef, List<Item>> items(Map<OperationRef, List<Evidence>> found, long fromNanos) {
        Set<String> ids = new LinkedHashSet<>();
        found.values().forEach(list -> list.forEach(one -> ids.add(one.traceId())));
        Map<String, AnalysedTrace> traces = load(List.copyOf(ids), fromNanos);
        Map<OperationRef, List<Item>> items = new HashMap<>();
        found.forEach((operation, list) -> {
            List<Item> mine = new ArrayList<>();
            for (Evidence one : list) {
                AnalysedTrace trace = traces.get(one.traceId());
                if (trace != null) {
                    mine.add(item(one.traceId(), trace, operation));
                }
            }
            items.put(operation, mine);
        });
        return items;
    }

    private Map<String, AnalysedTrace> load(List<String> ids, long fromNanos) {
        if (ids.isEmpty()) {
            return Map.of();
        }
        Map<String, List<SpanFacts>> spans = new LinkedHashMap<>();
        ids.forEach(id -> spans.put(id, new ArrayList<>()));
        long since = fromNanos < Long.MIN_VALUE + SLACK_NANOS ? fromNanos : fromNanos - SLACK_NANOS;
        for (SpanFacts span : store.analysis().spans(ids, since)) {
            spans.computeIfAbsent(span.traceId(), unused -> new ArrayList<>()).add(span);
        }
        Map<String, AnalysedTrace> traces = new LinkedHashMap<>();
        spans.forEach((id, list) -> {
            if (!list.isEmpty()) {
                traces.put(id, AnalysedTrace.of(list));
            }
        });
        return traces;
    }

    private static Item item(String traceId, AnalysedTrace trace, OperationRef operation) {
        int best = trace.root;
        boolean found = false;
        for (int i = 0; i < trace.tree.size; i++) {
            if (trace.operation(i).equals(operation) && (!found || weighsMore(trace, i, best))) {
                best = i;
                found = true;
            }
        }
        return new Item(
                traceId,
                trace.span(best).spanId(),
                Units.millis(trace.tree.duration(trace.root)),
                Units.millis(trace.tree.duration(best)),
                Units.millis(trace.path.critical[best]),
                Units.at(trace.tree.originNanos),
                trace.operation(trace.root).name(),
                TraceDetails.failed(trace.span(trace.root)) ? "error" : "ok");
    }

    private static boolean weighsMore(AnalysedTrace trace, int one, int other) {
        int critical = Long.compare(trace.path.critical[one], trace.path.critical[other]);
        return critical > 0 || (critical == 0 && trace.tree.duration(one) > trace.tree.duration(other));
    }
}
