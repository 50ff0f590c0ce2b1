/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Counts, error counts and time estimated from exported spans by their {@code th} alone, against the full population:
 * over 1,000 seeds the mean error must stay within three of its own standard errors.
 */
class UnbiasedTest {
    private static final int SEEDS = 1_000;
    private static final int TRACES = 40;
    private static final double SPACE = Math.pow(2, 56);

    /** Sums of (estimate - truth), and of its square, for one quantity. */
    private static final class Bias {
        private double sum;
        private double squares;
        private double truth;

        void add(double estimate, double actual) {
            double error = estimate - actual;
            sum += error;
            squares += error * error;
            truth += actual;
        }

        void assertNone(String name) {
            double mean = sum / SEEDS;
            double deviation = Math.sqrt((squares - SEEDS * mean * mean) / (SEEDS - 1));
            double standardError = deviation / Math.sqrt(SEEDS);
            assertThat(truth).as(name + " occurs").isPositive();
            assertThat(Math.abs(mean))
                    .as("%s: mean error %f, standard error %f, mean truth %f", name, mean, standardError, truth / SEEDS)
                    .isLessThanOrEqualTo(3 * standardError);
        }
    }

    private record Truth(int traces, int errors, double millis) {}

    private final Bias traces = new Bias();
    private final Bias errors = new Bias();
    private final Bias millis = new Bias();

    @Test
    void weights_areUnbiased_withoutBudget() {
        run(options -> options.firstTraces(0).errorTracesPerMinute(Integer.MAX_VALUE));
    }

    @Test
    void weights_areUnbiased_withBudgetsFirstTracesAndSlowOnes() {
        run(options -> options.firstTraces(10).errorTracesPerMinute(2));
    }

    private void run(UnaryOperator<TailSampling.Builder> options) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Settings slow = Settings.builder()
                    .samplingRate(0.1)
                    .slowTrace(Duration.ofMillis(900))
                    .build();
            try (Bench bench = new Bench(
                    0.1, seed * 7919 + 1, builder -> options.apply(builder).settings(slow))) {
                Truth truth = play(bench, new Random(seed));
                estimate(bench, truth);
            }
        }
        traces.assertNone("traces");
        errors.assertNone("erroring traces");
        millis.assertNone("milliseconds");
    }

    private Truth play(Bench bench, Random random) {
        int failed = 0;
        double spent = 0;
        for (int i = 0; i < TRACES; i++) {
            int kind = random.nextInt(10);
            int duration = random.nextInt(1_000);
            Span root = bench.root("operation-" + random.nextInt(3));
            Span step = bench.child(root, "step");
            bench.advance(Duration.ofMillis(duration));
            boolean late = kind == 1;
            if (kind == 0) {
                step.setStatus(StatusCode.ERROR);
            }
            if (!late) {
                step.end();
            }
            root.end();
            if (late) {
                bench.advance(Duration.ofSeconds(3)); // the decision falls without it
                bench.tick();
                step.setStatus(StatusCode.ERROR);
                step.end();
            }
            bench.tick();
            failed += kind <= 1 ? 1 : 0;
            spent += duration;
        }
        return new Truth(TRACES, failed, spent);
    }

    private void estimate(Bench bench, Truth truth) {
        Map<String, Double> failed = new HashMap<>();
        double count = 0;
        double time = 0;
        for (SpanData span : bench.batches.spans()) {
            double weight = weight(span.getSpanContext().getTraceState());
            if (span.getParentSpanContext().isValid()) {
                if (span.getStatus().getStatusCode() == StatusCode.ERROR) {
                    failed.merge(span.getTraceId(), weight, Double::sum);
                }
            } else {
                count += weight;
                time += weight * (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1e6;
            }
        }
        traces.add(count, truth.traces);
        errors.add(failed.values().stream().mapToDouble(Double::doubleValue).sum(), truth.errors);
        millis.add(time, truth.millis);
    }

    /** The adjusted count as the specification defines it; none without {@code th}. */
    private static double weight(TraceState state) {
        String ot = state.get("ot");
        if (ot == null || !ot.startsWith("th:")) {
            return 0;
        }
        String digits = ot.substring(3).split(";")[0];
        long threshold = Long.parseLong(digits + "0".repeat(14 - digits.length()), 16);
        return SPACE / (SPACE - threshold);
    }
}
