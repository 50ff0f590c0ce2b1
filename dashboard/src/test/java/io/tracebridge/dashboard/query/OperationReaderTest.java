/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static io.tracebridge.dashboard.query.Population.span;
import static io.tracebridge.dashboard.query.Population.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader.Order;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From spans through analysis to the figures of operations. */
class OperationReaderTest {
    private final Population population = new Population();

    @AfterEach
    void close() {
        population.close();
    }

    @Test
    void figures_followFromSpans() {
        List<SpanRecord> spans = new ArrayList<>();
        for (int i = 1; i <= 100; i++) {
            spans.add(span(i, 1, 0, "GET /", i * 10, i).build());
            spans.add(span(i, 2, 1, "work", i * 10, i / 2)
                    .status(i > 90 ? SpanStatus.ERROR : SpanStatus.OK)
                    .build());
        }
        population.put(spans);
        population.settle();

        OperationFigures root = figures("GET /");
        assertThat(root.count()).isEqualTo(100);
        assertThat(root.p50() / 1_000.0).isBetween(49.7, 50.3);
        assertThat(root.p95() / 1_000.0).isBetween(94.5, 95.5);
        assertThat(root.max()).isEqualTo(100_000);
        assertThat(root.weighted()).isFalse();
        OperationFigures work = figures("work");
        assertThat(work.errors()).isEqualTo(10);
        assertThat(root.critical() + work.critical())
                .isEqualTo(population.store.operations().waited(Selection.ALL).micros())
                .isEqualTo(5_050_000);
        assertThat(root.operation().kind()).isEqualTo("http");
    }

    @Test
    void lateSpan_changesTheFiguresOfItsTrace_once() {
        population.put(span(1, 1, 0, "GET /", 0, 100).build());
        population.settle();
        population.put(span(1, 2, 1, "work", 0, 60).build());
        population.settle();

        assertThat(figures("GET /").seen()).isEqualTo(1);
        assertThat(figures("GET /").critical()).isEqualTo(40_000);
        assertThat(population.store.analysis().unanalysed(10)).isEmpty();
    }

    @Test
    void unknownWeights_areSeen_andNotEstimated() {
        population.put(
                span(1, 1, 0, "GET /", 0, 10).weight(10.0).build(),
                span(2, 1, 0, "GET /", 0, 20).weight(null).keptBecause("signal").build());
        population.settle();

        OperationFigures figures = figures("GET /");
        assertThat(figures.seen()).isEqualTo(2);
        assertThat(figures.unknown()).isEqualTo(1);
        assertThat(figures.count()).isEqualTo(10);
        assertThat(figures.weighted()).isTrue();
    }

    @Test
    void evidence_namesTheTracesThatWaitedLongest() {
        for (int i = 1; i <= 5; i++) {
            population.put(span(i, 1, 0, "GET /", i * 1_000, i * 10).build());
        }
        population.settle();

        OperationRef operation = figures("GET /").operation();
        assertThat(population.store.operations().evidence(Selection.ALL, operation, Order.CRITICAL, 0, 3))
                .extracting(one -> one.traceId())
                .containsExactly(traceId(5), traceId(4), traceId(3));
        assertThat(population.store.operations().operation(operation.key())).isEqualTo(operation);
    }

    @Test
    void clear_removesWhatWasDerived() {
        population.put(span(1, 1, 0, "GET /", 0, 100).build());
        population.settle();
        population.store.clear();

        assertThat(population.store.operations().figures(Selection.ALL, false)).isEmpty();
    }

    private OperationFigures figures(String name) {
        return population.store.operations().figures(Selection.ALL, false).stream()
                .filter(one -> one.operation().name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
