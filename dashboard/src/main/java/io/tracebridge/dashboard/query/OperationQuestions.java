/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.DurationBucket;
import io.tracebridge.dashboard.store.DurationSums;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationReader.Sample;
import io.tracebridge.dashboard.store.OperationReader.Slice;
import io.tracebridge.dashboard.store.OperationReader.Span;
import io.tracebridge.dashboard.store.OperationReader.Wait;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TimeGrid;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All operations with how often, how long, how much of the time that somebody waited.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class OperationQuestions {
    static final int FEW = 20;
    private static final int TREND = 24;
    private static final int SPREAD = 10;

    private final Store store;
    private final Thresholds thresholds;

    OperationQuestions(Store store, Thresholds thresholds) {
        this.store = store;
        this.thresholds = thresholds;
    }

    /** What the list is ordered by. */
    public enum Sort {
        SHARE,
        P95,
        P50,
        P99,
        MAX,
        COUNT,
        ERRORS,
        TOTAL
    }

    /** One operation. */
    public record OperationItem(
            String key,
            String name,
            String kind,
            String service,
            double count,
            double perMinute,
            double p50Ms,
            double p95Ms,
            double p99Ms,
            double maxMs,
            double averageMs,
            double errors,
            double errorShare,
            double totalMs,
            double selfMs,
            double share,
            double criticalMs,
            long samples,
            boolean exact,
            boolean few,
            Estimate estimate,
            @Nullable Double[] trend,
            double[] spread,
            long slowThresholdMs) {}

    /** Names past the limit. */
    public record Overflow(long operations, String text) {}

    /** One page. */
    public record OperationPage(
            List<OperationItem> items,
            @Nullable String next,
            Window window,
            double totalWaitMs,
            @Nullable Overflow overflow) {}

    /**
     * One page.
     * @param kind exact, or null
     * @param onlyTop only operations that nothing called
     */
    public OperationPage list(
            Selection selection,
            @Nullable String kind,
            boolean onlyTop,
            Sort sort,
            boolean ascending,
            int limit,
            long offset) {
        // an end that was not asked for would cut the last window of what is summed up
        Selection bounded = bounded(selection);
        OperationReader reader = store.operations();
        Wait wait = reader.waited(selection);
        List<OperationFigures> all = new ArrayList<>(reader.totals(selection, onlyTop, null));
        all.removeIf(one -> kind != null && !one.operation().kind().equals(kind));
        // durations cost most: of all operations only where the order needs them
        Map<OperationRef, DurationSums> durations = new HashMap<>();
        if (sort == Sort.P50 || sort == Sort.P95 || sort == Sort.P99) {
            durations.putAll(reader.durations(selection, onlyTop, kind == null ? null : operations(all)));
            all.replaceAll(one -> one.ranked(durations.get(one.operation())));
        }
        Comparator<OperationFigures> order = order(sort);
        all.sort((ascending ? order : order.reversed())
                .thenComparing(one -> one.operation().key()));
        List<OperationFigures> page = all.stream().skip(offset).limit(limit).toList();
        if (durations.isEmpty() && !page.isEmpty()) {
            durations.putAll(reader.durations(selection, onlyTop, operations(page)));
        }
        return new OperationPage(
                items(bounded, page, durations, wait, onlyTop),
                offset + limit < all.size() ? Cursor.of(offset + limit) : null,
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())),
                Units.millis(wait.micros()),
                overflow());
    }

    /** The selection with both ends, of what matches where it has none. */
    Selection bounded(Selection selection) {
        if (selection.fromNanos() != Long.MIN_VALUE && selection.toNanos() != Long.MAX_VALUE) {
            return selection;
        }
        Span extent = store.operations().extent(selection);
        return Window.bounded(selection, extent.fromMicros() * 1_000, extent.toMicros() * 1_000);
    }

    private static Comparator<OperationFigures> order(Sort sort) {
        return switch (sort) {
            case SHARE ->
                Comparator.comparingDouble(OperationFigures::critical).thenComparingDouble(OperationFigures::total);
            case P95 -> Comparator.comparingLong(OperationFigures::p95);
            case P50 -> Comparator.comparingLong(OperationFigures::p50);
            case P99 -> Comparator.comparingLong(OperationFigures::p99);
            case MAX -> Comparator.comparingLong(OperationFigures::max);
            case COUNT -> Comparator.comparingDouble(OperationFigures::count);
            case ERRORS -> Comparator.comparingDouble(one -> one.errors() / Math.max(1e-9, one.count()));
            case TOTAL -> Comparator.comparingDouble(OperationFigures::total);
        };
    }

    private static List<OperationRef> operations(List<OperationFigures> figures) {
        return figures.stream().map(OperationFigures::operation).toList();
    }

    /** One operation as a row of the list. */
    OperationItem item(Selection bounded, OperationFigures totals) {
        return items(
                        bounded,
                        List.of(totals),
                        store.operations().durations(bounded, false, List.of(totals.operation())),
                        store.operations().waited(bounded),
                        false)
                .get(0);
    }

    /** Figures with exact percentiles where there are few samples, trend and spread. */
    private List<OperationItem> items(
            Selection bounded,
            List<OperationFigures> page,
            Map<OperationRef, DurationSums> durations,
            Wait wait,
            boolean onlyTop) {
        if (page.isEmpty()) {
            return List.of();
        }
        OperationReader reader = store.operations();
        Map<OperationRef, Durations> exact = onlyTop ? Map.of() : exact(bounded, page);
        TimeGrid grid = TimeGrid.of(bounded, TREND);
        Map<OperationRef, @Nullable Double[]> trends = new HashMap<>();
        for (Slice slice : reader.slices(bounded, operations(page), grid, 4)) {
            trends.computeIfAbsent(slice.operation(), unused -> new @Nullable Double[grid.slices()])[
                            at(slice.slice(), grid.slices())] =
                    Units.millis(slice.durations().percentile(0.95));
        }
        double minutes = Math.max(1, (bounded.toNanos() - bounded.fromNanos()) / 60e9);
        return page.stream()
                .map(one -> item(
                        one.ranked(durations.get(one.operation())),
                        exact.get(one.operation()),
                        wait,
                        minutes,
                        trends.getOrDefault(one.operation(), new @Nullable Double[grid.slices()]),
                        spread(durations.get(one.operation()))))
                .toList();
    }

    /** Durations one by one, of those that have few enough of them. */
    Map<OperationRef, Durations> exact(Selection bounded, List<OperationFigures> page) {
        List<OperationRef> small = page.stream()
                .filter(one -> one.seen() <= Durations.EXACT)
                .map(OperationFigures::operation)
                .toList();
        Map<OperationRef, Durations> exact = new HashMap<>();
        if (!small.isEmpty()) {
            for (Sample sample : store.operations().samples(bounded, small, small.size() * Durations.EXACT)) {
                exact.computeIfAbsent(sample.operation(), unused -> new Durations())
                        .add(sample.micros(), sample.weight());
            }
        }
        return exact;
    }

    private OperationItem item(
            OperationFigures one,
            @Nullable Durations exact,
            Wait wait,
            double minutes,
            @Nullable Double[] trend,
            double[] spread) {
        OperationRef operation = one.operation();
        long samples = one.seen() - one.unknown();
        return new OperationItem(
                operation.key(),
                operation.name(),
                operation.kind(),
                operation.service(),
                Units.round(one.count()),
                Units.round(one.count() / minutes),
                Units.millis(exact == null ? one.p50() : exact.percentile(0.5)),
                Units.millis(exact == null ? one.p95() : exact.percentile(0.95)),
                Units.millis(exact == null ? one.p99() : exact.percentile(0.99)),
                Units.millis(one.max()),
                Units.millis(one.count() > 0 ? one.total() / one.count() : 0),
                Units.round(one.errors()),
                Units.share(one.errors(), one.count()),
                Units.millis(one.total()),
                Units.millis(one.self()),
                Units.share(one.critical(), wait.micros()),
                Units.millis(one.critical()),
                samples,
                exact != null,
                samples < FEW,
                Estimate.of(one.seen(), one.count(), one.unknown(), one.weighted()),
                trend,
                spread,
                thresholds.slowMillis(operation.kind()));
    }

    private @Nullable Overflow overflow() {
        long overflowed = store.operations().overflowed();
        return overflowed == 0
                ? null
                : new Overflow(
                        overflowed,
                        Units.count(overflowed) + " spans of operations past the limit of "
                                + Units.count(store.operations().limit()) + " are counted in __other__");
    }

    static int at(int slice, int slices) {
        return Math.min(slices - 1, Math.max(0, slice));
    }

    private static double[] spread(@Nullable DurationSums durations) {
        double[] spread = new double[SPREAD];
        if (durations != null) {
            durations.forEach((bucket, weight) -> spread[step(DurationBucket.micros(bucket))] += weight);
        }
        return spread;
    }

    /** Under 1 ms, then two to a decade, the last from 10 s. */
    private static int step(long micros) {
        return micros < 1_000 ? 0 : Math.min(SPREAD - 1, 1 + (int) Math.floor(Math.log10(micros / 1_000.0) * 2));
    }
}
