/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Records;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanPath;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.TimeGrid;
import io.tracebridge.dashboard.store.TraceAnalysis;
import io.tracebridge.dashboard.store.TraceSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers from sums are the answers from the spans themselves, whatever is asked and whatever happened to the spans. */
class RollupTest {
    /** 2026-01-01T05:17:23Z: at the start of no window. */
    private static final long START = 1_767_244_643_000_000L;

    private static final long DAYS = 3 * 86_400_000_000L;
    private static final int SMALL = 40;
    private static final long CAP = 12 << 20;
    private static final List<OperationRef> OPERATIONS = IntStream.range(0, 12)
            .mapToObj(i -> new OperationRef("service" + i % 3, "operation " + i, i % 3 == 0 ? "http" : "internal"))
            .toList();

    private final Random random = new Random(7);

    @TempDir
    Path folder;

    private DuckDbStore store;

    @BeforeEach
    void open() {
        store = DuckDbStore.open(new DuckDbOptions(folder.resolve("data"), CAP, 64 << 20, "run"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void answers_areThoseOfTheSpans_whateverHappenedToThem() {
        write(0, 2_500);
        assertThat(rollUp()).isGreaterThan(50);
        assertThat(levels()).isEqualTo(5);
        assertSameAnswers("after summing up");

        // late spans, repeated analysis, new traces: in windows that were summed up
        write(2_400, 2_600);
        assertSameAnswers("after late spans");
        // much later than the rest, and not to be evicted
        writeAt(IntStream.range(3_000, 3_400), START + 5 * DAYS, 60_000_000);
        assertThat(rollUp()).isPositive();
        assertSameAnswers("after summing up again");

        store.close();
        open();
        assertThat(rollUp()).isZero();
        assertSameAnswers("after a restart");

        List<RollupCover.Window> before = store.rolledUp();
        flood();
        List<RollupCover.Window> left = store.rolledUp();
        assertThat(left).isNotEmpty();
        // of the oldest traces some left, and the others stand for more
        assertThat(before).anyMatch(window -> window.fromMicros() < START + DAYS / 500);
        assertThat(left).noneMatch(window -> window.fromMicros() < START + DAYS / 500);
        assertSameAnswers("after an eviction");
        assertThat(rollUp()).isGreaterThan(20);
        assertSameAnswers("after an eviction and summing up");

        store.clear();
        assertThat(windows()).isZero();
        assertThat(store.operations().figures(Selection.ALL, false)).isEmpty();
    }

    @Test
    void windows_areLeftAlone_whileTheyAreNotOver_wereJustWritten_orSaveNothing() {
        long now = System.currentTimeMillis() * 1_000;
        replace(IntStream.range(0, 200)
                .mapToObj(i -> trace(i, now + 3_600_000_000L))
                .toList());
        assertThat(rollUp()).isZero();
        write(1_000, 1_400);
        assertThat(store.rollUp(new RollupRules(SMALL, 100, true))).isZero();
        // about as many sums as spans
        assertThat(store.rollUp(new RollupRules(SMALL, 0.1, false))).isZero();
        write(1_000, 1_400);
        assertThat(rollUp()).isPositive();
    }

    @Test
    void percentiles_areWithinOnePercent() {
        List<Long> all = new ArrayList<>();
        List<TraceAnalysis> traces = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            long micros = Math.round(Math.exp(9 + random.nextGaussian()));
            all.add(micros);
            traces.add(trace(
                    i, START + i * 1_000_000L, List.of(path(START + i * 1_000_000L, OPERATIONS.get(0), micros, 1.0))));
        }
        replace(traces);
        assertThat(rollUp()).isPositive();
        all.sort(Comparator.naturalOrder());

        var figures = store.operations().figures(Selection.ALL, false).get(0);
        assertThat(figures.p50() / (double) all.get(2_499)).isBetween(0.99, 1.01);
        assertThat(figures.p95() / (double) all.get(4_749)).isBetween(0.99, 1.01);
        assertThat(figures.p99() / (double) all.get(4_949)).isBetween(0.99, 1.01);
    }

    private void replace(List<TraceAnalysis> traces) {
        assertThat(store.analysis().replace(traces, store.analysis().removals()))
                .isTrue();
    }

    private int rollUp() {
        return store.rollUp(new RollupRules(SMALL, 100, false));
    }

    private long windows() {
        return store.rolledUp().size();
    }

    private long levels() {
        return store.rolledUp().stream()
                .map(RollupCover.Window::level)
                .distinct()
                .count();
    }

    private void write(int from, int to) {
        // crowded at times, so that windows of every length have enough spans
        writeAt(IntStream.range(from, to).filter(i -> i % 4 == 0), START, DAYS);
        writeAt(IntStream.range(from, to).filter(i -> i % 4 != 0), START, DAYS / 500);
    }

    private void writeAt(IntStream ids, long start, long length) {
        List<TraceAnalysis> traces = ids.mapToObj(id -> trace(id, start + (long) (random.nextDouble() * length)))
                .toList();
        replace(traces);
        store(traces.stream()
                .map(trace -> span(id(trace), id(trace))
                        .startNanos(trace.summary().startMicros() * 1_000)
                        .build())
                .toList());
    }

    private static long id(TraceAnalysis trace) {
        return Long.parseLong(trace.summary().traceId(), 16);
    }

    private void store(List<SpanRecord> spans) {
        assertThat(store.intake().offer(spans)).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }

    private TraceAnalysis trace(int id, long start) {
        OperationRef root = OPERATIONS.get(random.nextInt(3) * 3);
        @Nullable Double weight = new @Nullable Double[] {null, 1.0, 10.0, 1 / 0.3}[random.nextInt(4)];
        String environment = new @Nullable String[] {null, "dev", "prod"}[random.nextInt(3)];
        List<SpanPath> paths = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            long micros = Math.round(Math.exp(6 + 3 * random.nextGaussian()));
            paths.add(new SpanPath(
                    root,
                    i == 0 ? root : OPERATIONS.get(random.nextInt(random.nextInt(12) + 1)),
                    start + random.nextInt(2_000_000),
                    micros,
                    micros / 2,
                    random.nextBoolean() ? micros / 3 : 0,
                    weight,
                    weight == null ? 0 : weight,
                    random.nextInt(20) == 0,
                    i == 0,
                    environment,
                    "run-" + random.nextInt(2)));
        }
        return trace(id, start, paths);
    }

    private static SpanPath path(long start, OperationRef operation, long micros, double weight) {
        return new SpanPath(
                operation, operation, start, micros, micros, micros, weight, weight, false, true, null, "run-0");
    }

    private static TraceAnalysis trace(int id, long start, List<SpanPath> paths) {
        TraceSummary summary = new TraceSummary(
                Records.traceId(id),
                start,
                1_000,
                1_000,
                paths.get(0).root(),
                List.of("service0"),
                List.of(paths.get(0).root()),
                paths.get(0).environment(),
                null,
                "run-0",
                paths.size(),
                0,
                SpanStatus.OK,
                paths.get(0).weight(),
                null,
                0);
        return new TraceAnalysis(summary, paths, List.of(), List.of());
    }

    /** More than the cap holds, so that weights rise. */
    private void flood() {
        long trace = 1_000_000;
        for (int batch = 0; batch < 60 && store.health().facts().evicted() == 0; batch++) {
            List<SpanRecord> spans = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                byte[] noise = new byte[900];
                random.nextBytes(noise);
                trace++;
                spans.add(span(trace, trace)
                        .startNanos((START + 2 * DAYS) * 1_000 + trace)
                        .attributes("{\"noise\":\"" + Base64.getEncoder().encodeToString(noise) + "\"}")
                        .build());
            }
            store(spans);
        }
        assertThat(store.health().facts().evicted()).isPositive();
        // runs after what the writer does now
        store.setIssueStatus("none", "open");
    }

