/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * Questions about metrics. Who needs another answer adds a method here and its SQL in the engine's class of the same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface MetricReader {
    /** Points of a metric that pass the filter, oldest first. */
    List<MetricPoint> points(String name, Filter filter, int limit);
}
