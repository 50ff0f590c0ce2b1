/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceQuery;
import io.tracebridge.dashboard.store.TraceReader.DurationCell;
import io.tracebridge.dashboard.store.TraceReader.Totals;
import java.util.List;

/**
 * Traces by time and duration: what the map above the list of traces draws. It counts the traces that can be opened, so it is
 * not weighted.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class TraceHeatmap {
    private static final int SLICES = 120;
    /** A bucket's end is 1.33 times its begin: two bars of the list that differ to the eye are in two buckets. */
    private static final int PER_DECADE = 8;

    private final Store store;

    TraceHeatmap(Store store) {
        this.store = store;
    }

    /**
     * Counts by duration (inner) and time (outer).
     * @param boundsMs where buckets begin and end: bucket {@code i} is from {@code boundsMs[i]} to {@code boundsMs[i + 1]}; the lowest is
     *     the one of the shortest trace
     * @param failed of the counts, traces with an error
     * @param traces all together
     */
    public record Heatmap(
            double fromAt,
            double stepMs,
            double[] boundsMs,
            long[][] counts,
            long[][] failed,
            long traces,
            Window window) {}

    /** The map of the traces that the query asks for, all pages of it. */
    public Heatmap of(TraceQuery query) {
        Totals totals = store.traces().totals(query);
        Selection bounded =
                Window.bounded(query.selection(), totals.firstStartMicros() * 1_000, totals.lastStartMicros() * 1_000);
        List<DurationCell> cells = store.traces().durations(query.between(bounded), SLICES, PER_DECADE);
        int lowest = cells.stream().mapToInt(DurationCell::bucket).min().orElse(0);
        int highest = cells.stream().mapToInt(DurationCell::bucket).max().orElse(-1);
        long[][] counts = new long[SLICES][highest - lowest + 1];
        long[][] failed = new long[SLICES][highest - lowest + 1];
        long traces = 0;
        for (DurationCell cell : cells) {
            int slice = OperationQuestions.at(cell.slice(), SLICES);
            counts[slice][cell.bucket() - lowest] += cell.traces();
            failed[slice][cell.bucket() - lowest] += cell.failed();
            traces += cell.traces();
        }
        double[] bounds = new double[highest - lowest + 2];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = Units.round(Math.pow(10, (double) (lowest + i) / PER_DECADE) / 1_000);
        }
        return new Heatmap(
                Units.at(bounded.fromNanos()),
                (bounded.toNanos() - bounded.fromNanos()) / 1e6 / SLICES,
                bounds,
                counts,
                failed,
                traces,
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())));
    }
}
