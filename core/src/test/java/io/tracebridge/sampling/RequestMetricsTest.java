/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rate, errors and duration are exact: from all spans, kept or not. */
class RequestMetricsTest {
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final SdkMeterProvider meters =
            SdkMeterProvider.builder().registerMetricReader(reader).build();

    @Test
    void durations_countEverySpan_whateverIsKept() {
        try (Bench bench = new Bench(0.1, 1)) {
            bench.sampling.meterProvider(meters);
            for (int i = 0; i < 500; i++) {
                Span root = bench.root("request");
                Span step = bench.child(root, "step");
                bench.advance(Duration.ofMillis(3));
                if (i % 10 == 0) {
                    step.setAttribute("error.type", "timeout");
                    step.setStatus(StatusCode.ERROR);
                }
                step.end();
                root.end();
            }
            bench.tick();
            assertThat(count("step", "STATUS_CODE_ERROR")).isEqualTo(50);
            assertThat(count("step", "STATUS_CODE_UNSET")).isEqualTo(450);
            assertThat(count("request", "STATUS_CODE_UNSET")).isEqualTo(500);
            assertThat(points())
                    .filteredOn(point -> point.getAttributes().get(AttributeKey.stringKey("error.type")) != null)
                    .allMatch(
                            point -> "timeout".equals(point.getAttributes().get(AttributeKey.stringKey("error.type"))));
            assertThat(points()).allMatch(point -> Math.abs(point.getSum() - 3 * point.getCount()) < 1e-6);
        }
    }

    @Test
    void exemplars_pointToKeptTracesOnly() {
        try (Bench bench = new Bench(0.1, 2)) {
            bench.sampling.meterProvider(meters);
            for (int i = 0; i < 300; i++) {
                bench.root("request").end();
                bench.tick();
            }
            Set<String> exemplars = points().stream()
                    .flatMap(point -> point.getExemplars().stream())
                    .map(exemplar -> exemplar.getSpanContext().getTraceId())
                    .collect(Collectors.toSet());
            assertThat(exemplars).isNotEmpty();
            assertThat(bench.traces.byTrace().keySet()).containsAll(exemplars);
        }
    }

    @Test
    void operations_areCapped() {
        try (Bench bench = new Bench(0, 3, options -> options)) {
            bench.sampling.meterProvider(meters);
            for (int i = 0; i < 1_500; i++) {
                bench.root("request-" + i).end();
            }
            bench.tick();
            Attributes overflow = Attributes.of(AttributeKey.booleanKey("otel.metric.overflow"), true);
            assertThat(points()).hasSize(1_001).anySatisfy(point -> {
                assertThat(point.getAttributes()).isEqualTo(overflow);
                assertThat(point.getCount()).isEqualTo(500);
            });
        }
    }

    private long count(String name, String status) {
        return points().stream()
                .filter(point -> name.equals(point.getAttributes().get(AttributeKey.stringKey("span.name")))
                        && status.equals(point.getAttributes().get(AttributeKey.stringKey("status.code"))))
                .mapToLong(HistogramPointData::getCount)
                .sum();
    }

    private Collection<HistogramPointData> points() {
        return reader.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals("traces.span.metrics.duration"))
                .flatMap(metric -> metric.getHistogramData().getPoints().stream())
                .toList();
    }
}
