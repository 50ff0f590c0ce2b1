/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.MetricChart.Shown;
import io.tracebridge.dashboard.query.MetricQuestions.Exemplar;
import io.tracebridge.dashboard.query.MetricQuestions.Heatmap;
import io.tracebridge.dashboard.query.MetricQuestions.Metric;
import io.tracebridge.dashboard.query.MetricQuestions.Series;
import io.tracebridge.dashboard.query.MetricStream.Step;
import io.tracebridge.dashboard.query.MetricStream.Steps;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.MetricReader.Info;
import io.tracebridge.dashboard.store.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Points of one metric sorted into the lines of its chart, and into their total. For one thread. */
final class MetricLines {
    private static final String OTHER = "__other__";
    private static final int MAX_EXEMPLARS = 100;

    private final Info info;
    private final Selection window;
    private final List<String> groupBy;
    private final long from;
    private final long step;
    private final int slots;
    private final MetricChart total;
    private final Map<Map<String, String>, MetricChart> charts = new LinkedHashMap<>();
    private final Set<String> keys = new LinkedHashSet<>();
    private final List<Exemplar> exemplars = new ArrayList<>();
    private boolean overflow;
    private int resets;

    MetricLines(Info info, Selection window, List<String> groupBy, long step) {
        this.info = info;
        this.window = window;
        this.groupBy = groupBy;
        this.step = step;
        from = Math.floorDiv(window.fromNanos(), step) * step;
        slots = (int) Math.min(MetricQuestions.MAX_SLOTS + 2, Math.floorDiv(window.toNanos() - 1 - from, step) + 1);
        total = new MetricChart(from, step, slots);
    }

    void fill(List<MetricPoint> points, boolean raw) {
        List<List<MetricPoint>> series = split(points);
        int scale = series.stream()
                .flatMap(List::stream)
                .filter(point -> point.type().equals("exponential"))
                .mapToInt(MetricBuckets::scale)
                .min()
                .orElse(0);
        for (List<MetricPoint> one : series) {
            fillSeries(one, scale, raw);
        }
    }

    private static List<List<MetricPoint>> split(List<MetricPoint> points) {
        List<List<MetricPoint>> series = new ArrayList<>();
        MetricPoint last = null;
        for (MetricPoint point : points) {
            boolean same = last != null
                    && last.service().equals(point.service())
                    && last.attributes().equals(point.attributes())
                    && Objects.equals(last.runId(), point.runId());
            if (!same) {
                series.add(new ArrayList<>());
            }
            series.get(series.size() - 1).add(point);
            last = point;
        }
        return series;
    }

    private void fillSeries(List<MetricPoint> points, int scale, boolean raw) {
        MetricPoint first = points.get(0);
        JsonNode attributes = Attributes.tree(first.attributes());
        attributes.fieldNames().forEachRemaining(keys::add);
        MetricChart chart = chart(first, attributes);
        String type = MetricQuestions.type(first.type());
        if (type.equals("gauge") || type.equals("updown") || raw) {
            for (MetricPoint point : points) {
                chart.value(point);
                total.value(point);
            }
        } else {
            Steps steps = MetricStream.of(points, scale);
            resets += steps.resets();
            for (Step one : steps.steps()) {
                if (type.equals("histogram")) {
                    chart.observations(one);
                    total.observations(one);
                } else {
                    chart.increase(one);
                    total.increase(one);
                }
            }
        }
        points.forEach(this::exemplars);
    }

    private MetricChart chart(MetricPoint point, JsonNode attributes) {
        Map<String, String> group = new LinkedHashMap<>();
        for (String key : groupBy) {
            group.put(
                    key,
                    key.equals("service")
                            ? point.service()
                            : attributes.path(key).asText(""));
        }
        if (!charts.containsKey(group) && charts.size() >= MetricQuestions.MAX_SERIES) {
            overflow = true;
            group.replaceAll((key, value) -> OTHER);
        }
        return charts.computeIfAbsent(group, unused -> new MetricChart(from, step, slots));
    }

    private void exemplars(MetricPoint point) {
        if (point.exemplars() == null || point.timeNanos() < window.fromNanos()) {
            return;
        }
        for (JsonNode exemplar : Attributes.tree(point.exemplars())) {
            String trace = exemplar.path("traceId").asText("");
            if (!trace.isEmpty() && exemplars.size() < MAX_EXEMPLARS) {
                exemplars.add(new Exemplar(
                        Units.at(exemplar.path("t").asLong(point.timeNanos())),
                        exemplar.path("value").asDouble(0),
                        trace,
                        EventJson.text(exemplar, "spanId")));
            }
        }
    }

    MetricChart total() {
        return total;
    }

    List<String> keys() {
        return List.copyOf(keys);
    }

    Metric metric(String type, String agg) {
        List<Series> series = new ArrayList<>();
        charts.forEach((group, chart) -> series.addAll(series(group, chart, agg)));
        double[] at = new double[slots];
        for (int i = 0; i < slots; i++) {
            at[i] = Units.at(from + i * step);
        }
        List<String> groups = new ArrayList<>(keys);
        groups.add("service");
        return new Metric(
                info.name(),
                type,
                info.unit(),
                info.description(),
                agg,
                Units.at(from),
                step / 1e6,
                step / 1_000_000,
                at,
                series,
                heatmap(),
                total.totals(),
                resets,
                exemplars,
                groups,
                overflow);
    }

    private List<Series> series(Map<String, String> group, MetricChart chart, String agg) {
        String label = group.isEmpty() ? "all" : String.join(" · ", group.values());
        if (agg.equals("percentiles")) {
            return List.of(
                    series(label, group, "p50", chart.shown(Shown.P50)),
                    series(label, group, "p95", chart.shown(Shown.P95)),
                    series(label, group, "p99", chart.shown(Shown.P99)));
        }
        Shown shown = switch (agg) {
            case "increase", "sum" -> Shown.INCREASE;
            case "total", "last" -> Shown.LAST;
            case "min" -> Shown.MIN;
            case "max" -> Shown.MAX;
            case "count" -> Shown.COUNT;
            case "avg" -> Shown.AVERAGE;
            default -> MetricQuestions.type(info.type()).equals("histogram") ? Shown.COUNT_RATE : Shown.RATE;
        };
        return List.of(series(label, group, null, chart.shown(shown)));
    }

    private static Series series(
            String label, Map<String, String> group, @Nullable String name, @Nullable Double[] values) {
        Double latest = null;
        for (Double value : values) {
            latest = value == null ? latest : value;
        }
        return new Series(label, group, name, values, latest);
    }

    private @Nullable Heatmap heatmap() {
        MetricBuckets all = total.all();
        if (all == null || all.bounds().length == 0) {
            return null;
        }
        double[][] counts = new double[slots][];
        double max = 0;
        for (int i = 0; i < slots; i++) {
            counts[i] = total.row(i, all);
            for (double count : counts[i]) {
                max = Math.max(max, count);
            }
        }
        return new Heatmap(all.bounds(), counts, max);
    }
}
