/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tracebridge.dashboard.query.MetricQuestions.Metric;
import io.tracebridge.dashboard.query.MetricQuestions.Series;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Selection;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Metrics from points to charts. */
class MetricQuestionsTest {
    private static final Population POPULATION = new Population();
    private static final long T0 = Population.T0 * 1_000_000;
    private static final long SECOND = 1_000_000_000L;

    private final MetricQuestions metrics = new MetricQuestions(POPULATION.store);

    @AfterAll
    static void close() {
        POPULATION.close();
    }

    @BeforeEach
    void clear() {
        POPULATION.store.clear();
    }

    @Test
    void cumulativeCounter_countsIncreases_andARestartIsNotNegative() {
        put(counter(0, 10), counter(10, 15), counter(20, 3));

        Metric metric = metric("requests", "increase", List.of());

        double sum = sum(metric.series().get(0));
        assertThat(sum).isCloseTo(8, within(1e-6));
        assertThat(metric.resets()).isEqualTo(1);
        assertThat(values(metric.series().get(0)))
                .allSatisfy(value -> assertThat(value).isNotNegative());
        // five in ten seconds are spread, not a peak of one second
        assertThat(values(metric("requests", null, List.of()).series().get(0))).contains(0.5, 0.3);
    }

    @Test
    void cumulativeCounter_countsFromItsStart_whenItJustStarted() {
        // a process that lives for two seconds exports once or twice: what it counted before its first export is most
        // of it
        put(
                MetricPoint.builder("requests", "counter", T0 + 2 * SECOND)
                        .service("shop")
                        .startNanos(T0)
                        .value(40)
                        .build(),
                MetricPoint.builder("requests", "counter", T0 + 3 * SECOND)
                        .service("shop")
                        .startNanos(T0)
                        .value(41)
                        .build(),
                MetricPoint.builder("requests", "counter", T0 + 3 * SECOND)
                        .service("unknown-start")
                        .value(500)
                        .build());

        Metric metric = Objects.requireNonNull(
                metrics.metric("requests", Selection.ALL.between(T0, T0 + 10 * SECOND), List.of(), "increase", null));

        assertThat(sum(metric.series().get(0))).isCloseTo(41, within(1e-6));
        assertThat(metric.totals().sum()).isCloseTo(41, within(1e-6));
    }

    @Test
    void deltaCounter_isGroupedByAttribute() {
        put(
                delta("tool_executions", 0, 1, "{\"tool\":\"layout\"}"),
                delta("tool_executions", 1, 2, "{\"tool\":\"layout\"}"),
                delta("tool_executions", 1, 4, "{\"tool\":\"render\"}"));

        Metric metric = metric("tool_executions", "increase", List.of("tool"));

        assertThat(metric.series()).extracting(Series::label).containsExactly("layout", "render");
        assertThat(sum(metric.series().get(0))).isEqualTo(3);
        assertThat(metric.groups()).contains("tool", "service");
        assertThat(metric.totals().sum()).isEqualTo(7);
    }

    @Test
    void manySeries_fallIntoOther() {
        for (int i = 0; i < 30; i++) {
            put(delta("tool_executions", 0, 1, "{\"tool\":\"t" + i + "\"}"));
        }
        Metric metric = metric("tool_executions", "increase", List.of("tool"));
        assertThat(metric.overflow()).isTrue();
        assertThat(metric.series()).hasSize(21);
        assertThat(sum(metric.series().get(20))).isEqualTo(10);
        assertThat(metric.series().get(20).label()).isEqualTo("__other__");
    }

    @Test
    void histogram_givesPercentiles_andTellsWhenTheyAreOpen() {
        put(histogram(null), delta("other", 0, 1, "{}"));

        Metric open = metric("scene_generation_duration", null, List.of());
        assertThat(open.totals().p95Text()).isEqualTo(">1000");
        assertThat(open.totals().p50()).isEqualTo(833.333333, within(1e-3));
        assertThat(open.series()).extracting(Series::name).containsExactly("p50", "p95", "p99");
        assertThat(Objects.requireNonNull(open.heatmap()).bounds()).containsExactly(100, 500, 1_000);

        POPULATION.store.clear();
        put(histogram(8_120.0));
        assertThat(metric("scene_generation_duration", null, List.of()).totals().p95())
                .isEqualTo(8_120);
    }

