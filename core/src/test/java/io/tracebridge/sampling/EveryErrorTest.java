/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The promise: at 10 % sampling every error arrives with its whole trace, at every exporter. */
class EveryErrorTest {
    private static final AttributeKey<String> KEPT_BECAUSE = AttributeKey.stringKey("tracebridge.kept_because");
    private static final int TRACES = 1_000;
    private static final int SPANS = 10;

    /** How a trace fails. */
    private enum Failure {
        CHILD,
        LATE_CHILD,
        ONLY_LOG,
        ONLY_KEEP
    }

    /** What the application did, written down by the test itself. */
    private static final class Population {
        final Map<String, Set<String>> spansByTrace = new HashMap<>();
        final Map<String, Boolean> keptSaid = new HashMap<>();
        final Set<String> erroring = new HashSet<>();

        void add(Span span) {
            spansByTrace
                    .computeIfAbsent(span.getSpanContext().getTraceId(), id -> new HashSet<>())
                    .add(span.getSpanContext().getSpanId());
        }
    }

    @Test
    void errors_areAllKeptWhole_withoutBudget() {
        try (Bench bench = bench(options -> options.errorTracesPerMinute(Integer.MAX_VALUE))) {
            Population population = run(bench, 1);
            assertThat(population.erroring).hasSize(500);
            assertComplete(bench.traces, population, population.erroring);
            assertComplete(bench.batches, population, population.erroring);
            assertTenthOfTheRest(bench, population);
            assertThat(population.keptSaid.values()).doesNotContain(false);
        }
    }

    @Test
    void errors_areAllKeptWhole_atDefaultsOver60Fingerprints() {
        try (Bench bench = bench(options -> options)) {
            Population population = run(bench, 60);
            assertThat(population.erroring).hasSize(500);
            assertComplete(bench.traces, population, population.erroring);
            assertComplete(bench.batches, population, population.erroring);
            assertTenthOfTheRest(bench, population);
            assertThat(bench.accounting.drops(DropReason.OVER_BUDGET)).isZero();
        }
    }

    @Test
    void errors_keepTheStatedCount_atDefaultsWithOneFingerprint() {
        try (Bench bench = bench(options -> options)) {
            List<String> errors = new ArrayList<>();
            Map<String, Boolean> said = new HashMap<>();
            for (int i = 0; i < 500; i++) {
                Span root = bench.root("request");
                Span step = bench.child(root, "step");
                String traceId = root.getSpanContext().getTraceId();
                said.put(traceId, bench.sampling.keep(traceId, "captured_error", "boom|step"));
                errors.add(traceId);
                step.setStatus(StatusCode.ERROR);
                step.end();
                root.end();
            }
            settle(bench);
            Set<String> kept = bench.traces.byTrace().keySet();
            long rescued = bench.traces.spans().stream()
                    .filter(span -> "captured_error".equals(span.getAttributes().get(KEPT_BECAUSE)))
                    .count();
            long first100 = errors.stream().limit(100).filter(kept::contains).count();
            assertThat(first100).isEqualTo(100);
            assertThat(kept).hasSizeBetween(100 + 400 / 10 - 30, 100 + 400 / 10 + 30);
            assertThat(rescued).isLessThanOrEqualTo(100);
            errors.forEach(id -> assertThat(said.get(id)).isEqualTo(kept.contains(id)));
            assertThat(bench.accounting.drops(DropReason.OVER_BUDGET)).isEqualTo(500 - kept.size());
        }
    }

    private static Bench bench(UnaryOperator<TailSampling.Builder> options) {
        return new Bench(0.1, 42, builder -> options.apply(builder.firstTraces(0)));
    }

    private static Population run(Bench bench, int fingerprints) {
        Random random = new Random(7);
        Population population = new Population();
        for (int i = 0; i < TRACES; i++) {
            Failure failure = i % 2 == 0 ? Failure.values()[i / 2 % 4] : null;
            trace(bench, population, random, failure, "operation-" + i % fingerprints);
            if (random.nextInt(5) == 0) {
                bench.advance(Duration.ofMillis(20));
                bench.tick();
            }
        }
        settle(bench);
        return population;
    }

    private static void trace(Bench bench, Population population, Random random, Failure failure, String operation) {
        Span root = bench.root(operation);
        String traceId = root.getSpanContext().getTraceId();
        population.add(root);
        List<Span> spans = new ArrayList<>(List.of(root));
        int failing = 1 + random.nextInt(SPANS - 1);
        Span late = null;
        for (int s = 1; s < SPANS; s++) {
            Span span = bench.child(spans.get(random.nextInt(spans.size())), operation + "/step");
            population.add(span);
            spans.add(span);
            if (s == failing && failure == Failure.CHILD) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        for (int s = SPANS - 1; s > 0; s--) {
            if (s == failing && failure == Failure.LATE_CHILD) {
                late = spans.get(s);
            } else {
                spans.get(s).end();
            }
        }
        root.end();
        boolean after = random.nextBoolean(); // before or after the worker looked at the ended root
        if (after) {
            bench.advance(Duration.ofSeconds(random.nextInt(4)));
            bench.tick();
        }
        if (late != null) {
            late.setStatus(StatusCode.ERROR);
            late.end();
        }
        if (failure == Failure.ONLY_KEEP) {
            population.keptSaid.put(traceId, bench.sampling.keep(traceId, "captured_error", "boom|" + operation));
        } else if (failure == Failure.ONLY_LOG) {
            Logs.error(bench.sampling, root.getSpanContext(), operation);
        }
        if (failure != null) {
            population.erroring.add(traceId);
        }
    }

    private static void settle(Bench bench) {
        bench.tick();
        bench.advance(Duration.ofSeconds(3));
        bench.tick();
    }

    private static void assertComplete(Bench.Recording exporter, Population population, Set<String> traces) {
        Map<String, List<SpanData>> exported = exporter.byTrace();
        for (String traceId : traces) {
            assertThat(exported).containsKey(traceId);
            List<String> ids =
                    exported.get(traceId).stream().map(SpanData::getSpanId).toList();
            assertThat(ids)
                    .as("each span once")
                    .containsExactlyInAnyOrderElementsOf(population.spansByTrace.get(traceId));
        }
    }

    private static void assertTenthOfTheRest(Bench bench, Population population) {
        Map<String, List<SpanData>> exported = bench.traces.byTrace();
        Set<String> ordinary = new HashSet<>(exported.keySet());
        ordinary.removeAll(population.erroring);
        // 500 at 0.1: mean 50, standard deviation 6.7; three of them either side
        assertThat(ordinary).hasSizeBetween(30, 70);
        assertComplete(bench.traces, population, ordinary);
        assertComplete(bench.batches, population, ordinary);
    }
}
