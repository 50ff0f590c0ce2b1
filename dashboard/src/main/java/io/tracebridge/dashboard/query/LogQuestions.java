/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.LogQuery;
import io.tracebridge.dashboard.store.LogReader.Line;
import io.tracebridge.dashboard.store.LogReader.Slice;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log lines, their levels over time and their most frequent values.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class LogQuestions {
    private static final int SLICES = 60;
    private static final int FACET_VALUES = 10;
    private static final List<String> LEVELS = List.of("fatal", "error", "warn", "info", "debug", "trace");

    private final Store store;

    LogQuestions(Store store) {
        this.store = store;
    }

    /** One line. */
    public record LogItem(
            String id,
            double at,
            String level,
            String message,
            @Nullable String logger,
            @Nullable String thread,
            String service,
            @Nullable String environment,
            @Nullable String run,
            @Nullable String traceId,
            @Nullable String spanId,
            Map<String, String> attributes,
            @Nullable String eventName) {}

    /** The most frequent values of one key. */
    public record FacetItem(String key, List<FacetValue> values) {}

    /** A value and how often it occurs. */
    public record FacetValue(String value, long count) {}

    /** Lines by level over time. */
    public record LevelHistogram(double fromAt, double stepMs, Map<String, long[]> levels) {}

    /** One page; facets and histogram only when asked for. */
    public record LogPage(
            List<LogItem> items,
            @Nullable String next,
            Window window,
            @Nullable List<FacetItem> facets,
            @Nullable LevelHistogram histogram) {}

    /** A page, newest first. */
    public LogPage list(LogQuery query, int limit, boolean facets) {
        List<Line> found = store.logs().lines(query, limit + 1);
        List<Line> page = found.subList(0, Math.min(limit, found.size()));
        Line last = page.isEmpty() ? null : page.get(page.size() - 1);
        long[] extent = store.logs().extent(query);
        Selection bounded = Window.bounded(query.selection(), extent[0], extent[1]);
        return new LogPage(
                items(page),
                found.size() > limit && last != null ? Cursor.of(last.log().timeNanos(), last.row()) : null,
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())),
                facets ? facets(query) : null,
                facets ? histogram(within(query, bounded)) : null);
    }

    private static LogQuery within(LogQuery query, Selection selection) {
        return new LogQuery(
                selection,
                query.minSeverity(),
                query.logger(),
                query.traceId(),
                query.spanId(),
                query.thread(),
                Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    private List<FacetItem> facets(LogQuery query) {
        List<FacetItem> facets = new ArrayList<>();
        for (String column : List.of("level", "logger", "thread", "service")) {
            facets.add(new FacetItem(
                    column,
                    store.logs().facet(query, column, FACET_VALUES).stream()
                            .map(facet -> new FacetValue(facet.value(), facet.count()))
                            .toList()));
        }
        return facets;
    }

    private LevelHistogram histogram(LogQuery query) {
        Selection selection = query.selection();
        Map<String, long[]> levels = new LinkedHashMap<>();
        LEVELS.forEach(level -> levels.put(level, new long[SLICES]));
        for (Slice slice : store.logs().slices(query, SLICES)) {
            long[] counts = levels.get(slice.level());
            if (counts != null) {
                counts[Math.min(SLICES - 1, Math.max(0, slice.slice()))] += slice.count();
            }
        }
        double step = (selection.toNanos() - selection.fromNanos()) / 1e6 / SLICES;
        return new LevelHistogram(Units.at(selection.fromNanos()), step, levels);
    }

    static List<LogItem> items(List<Line> lines) {
        return lines.stream().map(LogQuestions::item).toList();
    }

    private static LogItem item(Line line) {
        LogRecord log = line.log();
        return new LogItem(
                Long.toString(line.row()),
                Units.at(log.timeNanos()),
                log.level(),
                log.body(),
                log.logger(),
                log.thread(),
                log.service(),
                log.environment(),
                log.runId(),
                log.traceId(),
                log.spanId(),
                TraceDetails.texts(Attributes.tree(log.attributes())),
                log.eventName());
    }
}
