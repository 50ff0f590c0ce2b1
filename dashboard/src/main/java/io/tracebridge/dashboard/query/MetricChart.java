/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.MetricStream.Step;
import io.tracebridge.dashboard.store.MetricPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of a chart as it is being filled: slots of equal length, empty where nothing was received. Not thread-safe.
 * @since 0.1
 */
public final class MetricChart {
    private final long fromNanos;
    private final long stepNanos;
    private final int slots;
    private final double[] sums;
    private final double[] counts;
    private final boolean[] filled;
    private final double[] mins;
    private final double[] maxs;
    private final double[] lasts;
    private final long[] lastAt;
    private final @Nullable MetricBuckets[] buckets;
    private final Map<Integer, List<Double>> values = new HashMap<>();

    MetricChart(long fromNanos, long stepNanos, int slots) {
        this.fromNanos = fromNanos;
        this.stepNanos = stepNanos;
        this.slots = slots;
        sums = new double[slots];
        counts = new double[slots];
        filled = new boolean[slots];
        mins = new double[slots];
        maxs = new double[slots];
        lasts = new double[slots];
        lastAt = new long[slots];
        buckets = new MetricBuckets[slots];
        Arrays.fill(mins, Double.POSITIVE_INFINITY);
        Arrays.fill(maxs, Double.NEGATIVE_INFINITY);
    }

    private int slot(long nanos) {
        return (int) Math.floorDiv(nanos - fromNanos, stepNanos);
    }

    /** An increase, spread evenly over the time it took: a sender that reports each minute has no peaks of a second. */
    void increase(Step step) {
        long begin = Math.max(step.fromNanos(), fromNanos);
        long length = Math.max(1, step.toNanos() - step.fromNanos());
        if (step.toNanos() <= step.fromNanos()) {
            add(slot(step.toNanos()), step.value(), step.count());
            return;
        }
        // the end belongs to the step, its beginning to the one before
        for (int i = slot(begin); i <= Math.min(slots - 1, slot(step.toNanos() - 1)); i++) {
            long low = Math.max(begin, fromNanos + i * stepNanos);
            long high = Math.min(step.toNanos(), fromNanos + (i + 1) * stepNanos);
            double part = (double) Math.max(0, high - low) / length;
            add(i, step.value() * part, step.count() * part);
        }
    }

    private void add(int slot, double value, double count) {
        if (slot >= 0 && slot < slots) {
            sums[slot] += value;
            counts[slot] += count;
            filled[slot] = true;
        }
    }

    /** A value at an instant; not a number is a gap. */
    void value(MetricPoint point) {
        int slot = slot(point.timeNanos());
        double value = point.value();
        if (slot < 0 || slot >= slots || !Double.isFinite(value)) {
            return;
        }
        add(slot, value, 1);
        mins[slot] = Math.min(mins[slot], value);
        maxs[slot] = Math.max(maxs[slot], value);
        if (point.timeNanos() >= lastAt[slot]) {
            lastAt[slot] = point.timeNanos();
            lasts[slot] = value;
        }
    }

    /** Observations that arrived at the end of a step. */
    void observations(Step step) {
        int slot = slot(step.toNanos());
        if (slot < 0 || slot >= slots) {
            return;
        }
        add(slot, step.value(), step.count());
        MetricPoint point = step.point();
        if (point.min() != null) {
            mins[slot] = Math.min(mins[slot], point.min());
        }
        if (point.max() != null) {
            maxs[slot] = Math.max(maxs[slot], point.max());
        }
        if (point.type().equals("distribution") && Double.isFinite(point.value())) {
            values.computeIfAbsent(slot, unused -> new ArrayList<>()).add(point.value());
            mins[slot] = Math.min(mins[slot], point.value());
            maxs[slot] = Math.max(maxs[slot], point.value());
        }
        MetricBuckets added = step.buckets();
        MetricBuckets known = buckets[slot];
        if (added != null) {
            buckets[slot] = known == null ? added : known.plus(added);
        }
    }

