/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.MetricChart.Shown;
import io.tracebridge.dashboard.query.MetricStream.Step;
import io.tracebridge.dashboard.query.MetricStream.Steps;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.MetricReader.Info;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Metrics over time: one second for windows up to ten minutes, ten seconds up to three hours, a minute above.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class MetricQuestions {
    /** Shown first. */
    private static final List<String> FEATURED =
            List.of("scene_generation_duration", "ai_token_usage", "tool_executions");

    private static final long SECOND = 1_000_000_000L;
    private static final long DEFAULT_WINDOW = 600 * SECOND;
    /** How far back the value before the window is looked for. */
    private static final long LOOK_BACK = 300 * SECOND;

    private static final int MAX_POINTS = 200_000;
    private static final int MAX_SLOTS = 2_000;
    private static final int MAX_SERIES = 20;
    private static final int SPARK = 60;
    private static final String OTHER = "__other__";

    private final Store store;

    MetricQuestions(Store store) {
        this.store = store;
    }

    /** The latest figure. */
    public record Last(@Nullable Double value, String label, double at) {}

    /** One card. */
    public record MetricItem(
            String name,
            String type,
            @Nullable String unit,
            @Nullable String description,
            String source,
            boolean featured,
            List<String> services,
            long series,
            boolean seriesOverflow,
            List<String> attributeKeys,
            Last last,
            @Nullable Double[] spark) {}

    /** One page of cards. */
    public record MetricPage(
            List<MetricItem> items, @Nullable String next) {}

    /** Cards by name, featured ones first. */
    public MetricPage list(Selection selection, @Nullable String prefix, int limit, long offset) {
        List<Info> all = new ArrayList<>(store.metrics().metrics(selection, 2_000));
        all.removeIf(info -> prefix != null && !info.name().startsWith(prefix));
        all.sort(Comparator.comparingInt((Info info) -> rank(info.name())).thenComparing(Info::name));
        List<MetricItem> items = all.stream()
                .skip(offset)
                .limit(limit)
                .map(info -> item(info, selection))
                .toList();
        return new MetricPage(items, offset + limit < all.size() ? Cursor.of(offset + limit) : null);
    }

    private static int rank(String name) {
        int index = FEATURED.indexOf(name.replace('.', '_'));
        return index < 0 ? FEATURED.size() : index;
    }

    private MetricItem item(Info info, Selection selection) {
        Selection window = window(selection, info);
        Lines lines = lines(info, window, List.of(), (window.toNanos() - window.fromNanos()) / SPARK, null);
        MetricChart chart = lines.total;
        boolean histogram = type(info.type()).equals("histogram");
        Shown shown = histogram ? Shown.P95 : info.type().equals("counter") ? Shown.RATE : Shown.LAST;
        @Nullable Double[] spark = chart.shown(shown);
        Double last = null;
        for (Double value : spark) {
            last = value == null ? last : value;
        }
        String label = histogram ? "P95" : info.type().equals("counter") ? "per second" : "last";
        return new MetricItem(
                info.name(),
                type(info.type()),
                info.unit(),
                info.description(),
                (info.sources() & Source.OTLP) != 0 ? "otlp" : "sentry",
                rank(info.name()) < FEATURED.size(),
                info.services().lines().filter(line -> !line.isEmpty()).toList(),
                info.series(),
                info.series() > MAX_SERIES,
                lines.keys(),
                new Last(last, label, Units.at(info.lastNanos())),
                spark);
    }

    private static String type(String stored) {
        return switch (stored) {
            case "counter", "gauge" -> stored;
            case "sum" -> "updown";
            default -> "histogram";
        };
    }

    private static Selection window(Selection selection, Info info) {
        long to = selection.toNanos() == Long.MAX_VALUE ? info.lastNanos() + 1 : selection.toNanos();
        long from = selection.fromNanos() == Long.MIN_VALUE ? to - DEFAULT_WINDOW : selection.fromNanos();
        return selection.between(from, Math.max(to, from + SECOND));
    }

    /** One line of a chart; {@code name} is a percentile's, else null. */
    public record Series(
            String label,
            Map<String, String> attributes,
            @Nullable String name,
            @Nullable Double[] values,
            @Nullable Double latest) {}

    /** Observations by bucket (inner) and time (outer). */
    public record Heatmap(double[] bounds, double[][] counts, double max) {}

    /** A measured value with the trace it came from. */
    public record Exemplar(
            double at,
            double value,
            String traceId,
            @Nullable String spanId) {}

    /** The whole. */
    public record Metric(
            String name,
            String type,
            @Nullable String unit,
            @Nullable String description,
            String agg,
            double fromAt,
            double stepMs,
            long resolutionMs,
            double[] at,
            List<Series> series,
            @Nullable Heatmap heatmap,
            MetricChart.Totals totals,
            int resets,
            List<Exemplar> exemplars,
            List<String> groups,
            boolean overflow) {}

    /**
     * One metric over time, or null when nothing of it is stored.
     * @param groupBy attribute keys or {@code service}; empty puts all series together
     * @param agg see the API's contract; null for the default of the type
     * @param stepNanos null for the default of the window
     */
    public @Nullable Metric metric(
            String name, Selection selection, List<String> groupBy, @Nullable String agg, @Nullable Long stepNanos) {
        // the text of the filter is for lists; a metric is asked for by its whole name
        Selection own = new Selection(
                selection.services(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                null,
                selection.attributes());
        Info info = store.metrics().metrics(withText(Selection.ALL, name), 2_000).stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElse(null);
        if (info == null) {
            return null;
        }
        String type = type(info.type());
        String chosen = agg == null ? aggregations(type).get(0) : agg;
        if (!aggregations(type).contains(chosen)) {
            throw new IllegalArgumentException("agg of a " + type + " must be one of " + aggregations(type));
        }
        Selection window = window(own, info);
        long step = step(window, stepNanos);
        Lines lines = lines(info, window, groupBy, step, chosen);
        return lines.metric(type, chosen);
    }

    private static Selection withText(Selection selection, String text) {
        return new Selection(
                selection.services(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                text,
                selection.attributes());
    }

    private static List<String> aggregations(String type) {
        return switch (type) {
            case "counter" -> List.of("rate", "increase", "total");
            case "histogram" -> List.of("percentiles", "count", "sum", "avg", "rate");
            default -> List.of("avg", "last", "min", "max");
        };
    }

    private static long step(Selection window, @Nullable Long asked) {
        long length = window.toNanos() - window.fromNanos();
        long fine = length <= DEFAULT_WINDOW ? SECOND : length <= 3 * 3_600 * SECOND ? 10 * SECOND : 60 * SECOND;
        long step = asked == null ? fine : Math.max(SECOND, asked);
        long least = (length / MAX_SLOTS + SECOND) / SECOND * SECOND;
        return Math.max(step, length / step > MAX_SLOTS ? least : step);
    }

    private Lines lines(Info info, Selection window, List<String> groupBy, long step, @Nullable String agg) {
        Lines lines = new Lines(info, window, groupBy, Math.max(1, step));
        Selection wider = window.between(window.fromNanos() - LOOK_BACK, window.toNanos());
        lines.fill(store.metrics().series(info.name(), wider, MAX_POINTS), "total".equals(agg));
        return lines;
    }

    /** Points sorted into the lines of one chart. */
    private static final class Lines {
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

        Lines(Info info, Selection window, List<String> groupBy, long step) {
            this.info = info;
            this.window = window;
            this.groupBy = groupBy;
            this.step = step;
            from = Math.floorDiv(window.fromNanos(), step) * step;
            slots = (int) Math.min(MAX_SLOTS + 2, Math.floorDiv(window.toNanos() - 1 - from, step) + 1);
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
            String type = type(first.type());
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
            if (!charts.containsKey(group) && charts.size() >= MAX_SERIES) {
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
                if (!trace.isEmpty() && exemplars.size() < 100) {
                    exemplars.add(new Exemplar(
                            Units.at(exemplar.path("t").asLong(point.timeNanos())),
                            exemplar.path("value").asDouble(0),
                            trace,
                            EventJson.text(exemplar, "spanId")));
                }
            }
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
                default -> type(info.type()).equals("histogram") ? Shown.COUNT_RATE : Shown.RATE;
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
}
