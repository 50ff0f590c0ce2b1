/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about metrics. Who needs another answer adds a method here and its SQL in the engine's class of the same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface MetricReader {
    /** Metrics that have points in the selection, by name; {@code text} is a part of the name. */
    List<Info> metrics(Selection selection, int limit);

    /** Points of a metric in the selection, by series and then by time. Attribute tests are of the series. */
    List<MetricPoint> series(String name, Selection selection, int limit);

    /**
     * What a metric is.
     * @param services one a line
     */
    record Info(
            String name,
            String type,
            @Nullable String unit,
            @Nullable String description,
            int sources,
            String services,
            long series,
            long firstNanos,
            long lastNanos) {}

    /** Points of a metric that pass the filter, oldest first. */
    List<MetricPoint> points(String name, Filter filter, int limit);
}
