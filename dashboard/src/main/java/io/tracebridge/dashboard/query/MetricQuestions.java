/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.MetricChart.Shown;
import io.tracebridge.dashboard.store.MetricReader.Info;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
    static final int MAX_SLOTS = 2_000;
    static final int MAX_SERIES = 20;
    private static final int SPARK = 60;

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
        MetricLines lines = lines(info, window, List.of(), (window.toNanos() - window.fromNanos()) / SPARK, null);
        MetricChart chart = lines.total();
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

    static String type(String stored) {
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
            throw new IllegalArgumentException("for a " + type + " one of " + String.join(", ", aggregations(type)));
        }
        Selection window = window(own, info);
        long step = step(window, stepNanos);
        MetricLines lines = lines(info, window, groupBy, step, chosen);
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

    private MetricLines lines(Info info, Selection window, List<String> groupBy, long step, @Nullable String agg) {
        MetricLines lines = new MetricLines(info, window, groupBy, Math.max(1, step));
        Selection wider = window.between(window.fromNanos() - LOOK_BACK, window.toNanos());
        lines.fill(store.metrics().series(info.name(), wider, MAX_POINTS), "total".equals(agg));
        return lines;
    }
}
