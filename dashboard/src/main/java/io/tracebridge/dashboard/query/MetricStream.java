/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.MetricPoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened in one series between its points: increases of counters, new observations of histograms. Restarts are seen by a new start
 * time or a fall of the value, and never give a negative increase. The first point of a cumulative counter counts whole when it
 * began to count just before, as that of a process that just started; else it is only where counting starts. The first of a
 * histogram counts whole, since its distribution is what one wants to see.
 */
final class MetricStream {
    /** SDKs export once a minute unless told otherwise: a first point that counted for longer is not its process' first. */
    private static final long FIRST_EXPORT_NANOS = 90_000_000_000L;

    private final int scale;
    private @Nullable MetricPoint before;
    private int resets;

    /** What happened in {@code (fromNanos, toNanos]}. */
    record Step(
            long fromNanos,
            long toNanos,
            double value,
            double count,
            @Nullable MetricBuckets buckets,
            MetricPoint point) {}

    private MetricStream(int scale) {
        this.scale = scale;
    }

    /** The steps of one series, and how often it was reset. */
    record Steps(List<Step> steps, int resets) {}

    /**
     * Steps of the points of one series in order of time.
     * @param scale for exponential histograms, the coarsest of all series that are put together
     */
    static Steps of(List<MetricPoint> points, int scale) {
        MetricStream stream = new MetricStream(scale);
        List<Step> steps = new ArrayList<>();
        for (MetricPoint point : points) {
            Step step = stream.next(point);
            if (step != null) {
                steps.add(step);
            }
        }
        return new Steps(steps, stream.resets);
    }

    private @Nullable Step next(MetricPoint point) {
        MetricPoint last = before;
        before = point;
        boolean histogram = isHistogram(point);
        MetricBuckets buckets = histogram ? MetricBuckets.of(point, scale) : null;
        if (point.delta() || point.type().equals("distribution")) {
            long from = point.startNanos() > 0 ? point.startNanos() : point.timeNanos();
            return new Step(from, point.timeNanos(), point.value(), point.count(), buckets, point);
        }
        if (last == null) {
            return histogram || point.timeNanos() - point.startNanos() <= FIRST_EXPORT_NANOS
                    ? whole(point, buckets)
                    : null;
        }
        double increase = histogram ? point.count() - last.count() : point.value() - last.value();
        boolean restarted =
                increase < 0 || (point.startNanos() != last.startNanos() && point.startNanos() > last.timeNanos());
        MetricBuckets earlier = histogram ? MetricBuckets.of(last, scale) : null;
        MetricBuckets added = buckets == null || earlier == null ? buckets : buckets.minus(earlier);
        if (restarted || (buckets != null && added == null)) {
            resets++;
            return new Step(
                    Math.max(last.timeNanos(), point.startNanos()),
                    point.timeNanos(),
                    point.value(),
                    point.count(),
                    buckets,
                    point);
        }
        return new Step(
                last.timeNanos(),
                point.timeNanos(),
                point.value() - last.value(),
                point.count() - last.count(),
                added,
                point);
    }

    private static Step whole(MetricPoint point, @Nullable MetricBuckets buckets) {
        long from = point.startNanos() > 0 ? point.startNanos() : point.timeNanos();
        return new Step(from, point.timeNanos(), point.value(), point.count(), buckets, point);
    }

    static boolean isHistogram(MetricPoint point) {
        return switch (point.type()) {
            case "histogram", "exponential", "summary", "distribution" -> true;
            default -> false;
        };
    }
}
