/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationReader.Evidence;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
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
    /** How long before and after the span that is looked for other spans of its trace may have started. */
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
    List<AnalysedTrace> traces(List<Evidence> found) {
        return new ArrayList<>(load(found).values());
    }

    /** In the order of the evidence. */
    Map<OperationRef, List<Item>> items(Map<OperationRef, List<Evidence>> found) {
        Map<String, AnalysedTrace> traces =
                load(found.values().stream().flatMap(List::stream).toList());
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

    private Map<String, AnalysedTrace> load(List<Evidence> found) {
        Map<String, List<SpanFacts>> spans = new LinkedHashMap<>();
        found.forEach(one -> spans.put(one.traceId(), new ArrayList<>()));
        for (List<Evidence> near : near(found)) {
            long first = near.get(0).startMicros() * 1_000;
            long last = near.get(near.size() - 1).startMicros() * 1_000;
            List<String> ids = near.stream().map(Evidence::traceId).distinct().toList();
            for (SpanFacts span : store.analysis().spans(ids, first - SLACK_NANOS, last + SLACK_NANOS)) {
                spans.computeIfAbsent(span.traceId(), unused -> new ArrayList<>())
                        .add(span);
            }
        }
        Map<String, AnalysedTrace> traces = new LinkedHashMap<>();
        spans.forEach((id, list) -> {
            if (!list.isEmpty()) {
                traces.put(id, AnalysedTrace.of(list));
            }
        });
        return traces;
    }

    /** Each trace once; those of about the same time together, by their start: a search goes through all spans of its time. */
    private static List<List<Evidence>> near(List<Evidence> found) {
        List<List<Evidence>> groups = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<Evidence> sorted = found.stream()
                .sorted(Comparator.comparingLong(Evidence::startMicros))
                .filter(one -> seen.add(one.traceId()))
                .toList();
        for (Evidence one : sorted) {
            List<Evidence> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
            if (last.isEmpty()
                    || one.startMicros() - last.get(last.size() - 1).startMicros() > 2 * SLACK_NANOS / 1_000) {
                last = new ArrayList<>();
                groups.add(last);
            }
            last.add(one);
        }
        return groups;
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