    private void assertSameAnswers(String when) {
        for (int i = 0; i < 5; i++) {
            Selection selection = selection(i);
            List<Object> fromSums = answers(store.operations(), selection);
            List<Object> fromSpans = answers(store.operationsOfSpans(), selection);
            assertThat(fromSums).as("%s: %s", when, selection).hasSameSizeAs(fromSpans);
            assertThat(evidence(store.operations(), selection))
                    .as("%s: %s", when, selection)
                    .isGreaterThanOrEqualTo(evidence(store.operationsOfSpans(), selection) / 2);
            for (int k = 0; k < fromSums.size(); k++) {
                if (!alike(fromSums.get(k).toString(), fromSpans.get(k).toString())) {
                    assertThat(fromSums.get(k)).as("%s: %s", when, selection).isEqualTo(fromSpans.get(k));
                }
            }
        }
    }

    /** Sums of fractions depend on their order, in the last digits. */
    private static boolean alike(String one, String other) {
        if (one.equals(other)) {
            return true;
        }
        String[] parts = one.split("[\\[\\]{},=: ]+");
        String[] others = other.split("[\\[\\]{},=: ]+");
        boolean alike = parts.length == others.length;
        for (int i = 0; alike && i < parts.length; i++) {
            alike = parts[i].equals(others[i])
                    || (parts[i].matches("[0-9.]+(E[0-9]+)?") && roughly(parts[i], others[i]));
        }
        return alike;
    }

