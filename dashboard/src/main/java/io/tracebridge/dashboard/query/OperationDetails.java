/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.IssueQuestions.IssueItem;
import io.tracebridge.dashboard.query.OperationQuestions.OperationItem;
import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationReader.Evidence;
import io.tracebridge.dashboard.store.OperationReader.Order;
import io.tracebridge.dashboard.store.OperationReader.Slice;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TimeGrid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One operation: over time, by example, with what it calls and what calls it.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class OperationDetails {
    private static final int SLICES = 60;
    private static final int EXAMPLES = 5;
    private static final int TRACES = 100;
    /** Upper ends in milliseconds; a last bucket is open. */
    private static final double[] BOUNDS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000
    };

    private final Store store;
    private final OperationQuestions operations;
    private final IssueQuestions issues;
    private final EvidenceTraces evidence;

    OperationDetails(Store store, OperationQuestions operations, IssueQuestions issues, EvidenceTraces evidence) {
        this.store = store;
        this.operations = operations;
        this.issues = issues;
        this.evidence = evidence;
    }

    /** Percentiles and counts over time; null where there were no calls. */
    public record Series(
            double fromAt,
            double stepMs,
            @Nullable Double[] p50Ms,
            @Nullable Double[] p95Ms,
            @Nullable Double[] p99Ms,
            double[] count,
            double[] errors) {}

    /** Calls by duration (inner, upper ends in {@code boundsMs}, the last open) and time (outer). */
    public record Heatmap(double fromAt, double stepMs, double[] boundsMs, double[][] counts) {}

    /** Traces to look at. */
    public record Examples(
            List<EvidenceTraces.Item> slowest, List<EvidenceTraces.Item> typical, List<EvidenceTraces.Item> errored) {}

    /** What the operation calls directly. */
    public record Callee(
            String key,
            String name,
            String kind,
            String service,
            double callsPerCall,
            double averageMs,
            double shareOfTime) {}

    /** What calls it. */
    public record Caller(String key, String name, String kind, String service, double calls) {}

    /** The whole; callees and callers are of the newest 100 traces. */
    public record Detail(
            OperationItem operation,
            Series series,
            Heatmap heatmap,
            Examples examples,
            List<Callee> downstream,
            List<Caller> callers,
            List<IssueItem> issues,
            List<Findings.Finding> findings,
            Window window) {}

    /** The operation, or null when there is none with this key or it has no spans in the selection. */
    public @Nullable Detail detail(String key, Selection selection) {
        OperationRef operation = store.operations().operation(key);
        if (operation == null) {
            return null;
        }
        Selection own = new Selection(
                List.of(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                null,
                selection.attributes());
        Selection bounded = operations.bounded(own);
        List<OperationFigures> figures = store.operations().totals(bounded, false, List.of(operation));
        if (figures.isEmpty()) {
            return null;
        }
        OperationItem item = operations.item(bounded, figures.get(0));
        TimeGrid grid = TimeGrid.of(bounded, SLICES);
        List<Slice> slices = store.operations().slices(bounded, List.of(operation), grid, 1);
        List<AnalysedTrace> newest =
                evidence.traces(store.operations().evidence(bounded, operation, Order.NEWEST, 0, TRACES));
        return new Detail(
                item,
                series(grid, slices, store.operations().errors(bounded, operation, grid)),
                heatmap(grid, slices),
                examples(bounded, operation, Math.round(item.p50Ms() * 1_000)),
                callees(newest, operation),
                callers(newest, operation),
                issues.lines(
                        new IssueQuery(
                                bounded, null, false, null, operation.name(), IssueQuery.OPEN, IssueQuery.Order.EVENTS),
                        5),
                store.operations().findings(bounded, operation, 10).stream()
                        .map(Findings::of)
                        .toList(),
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())));
    }

    private static Series series(TimeGrid grid, List<Slice> calls, Map<Integer, Double> failed) {
        int slices = grid.slices();
        @Nullable Double[] p50 = new @Nullable Double[slices];
        @Nullable Double[] p95 = new @Nullable Double[slices];
        @Nullable Double[] p99 = new @Nullable Double[slices];
        double[] count = new double[slices];
        double[] errors = new double[slices];
        for (Slice slice : calls) {
            int i = OperationQuestions.at(slice.slice(), slices);
            p50[i] = Units.millis(slice.durations().percentile(0.5));
            p95[i] = Units.millis(slice.durations().percentile(0.95));
            p99[i] = Units.millis(slice.durations().percentile(0.99));
            count[i] += slice.durations().total();
        }
        failed.forEach((slice, weight) -> errors[OperationQuestions.at(slice, slices)] += weight);
        return new Series(from(grid), step(grid), p50, p95, p99, count, errors);
    }

    private static Heatmap heatmap(TimeGrid grid, List<Slice> calls) {
        double[][] counts = new double[grid.slices()][BOUNDS.length + 1];
        for (Slice slice : calls) {
            double[] column = counts[OperationQuestions.at(slice.slice(), grid.slices())];
            slice.durations()
                    .forEach((bucket, weight) -> column[row(DurationBucket.micros(bucket) / 1_000.0)] += weight);
        }
        return new Heatmap(from(grid), step(grid), BOUNDS.clone(), counts);
    }

    private static int row(double millis) {
        int row = 0;
        while (row < BOUNDS.length && millis > BOUNDS[row]) {
            row++;
        }
        return row;
    }

    private static double from(TimeGrid grid) {
        return Units.at(grid.fromMicros() * 1_000);
    }

    private static double step(TimeGrid grid) {
        return grid.widthMicros() / 1e3;
    }

    private Examples examples(Selection bounded, OperationRef operation, long medianMicros) {
        OperationReader reader = store.operations();
        return new Examples(
                items(reader.evidence(bounded, operation, Order.SLOWEST, 0, EXAMPLES), operation),
                items(reader.evidence(bounded, operation, Order.TYPICAL, medianMicros, EXAMPLES), operation),
                items(reader.evidence(bounded, operation, Order.NEWEST_ERROR, 0, EXAMPLES), operation));
    }

    private List<EvidenceTraces.Item> items(List<Evidence> found, OperationRef operation) {
        return evidence.items(Map.of(operation, found)).getOrDefault(operation, List.of());
    }

    private static final class Sum {
        private double calls;
        private double micros;
    }

    private static List<Callee> callees(List<AnalysedTrace> traces, OperationRef operation) {
        Map<OperationRef, Sum> sums = new LinkedHashMap<>();
        Sum own = new Sum();
        for (AnalysedTrace trace : traces) {
            for (int i = 0; i < trace.tree.size; i++) {
                if (trace.operation(i).equals(operation)) {
                    own.calls++;
                    own.micros += trace.tree.duration(i);
                }
                int parent = trace.tree.parent[i];
                if (parent >= 0 && trace.operation(parent).equals(operation)) {
                    Sum sum = sums.computeIfAbsent(trace.operation(i), unused -> new Sum());
                    sum.calls++;
                    sum.micros += trace.tree.duration(i);
                }
            }
        }
        List<Callee> callees = new ArrayList<>();
        sums.forEach((callee, sum) -> callees.add(new Callee(
                callee.key(),
                callee.name(),
                callee.kind(),
                callee.service(),
                Units.round(sum.calls / Math.max(1, own.calls)),
                Units.millis(sum.micros / sum.calls),
                Units.share(sum.micros, own.micros))));
        callees.sort(Comparator.comparingDouble(Callee::shareOfTime).reversed());
        return callees;
    }

    private static List<Caller> callers(List<AnalysedTrace> traces, OperationRef operation) {
        Map<OperationRef, Integer> calls = new HashMap<>();
        for (AnalysedTrace trace : traces) {
            for (int i = 0; i < trace.tree.size; i++) {
                int parent = trace.tree.parent[i];
                if (parent >= 0 && trace.operation(i).equals(operation)) {
                    calls.merge(trace.operation(parent), 1, Integer::sum);
                }
            }
        }
        List<Caller> callers = new ArrayList<>();
        calls.forEach((caller, count) ->
                callers.add(new Caller(caller.key(), caller.name(), caller.kind(), caller.service(), count)));
        callers.sort(Comparator.comparingDouble(Caller::calls).reversed());
        return callers;
    }
}
