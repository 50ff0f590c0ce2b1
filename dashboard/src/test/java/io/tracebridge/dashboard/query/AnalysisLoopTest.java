/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static io.tracebridge.dashboard.query.Population.span;
import static io.tracebridge.dashboard.query.Population.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.AnalysisStore;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanFacts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnalysisLoopTest {
    @Test
    void nothingIsDerived_fromTracesRemovedBetweenReadingAndWriting() {
        try (Population population = new Population()) {
            population.analysis.close();
            AtomicInteger reads = new AtomicInteger();
            AnalysisStore store = afterReading(population.store.analysis(), () -> {
                if (reads.incrementAndGet() == 1) {
                    population.store.clear();
                    population.put(span(2, 21, 0, "GET /kept", 0, 5).build());
                    population.store.flush();
                }
            });
            try (AnalysisLoop loop = new AnalysisLoop(store, new TraceAnalyzer(Thresholds.DEFAULT), () -> 0L)) {
                store.onSpans(loop::wrote);
                population.put(span(1, 11, 0, "GET /removed", 0, 5).build());
                population.store.flush();

                loop.settle();

                assertThat(reads).hasValueGreaterThan(1);
                assertThat(population.store.operations().figures(Selection.ALL, false))
                        .singleElement()
                        .satisfies(figures ->
                                assertThat(figures.operation().name()).isEqualTo("GET /kept"));
                assertThat(population.store.traces().summary(traceId(1))).isNull();
            }
        }
    }

    /** The real store; something happens right after spans were read. */
    private static AnalysisStore afterReading(AnalysisStore store, Runnable event) {
        return (AnalysisStore) Proxy.newProxyInstance(
                AnalysisLoopTest.class.getClassLoader(),
                new Class<?>[] {AnalysisStore.class},
                (proxy, method, arguments) -> {
                    Object answer;
                    try {
                        answer = method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (answer instanceof List<?> list && !list.isEmpty() && list.get(0) instanceof SpanFacts) {
                        event.run();
                    }
                    return answer;
                });
    }
}
