/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.Chance.Counts;
import io.tracebridge.dashboard.store.DurationSums;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader;
import io.tracebridge.dashboard.store.OperationReader.Calls;
import io.tracebridge.dashboard.store.OperationReader.Slice;
import io.tracebridge.dashboard.store.OperationReader.Span;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TimeGrid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All operations in two times, with what can be told to have changed between them. Thread-safe. */
final class OperationChanges {
    /** Of the changes told, at most this share is chance. */
    static final double FALSE_SHARE = 0.01;

    private static final int SLICES = 24;
    /** Buckets taken for one: limits are then at its edges, which costs a test nothing. */
    private static final int STEP = 4;

    private final Store store;
    private final OperationQuestions operations;

    OperationChanges(Store store, OperationQuestions operations) {
        this.store = store;
        this.operations = operations;
    }

    /** One operation in both times; a side is null when it was not called then, a chance when it cannot be told. */
    record Pair(
            OperationRef operation,
            @Nullable OperationFigures before,
            @Nullable OperationFigures now,
            @Nullable Double p50Chance,
            @Nullable Double p95Chance,
            @Nullable Double errorChance) {}

    /** All operations with the largest chance that is told, or -1. */
    record Pairs(List<Pair> all, double told) {
        boolean isTold(Pair pair) {
            return chances(pair).anyMatch(chance -> chance <= told);
        }
    }

    /** Both times must have both ends. */
    Pairs of(Selection before, Selection now) {
        Map<OperationRef, OperationFigures> olds = totals(before);
        Map<OperationRef, OperationFigures> news = totals(now);
        List<OperationRef> both =
                news.keySet().stream().filter(olds::containsKey).toList();
        Map<OperationRef, Sliced> slicedBefore = sliced(before, both);
        Map<OperationRef, Sliced> slicedNow = sliced(now, both);
        List<Pair> all = new ArrayList<>();
        for (OperationRef operation : both) {
            Sliced old = slicedBefore.get(operation);
            Sliced fresh = slicedNow.get(operation);
            OperationFigures figuresBefore = olds.get(operation);
            OperationFigures figuresNow = news.get(operation);
            // nothing of known weight in one of the times
            all.add(
                    old == null || fresh == null
                            ? new Pair(operation, figuresBefore, figuresNow, null, null, null)
                            : new Pair(
                                    operation,
                                    figuresBefore,
                                    figuresNow,
                                    durationChance(old, fresh, 0.5),
                                    durationChance(old, fresh, 0.95),
                                    Chance.of(old.failed(), fresh.failed(), Math.min(old.least, fresh.least))));
        }
        olds.forEach((operation, figures) -> {
            if (!news.containsKey(operation)) {
                all.add(new Pair(operation, figures, null, null, null, null));
            }
        });
        news.forEach((operation, figures) -> {
            if (!olds.containsKey(operation)) {
                all.add(new Pair(operation, null, figures, null, null, null));
            }
        });
        return new Pairs(
                all,
                Chance.told(
                        all.stream().flatMapToDouble(OperationChanges::chances).toArray(), FALSE_SHARE));
    }

    private static DoubleStream chances(Pair pair) {
        return Stream.of(pair.p50Chance, pair.p95Chance, pair.errorChance)
                .filter(Objects::nonNull)
                .mapToDouble(Double::doubleValue);
    }

    /** Figures as the list of operations has them: exact percentiles where there are few calls. */
    Map<OperationRef, OperationFigures> ranked(Selection bounded, Collection<OperationFigures> figures) {
        List<OperationFigures> some = List.copyOf(figures);
        if (some.isEmpty()) {
            return Map.of();
        }
        Map<OperationRef, DurationSums> durations = store.operations()
                .durations(
                        bounded,
                        false,
                        some.stream().map(OperationFigures::operation).toList());
        Map<OperationRef, Durations> exact = operations.exact(bounded, some);
        Map<OperationRef, OperationFigures> ranked = new HashMap<>();
        for (OperationFigures one : some) {
            Durations few = exact.get(one.operation());
            OperationFigures rough = one.ranked(durations.get(one.operation()));
            ranked.put(
                    one.operation(),
                    few == null
                            ? rough
                            : rough.withPercentiles(few.percentile(0.5), few.percentile(0.95), few.percentile(0.99)));
        }
        return ranked;
    }

