/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.sun.management.OperatingSystemMXBean;
import io.tracebridge.dashboard.query.OperationQuestions.Sort;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.OperationReader.Order;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanPath;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceAnalysis;
import io.tracebridge.dashboard.store.TraceQuery;
import io.tracebridge.dashboard.store.TraceSummary;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Measures each question over many spans; run by hand, its figures are in RATIONALE.md. Arguments: spans, and the hours that they are spread over.
 * Eight spans a trace, 20 services with 10 operations, a tenth weighted.
 */
final class QueryTimes {
    private static final int PER_TRACE = 8;

    private QueryTimes() {}

    public static void main(String[] arguments) throws Exception {
        int spans = Integer.parseInt(arguments[0]);
        double hours = Double.parseDouble(arguments[1]);
        Path folder = Files.createTempDirectory(Path.of("target"), "query-times");
        try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(folder, 8L << 30, 16 << 20, "run"))) {
            long began = System.nanoTime();
            long cpu = cpuNanos();
            fill(store, spans / PER_TRACE, hours);
            System.out.printf(
                    "%,d spans written in %.1f s, %.1f µs of CPU time each%n",
                    spans, (System.nanoTime() - began) / 1e9, (cpuNanos() - cpu) / 1e3 / spans);
            began = System.nanoTime();
            cpu = cpuNanos();
            int windows = store.rollUp();
            System.out.printf(
                    "%,d windows summed up in %.1f s, %.2f µs of CPU time for each span%n",
                    windows, (System.nanoTime() - began) / 1e9, (cpuNanos() - cpu) / 1e3 / spans);
            OperationQuestions operations = new OperationQuestions(store, Thresholds.DEFAULT);
            EvidenceTraces evidence = new EvidenceTraces(store);
            BottleneckQuestions bottlenecks = new BottleneckQuestions(store, operations, evidence);
            Selection quarter = Selection.ALL.between(
                    Population.T0 * 1_000_000 + (long) (hours * 3.6e12) - 900_000_000_000L, Long.MAX_VALUE);
            OperationRef one = operation(7, 3);
            time("operations, all time", () -> operations.list(Selection.ALL, null, false, Sort.SHARE, false, 50, 0));
            time(
                    "operations by P95, all time",
                    () -> operations.list(Selection.ALL, null, false, Sort.P95, false, 50, 0));
            time("operations, last 15 min", () -> operations.list(quarter, null, false, Sort.SHARE, false, 50, 0));
            time("  figures alone", () -> store.operations().figures(Selection.ALL, false));
            time("  figures alone, 15 min", () -> store.operations().figures(quarter, false));
            time("bottlenecks, all time", () -> bottlenecks.top(Selection.ALL, 3));
            time("bottlenecks, last 15 min", () -> bottlenecks.top(quarter, 3));
            time("waited", () -> store.operations().waited(Selection.ALL));
            time("blames", () -> store.operations().blames(Selection.ALL));
            time("evidence", () -> store.operations().evidence(Selection.ALL, one, Order.CRITICAL, 0, 3));
            time("traces, newest 50", () -> store.traces().summaries(TraceQuery.newest(Selection.ALL), 50));
            time("traces, totals", () -> store.traces().totals(TraceQuery.newest(Selection.ALL)));
            Queries queries = new Queries(
                    store,
                    new IngestLedger(),
                    Thresholds.DEFAULT,
                    PriceTable.load(null),
                    () -> Population.T0 + (long) (hours * 3.6e6),
                    "measured");
            time("overview, all time", () -> queries.overview().overview(Selection.ALL));
            time("overview, last 15 min", () -> queries.overview().overview(quarter));
            Selection later =
                    Selection.ALL.between(Population.T0 * 1_000_000 + (long) (hours * 1.8e12), Long.MAX_VALUE);
            time("changes, half against half", () -> queries.changes().of(later, null, false, 50, 0));
            time("changes, 15 min", () -> queries.changes().of(quarter, null, false, 50, 0));
            time("  slices of traces", () -> store.traces().slices(operations.bounded(Selection.ALL), 60));
            time("  extent", () -> store.operations().extent(Selection.ALL));
            time("  by P95, 5 rows", () -> operations.list(Selection.ALL, null, false, Sort.P95, false, 5, 0));
        }
    }

    private static void time(String what, Runnable question) {
        for (int i = 0; i < 10; i++) {
            question.run();
        }
        double[] millis = new double[11];
        long cpu = cpuNanos();
        for (int i = 0; i < millis.length; i++) {
            long began = System.nanoTime();
            question.run();
            millis[i] = (System.nanoTime() - began) / 1e6;
        }
        cpu = cpuNanos() - cpu;
        Arrays.sort(millis);
        System.out.printf(
                "%-28s median %7.1f ms, least %7.1f ms, CPU %7.1f ms%n",
                what, millis[millis.length / 2], millis[0], cpu / 1e6 / millis.length);
    }

    /** Of the whole process: the engine's threads are not Java's. */
    private static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static OperationRef operation(int service, int operation) {
        return new OperationRef("service" + service, "operation" + operation, operation == 0 ? "http" : "internal");
    }

    private static void fill(Store store, int traces, double hours) {
        Random random = new Random(3);
        List<TraceAnalysis> batch = new ArrayList<>();
        for (int i = 0; i < traces; i++) {
            batch.add(trace(i, Population.T0 * 1_000 + (long) (hours * 3.6e9 * i / traces), random));
            if (batch.size() == 5_000 || i == traces - 1) {
                store.analysis().replace(batch, store.analysis().removals());
                batch.clear();
            }
        }
    }

    private static TraceAnalysis trace(int id, long start, Random random) {
        OperationRef root = operation(random.nextInt(20), 0);
        double weight = random.nextInt(10) == 0 ? 10 : 1;
        List<SpanPath> paths = new ArrayList<>();
        List<OperationRef> operations = new ArrayList<>();
        long total = 0;
        for (int k = 0; k < PER_TRACE; k++) {
            long micros = Math.round(Math.exp(9 + random.nextGaussian()));
            total = k == 0 ? micros : total;
            OperationRef operation = k == 0 ? root : operation(random.nextInt(20), 1 + random.nextInt(9));
            operations.add(operation);
            paths.add(new SpanPath(
                    root,
                    operation,
                    start + k,
                    micros,
                    micros / 2,
                    micros / 8,
                    weight,
                    weight,
                    random.nextInt(100) == 0,
                    k == 0,
                    "dev",
                    "run"));
        }
        TraceSummary summary = new TraceSummary(
                Population.traceId(id),
                start,
                total,
                total,
                root,
                List.of(root.service()),
                operations,
                "dev",
                null,
                "run",
                PER_TRACE,
                0,
                SpanStatus.OK,
                weight,
                null,
                0);
        return new TraceAnalysis(summary, paths, List.of(), List.of());
    }
}
