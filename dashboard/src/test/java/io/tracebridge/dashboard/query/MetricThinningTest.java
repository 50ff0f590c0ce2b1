/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tracebridge.dashboard.query.MetricQuestions.Metric;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Points of metrics become fewer with their age, and what is said about them stays. */
class MetricThinningTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    /** A whole hour after now: the store thins out by its own clock too. */
    private static final long T0 = (System.currentTimeMillis() * 1_000_000 / HOUR + 1) * HOUR;

    private static final int SECONDS = 7_200;

    private final DuckDbStore store = DuckDbStore.open(new DuckDbOptions(null, 256L << 20, 64 << 20, "run"));
    private final MetricQuestions metrics = new MetricQuestions(store);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void points_areFewer_andIncreasesStay() {
        put(i -> MetricPoint.builder("requests", "counter", T0 + i * SECOND)
                .service("shop")
                .startNanos(T0 - SECOND)
                // restarted in the middle of a slot
                .value(i < 3_605 ? 3 * i : 2 * (i - 3_605)));
        put(i -> MetricPoint.builder("jobs", "counter", T0 + i * SECOND)
                .service("shop")
                .delta(true)
                .startNanos(T0 + (i - 1) * SECOND)
                .value(i % 7));
        put(i -> MetricPoint.builder("heap", "gauge", T0 + i * SECOND)
                .service("shop")
                .value(i == 1_234 ? 999 : i % 50));
        put(i -> MetricPoint.builder("took", "distribution", T0 + i * SECOND)
                .service("shop")
                .count(1)
                .value(i));
        List<Double> before = figures();

        assertThat(store.thinMetrics(T0 + 60 * SECOND)).isZero();
        assertThat(points("requests")).isEqualTo(SECONDS);

        // the first hour and fifty minutes are older than ten minutes
        long now = T0 + SECONDS * SECOND;
        assertThat(store.thinMetrics(now)).isPositive();
        assertThat(points("requests")).isBetween(660L + 600, 660L + 620);
        assertThat(points("jobs")).isEqualTo(660 + 600);
        assertThat(points("heap")).isBetween(660L + 600, 3 * 660L + 620);
        assertThat(points("took")).isEqualTo(SECONDS);
        assertSame(figures(), before);

        // three hours later all of it is one a minute
        assertThat(store.thinMetrics(now + 4 * HOUR)).isPositive();
        assertThat(points("requests")).isBetween(120L, 130L);
        assertThat(points("jobs")).isEqualTo(120);
        assertThat(points("heap")).isBetween(120L, 370L);
        assertSame(figures(), before);
        assertThat(store.thinMetrics(now + 4 * HOUR)).isZero();
    }

    @Test
    void histogramsOfIncrements_becomeOneOfEachBounds_withTheSamePercentiles() {
        put(i -> MetricPoint.builder("wait", "histogram", T0 + i * SECOND)
                .service("shop")
                .delta(true)
                .startNanos(T0 + (i - 1) * SECOND)
                .count(6 + i % 3)
                .value(300 + i % 3)
                .min(1.0)
                .max(i == 4_321 ? 7_000.0 : 900.0)
                .buckets(
                        // other bounds from the middle of a slot on
                        i < 3_605
                                ? "{\"bounds\":[10.0,100.0,1000.0],\"counts\":[1,2,%d,0]}".formatted(3 + i % 3)
                                : "{\"bounds\":[50.0,1000.0],\"counts\":[2,%d,1]}".formatted(3 + i % 3)));
        put(i -> MetricPoint.builder("sizes", "histogram", T0 + i * SECOND)
                .service("shop")
                .delta(true)
                .startNanos(T0 + (i - 1) * SECOND)
                .count(i == 10 || i == 11 ? Long.MAX_VALUE : 2)
                .value(10));
        Metric before = metric("wait", "percentiles");
        double counted = of("wait", "count", metric -> values(metric).sum());

        assertThat(store.thinMetrics(T0 + SECONDS * SECOND)).isPositive();

        assertThat(points("wait")).isEqualTo(660 + 600 + 1);
        assertThat(points("sizes")).isEqualTo(660 + 600);
        Metric after = metric("wait", "percentiles");
        assertThat(after.totals()).isEqualTo(before.totals());
        assertThat(after.heatmap()).usingRecursiveComparison().isEqualTo(before.heatmap());
        assertThat(values(after).toArray()).containsExactly(values(before).toArray(), within(1e-6));
        assertThat(of("wait", "count", metric -> values(metric).sum())).isEqualTo(counted);
        assertThat(store.metrics().points("wait", Filter.ALL, 100_000))
                .filteredOn(point -> point.timeNanos() == T0 + 9 * SECOND)
                .singleElement()
                .satisfies(point -> {
                    assertThat(point.buckets()).isEqualTo("{\"bounds\":[10.0,100.0,1000.0],\"counts\":[10,20,39,0]}");
                    assertThat(point.count()).isEqualTo(69);
                    assertThat(point.startNanos()).isEqualTo(T0);
                });
    }

    private static void assertSame(List<Double> figures, List<Double> before) {
        for (int i = 0; i < before.size(); i++) {
            assertThat(figures.get(i)).as("figure %s", i).isCloseTo(before.get(i), within(1e-6 * before.get(i) + 1e-6));
        }
    }

    /** Increase of both counters, resets, greatest and least of the gauge, observations. */
    private List<Double> figures() {
        return List.of(
                of("requests", "increase", metric -> metric.totals().sum()),
                of("requests", "increase", metric -> metric.resets()),
                of("jobs", "increase", metric -> metric.totals().sum()),
                of("heap", "max", metric -> values(metric).max().orElse(0)),
                of("heap", "min", metric -> values(metric).min().orElse(-1)),
                of("took", "count", metric -> values(metric).sum()));
    }

    private double of(String name, String agg, ToDoubleFunction<Metric> figure) {
        return figure.applyAsDouble(metric(name, agg));
    }

    private Metric metric(String name, String agg) {
        Selection window = Selection.ALL.between(T0, T0 + SECONDS * SECOND);
        return Objects.requireNonNull(metrics.metric(name, window, List.of(), agg, 60 * SECOND));
    }

    private static DoubleStream values(Metric metric) {
        return Arrays.stream(metric.series().get(0).values())
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue);
    }

    private long points(String name) {
        return store.metrics().points(name, Filter.ALL, 100_000).size();
    }

    private interface Point {
        MetricPoint.Builder at(long second);
    }

    private void put(Point point) {
        List<MetricPoint> points = new ArrayList<>();
        for (long i = 0; i < SECONDS; i++) {
            points.add(point.at(i).build());
        }
        assertThat(store.intake().offer(points)).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }
}
