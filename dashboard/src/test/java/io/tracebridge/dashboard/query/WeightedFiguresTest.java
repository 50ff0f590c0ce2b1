/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static io.tracebridge.dashboard.query.Population.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.query.OperationQuestions.OperationItem;
import io.tracebridge.dashboard.query.OperationQuestions.Sort;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the dashboard says of sampled data, against the whole population: 10 % head sampling, every error kept. */
class WeightedFiguresTest {
    private static final int REQUESTS = 20_000;
    private static final double HEAD = 0.1;

    @Test
    void figuresOfSampledData_areWithinThreeStandardErrorsOfThePopulation() {
        Random random = new Random(11);
        long[] all = new long[REQUESTS];
        int errors = 0;
        int keptOrdinary = 0;
        List<SpanRecord> kept = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            boolean error = random.nextDouble() < 0.01;
            // errors are slower, which is what makes unweighted percentiles wrong
            long millis = Math.round(Math.exp(4 + 0.6 * random.nextGaussian()) * (error ? 4 : 1)) + 1;
            all[i] = millis;
            errors += error ? 1 : 0;
            boolean head = random.nextDouble() < HEAD;
            if (error || head) {
                keptOrdinary += error ? 0 : 1;
                kept.add(span(i + 1, 1, 0, "GET /", i, millis)
                        .status(error ? SpanStatus.ERROR : SpanStatus.OK)
                        .weight(error ? 1.0 : 1 / HEAD)
                        .build());
            }
        }
        try (Population population = new Population()) {
            population.put(kept);
            population.settle();

            OperationItem item = new OperationQuestions(population.store, Thresholds.DEFAULT)
                    .list(Selection.ALL, null, false, Sort.SHARE, false, 10, 0)
                    .items()
                    .get(0);

            // of a count of n ordinary requests, each kept with probability p: sd = sqrt(n (1 - p) / p)
            double countError = Math.sqrt((REQUESTS - errors) * (1 - HEAD) / HEAD);
            assertThat(item.count()).isBetween(REQUESTS - 3 * countError, REQUESTS + 3 * countError);
            assertThat(item.errors()).isEqualTo(errors);
            double share = (double) errors / REQUESTS;
            assertThat(item.errorShare())
                    .isBetween(share * (1 - 3 * countError / REQUESTS), share * (1 + 3 * countError / REQUESTS));
            Arrays.sort(all);
            // three standard errors of the rank of the 95th percentile in the kept sample
            double rankError = 3 * Math.sqrt(0.95 * 0.05 / keptOrdinary);
            assertThat(item.p95Ms()).isBetween(at(all, 0.95 - rankError) * 0.99, at(all, 0.95 + rankError) * 1.01);
            assertThat(item.estimate().text()).startsWith("estimated from ");
            assertThat(item.estimate().seen()).isEqualTo(kept.size());
            assertThat(item.exact()).isFalse();
            // the same data without weights say something else altogether
            assertThat((double) errors / kept.size()).isGreaterThan(share * 5);
        }
    }

    private static double at(long[] sorted, double q) {
        return sorted[(int) Math.ceil(q * sorted.length) - 1];
    }
}