    @Test
    void exponentialHistogram_isWithinItsScale() {
        // scale 0: buckets (1,2], (2,4], (4,8]
        put(MetricPoint.builder("latency", "exponential", T0)
                .service("shop")
                .delta(true)
                .value(40)
                .count(10)
                .buckets("{\"scale\":0,\"zero\":0,\"zeroThreshold\":0,\"positive\":{\"offset\":0,\"counts\":[2,3,5]},"
                        + "\"negative\":{\"offset\":0,\"counts\":[]}}")
                .build());
        Metric metric = metric("latency", null, List.of());
        assertThat(metric.type()).isEqualTo("histogram");
        assertThat(metric.totals().p50()).isEqualTo(4, within(1e-6));
        assertThat(metric.totals().p95()).isEqualTo(7.6, within(1e-6));
        assertThat(metric.totals().p95Text()).isNull();
    }

    @Test
    void gauge_leavesAGap_whereItIsNotANumber() {
        put(gauge(0, 1), gauge(1, Double.NaN), gauge(2, 3));
        Series series = metric("heap", "last", List.of()).series().get(0);
        int end = series.values().length;
        assertThat(Arrays.asList(series.values()).subList(end - 3, end)).containsExactly(1.0, null, 3.0);
        assertThat(series.latest()).isEqualTo(3);
    }

    @Test
    void percentiles_areOfTheFormWithMoreObservations_whenAMetricComesInTwo() {
        put(
                histogram(null),
                MetricPoint.builder("scene_generation_duration", "distribution", T0)
                        .service("sample")
                        .unit("ms")
                        .value(2_400)
                        .count(1)
                        .build());

        Metric metric = metric("scene_generation_duration", null, List.of());

        assertThat(metric.totals().count()).isEqualTo(11);
        assertThat(metric.totals().p50()).isBetween(500.0, 1_000.0);
    }

    @Test
    void resolution_followsTheWindow() {
        put(gauge(0, 1));
        assertThat(metrics.metric("heap", window(600), List.of(), null, null).resolutionMs())
                .isEqualTo(1_000);
        assertThat(metrics.metric("heap", window(3_600), List.of(), null, null).resolutionMs())
                .isEqualTo(10_000);
        assertThat(metrics.metric("heap", window(86_400), List.of(), null, null).resolutionMs())
                .isEqualTo(60_000);
        assertThatThrownBy(() -> metric("heap", "p42", List.of())).hasMessageContaining("avg");
    }

    private static Selection window(long seconds) {
        return Selection.ALL.between(T0 - seconds * SECOND + 1, T0 + 1);
    }

    private Metric metric(String name, String agg, List<String> groupBy) {
        return Objects.requireNonNull(metrics.metric(name, Selection.ALL, groupBy, agg, null));
    }

    private static List<Double> values(Series series) {
        return Arrays.stream(series.values()).filter(Objects::nonNull).toList();
    }

    private static double sum(Series series) {
        return values(series).stream().mapToDouble(Double::doubleValue).sum();
    }

    private static void put(MetricPoint... points) {
        POPULATION.put(List.of(points));
        POPULATION.store.flush();
    }

    private static MetricPoint counter(long second, double value) {
        return MetricPoint.builder("requests", "counter", T0 + second * SECOND)
                .service("shop")
                .startNanos(T0 - 100 * SECOND)
                .value(value)
                .build();
    }

    private static MetricPoint delta(String name, long second, double value, String attributes) {
        return MetricPoint.builder(name, "counter", T0 + second * SECOND)
                .service("shop")
                .delta(true)
                .value(value)
                .attributes(attributes)
                .build();
    }

    private static MetricPoint gauge(long second, double value) {
        return MetricPoint.builder("heap", "gauge", T0 + second * SECOND)
                .service("shop")
                .value(value)
                .build();
    }

    private static MetricPoint histogram(Double max) {
        return MetricPoint.builder("scene_generation_duration", "histogram", T0)
                .service("shop")
                .startNanos(T0 - 10 * SECOND)
                .unit("ms")
                .value(9_000)
                .count(10)
                .max(max)
                .buckets("{\"bounds\":[100,500,1000],\"counts\":[1,2,3,4]}")
                .build();
    }
}