    private static boolean roughly(String one, String other) {
        double number = Double.parseDouble(one);
        return Math.abs(number - Double.parseDouble(other)) <= 1e-9 * number;
    }

    private Selection selection(int i) {
        if (i == 0) {
            return Selection.ALL;
        }
        long from = START + (long) (random.nextDouble() * DAYS * 0.8) - DAYS / 10;
        long to = from + 1 + (long) (Math.pow(random.nextDouble(), 3) * DAYS);
        return new Selection(
                random.nextInt(3) == 0 ? List.of("service0", "service2") : List.of(),
                random.nextInt(3) == 0 ? List.of("dev") : List.of(),
                random.nextInt(3) == 0 ? List.of("run-1") : List.of(),
                i % 5 == 1 ? Long.MIN_VALUE : from * 1_000 + random.nextInt(1_000),
                i % 5 == 2 ? Long.MAX_VALUE : to * 1_000 + random.nextInt(1_000),
                random.nextInt(5) == 0 ? "operation 1" : null,
                List.of());
    }

    private List<Object> answers(OperationReader reader, Selection selection) {
        boolean onlyTop = selection.fromNanos() % 3 == 0;
        List<Object> answers = new ArrayList<>();
        answers.addAll(sorted(reader.figures(selection, onlyTop)));
        answers.addAll(sorted(reader.figures(selection, false, OPERATIONS.subList(0, 4))));
        answers.addAll(sorted(reader.blames(selection)));
        answers.add(reader.waited(selection));
        answers.add(reader.extent(selection));
        if (selection.fromNanos() != Long.MIN_VALUE && selection.toNanos() != Long.MAX_VALUE) {
            for (int slices : new int[] {24, 60}) {
                TimeGrid grid = TimeGrid.of(selection, slices);
                answers.addAll(reader.slices(selection, OPERATIONS, grid, slices == 24 ? 4 : 1));
                answers.add(new TreeMap<>(reader.errors(selection, OPERATIONS.get(1), grid)));
                answers.addAll(reader.calls(selection, grid).stream()
                        .sorted(Comparator.comparing((OperationReader.Calls calls) ->
                                        calls.operation().name())
                                .thenComparing(OperationReader.Calls::slice))
                        .toList());
            }
        }
        return answers;
    }

    /** How long the third trace waited for an operation. */
    private static long evidence(OperationReader reader, Selection selection) {
        var found = reader.evidence(selection, OPERATIONS.get(0), OperationReader.Order.CRITICAL, 0, 3);
        return found.size() < 3 ? 0 : found.get(2).criticalMicros();
    }

    private static <T> List<T> sorted(List<T> rows) {
        return rows.stream().sorted(Comparator.comparing(RollupTest::name)).toList();
    }

    private static String name(Object row) {
        return row instanceof OperationReader.Blame blame
                ? blame.operation() + " under " + blame.root()
                : ((OperationFigures) row).operation().toString();
    }
}