    private Map<OperationRef, OperationFigures> totals(Selection selection) {
        Map<OperationRef, OperationFigures> totals = new HashMap<>();
        store.operations().totals(selection, false, null).forEach(one -> totals.put(one.operation(), one));
        return totals;
    }

    /** Calls, failures and durations of one operation by slice of time. */
    private static final class Sliced {
        private final double[] calls;
        private final double[] errors;
        private final @Nullable DurationSums[] durations;
        private final DurationSums together = new DurationSums();
        private double least = Double.MAX_VALUE;

        private Sliced(int slices) {
            calls = new double[slices];
            errors = new double[slices];
            durations = new @Nullable DurationSums[slices];
        }

        private Counts failed() {
            return new Counts(errors, calls);
        }

        private Counts longer(IntPredicate isLonger) {
            double[] hits = new double[durations.length];
            double[] all = new double[durations.length];
            for (int i = 0; i < hits.length; i++) {
                DurationSums slice = durations[i];
                if (slice != null) {
                    int at = i;
                    all[at] = slice.total();
                    slice.forEach((bucket, weight) -> hits[at] += isLonger.test(bucket) ? weight : 0);
                }
            }
            return new Counts(hits, all);
        }
    }

    private Map<OperationRef, Sliced> sliced(Selection selection, List<OperationRef> some) {
        if (some.isEmpty()) {
            return Map.of();
        }
        OperationReader reader = store.operations();
        // slices of the time that has calls: ten seconds of them in an hour are no moment, they are all there is
        Span extent = reader.extent(selection);
        TimeGrid grid =
                TimeGrid.of(selection.between(extent.fromMicros() * 1_000, (extent.toMicros() + 1) * 1_000), SLICES);
        Map<OperationRef, Sliced> all = new HashMap<>();
        for (Calls calls : reader.calls(selection, grid)) {
            Sliced one = all.computeIfAbsent(calls.operation(), unused -> new Sliced(grid.slices()));
            int at = OperationQuestions.at(calls.slice(), grid.slices());
            one.calls[at] += calls.count();
            one.errors[at] += calls.errors();
            one.least = Math.min(one.least, calls.least());
        }
        for (Slice slice : reader.slices(selection, some, grid, STEP)) {
            Sliced one = all.get(slice.operation());
            if (one != null) {
                one.durations[OperationQuestions.at(slice.slice(), grid.slices())] = slice.durations();
                slice.durations().forEach(one.together::add);
            }
        }
        return all;
    }

    /**
     * How likely chance alone makes so many more, or fewer, of the calls of one time longer than the percentile of both together: the median test, for any
     * percentile.
     */
    private static @Nullable Double durationChance(Sliced before, Sliced now, double q) {
        DurationSums pooled = new DurationSums();
        before.together.forEach(pooled::add);
        now.together.forEach(pooled::add);
        Limit limit = new Limit((1 - q) * pooled.total());
        pooled.forEach(limit::visit);
        int from = limit.bucket(pooled.total());
        return Chance.of(
                before.longer(bucket -> bucket >= from),
                now.longer(bucket -> bucket >= from),
                Math.min(before.least, now.least));
    }

    /** Finds the bucket from which on there is as near as possible to a wanted weight. */
    private static final class Limit {
        private final double wanted;
        private final List<Integer> buckets = new ArrayList<>();
        private final List<Double> below = new ArrayList<>();
        private double sum;

        private Limit(double wanted) {
            this.wanted = wanted;
        }

        private void visit(int bucket, double weight) {
            buckets.add(bucket);
            below.add(sum);
            sum += weight;
        }

        private int bucket(double total) {
            int best = 0;
            for (int i = 1; i < buckets.size(); i++) {
                if (Math.abs(total - below.get(i) - wanted) <= Math.abs(total - below.get(best) - wanted)) {
                    best = i;
                }
            }
            return buckets.isEmpty() ? 0 : buckets.get(best);
        }
    }
}