    /** What a slot shows. */
    enum Shown {
        INCREASE,
        RATE,
        AVERAGE,
        LAST,
        MIN,
        MAX,
        COUNT,
        COUNT_RATE,
        P50,
        P95,
        P99
    }

    @Nullable
    Double[] shown(Shown what) {
        @Nullable Double[] result = new @Nullable Double[slots];
        for (int i = 0; i < slots; i++) {
            Double value = filled[i] ? shown(what, i) : null;
            result[i] = value == null || !Double.isFinite(value) ? null : (Double) Units.round(value);
        }
        return result;
    }

    private @Nullable Double shown(Shown what, int i) {
        double seconds = stepNanos / 1e9;
        return switch (what) {
            case INCREASE -> sums[i];
            case RATE -> sums[i] / seconds;
            case AVERAGE -> counts[i] > 0 ? (Double) (sums[i] / counts[i]) : null;
            case LAST -> lasts[i];
            case MIN -> mins[i];
            case MAX -> maxs[i];
            case COUNT -> counts[i];
            case COUNT_RATE -> counts[i] / seconds;
            case P50 -> percentile(0.5, i);
            case P95 -> percentile(0.95, i);
            case P99 -> percentile(0.99, i);
        };
    }

    private @Nullable Double percentile(double q, int i) {
        return percentile(q, buckets[i], values.get(i), finite(mins[i]), finite(maxs[i]));
    }

    private static @Nullable Double percentile(
            double q,
            @Nullable MetricBuckets buckets,
            @Nullable List<Double> values,
            @Nullable Double min,
            @Nullable Double max) {
        // two senders may send the same metric in both forms: the form with more observations speaks for both
        double inBuckets = buckets == null ? 0 : buckets.total();
        if (values != null && !values.isEmpty() && values.size() >= inBuckets) {
            List<Double> sorted = values.stream().sorted().toList();
            return sorted.get(Math.max(0, (int) Math.ceil(q * sorted.size() * (1 - 1e-9)) - 1));
        }
        return buckets == null || buckets.total() <= 0 ? null : (Double) buckets.percentile(q, min, max);
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? (Double) value : null;
    }

    /** Sums over all slots. */
    public record Totals(
            double count,
            double sum,
            @Nullable Double min,
            @Nullable Double max,
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99,
            @Nullable String p95Text) {}

    Totals totals() {
        MetricBuckets all = all();
        List<Double> list = values.values().stream().flatMap(List::stream).toList();
        Double min = finite(Arrays.stream(mins).min().orElse(Double.POSITIVE_INFINITY));
        Double max = finite(Arrays.stream(maxs).max().orElse(Double.NEGATIVE_INFINITY));
        boolean open = list.isEmpty() && all != null && all.total() > 0 && all.isOpen(0.95) && all.bounds().length > 0;
        return new Totals(
                Units.round(Arrays.stream(counts).sum()),
                Units.round(Arrays.stream(sums).sum()),
                min,
                max,
                percentile(0.5, all, list, min, max),
                percentile(0.95, all, list, min, max),
                percentile(0.99, all, list, min, max),
                open && all != null ? ">" + Units.plain(all.bounds()[all.bounds().length - 1]) : null);
    }

    /** The buckets of all slots together, or null. */
    @Nullable
    MetricBuckets all() {
        MetricBuckets all = null;
        for (MetricBuckets one : buckets) {
            all = one == null ? all : all == null ? one : all.plus(one);
        }
        return all;
    }

    /** Counts of a slot on the bounds of {@link #all}. */
    double[] row(int slot, MetricBuckets all) {
        MetricBuckets one = buckets[slot];
        return one == null
                ? new double[all.bounds().length + 1]
                : new MetricBuckets(all.bounds(), new double[all.bounds().length + 1])
                        .plus(one)
                        .counts();
    }
}
