/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.MetricPoint;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** Metric points to rows and back. */
final class MetricTable {
    static final String NAME = "metric_points";
    /** In the order of the table, which the appender needs. */
    static final String COLUMNS =
            "name, type, time_ns, service, environment, release, run_id, start_ns, unit, description,"
                    + " delta, value, count, min, max, buckets, attributes, exemplars, trace_id, span_id, sources";

    private MetricTable() {}

    static void append(DuckDBAppender appender, MetricPoint point) throws SQLException {
        Row.begin(appender)
                .text(point.name())
                .text(point.type())
                .number(point.timeNanos())
                .text(point.service())
                .text(point.environment())
                .text(point.release())
                .text(point.runId())
                .number(point.startNanos())
                .text(point.unit())
                .text(point.description())
                .flag(point.delta())
                .real(point.value())
                .number(point.count())
                .real(point.min())
                .real(point.max())
                .text(point.buckets())
                .text(point.attributes())
                .text(point.exemplars())
                .text(point.traceId())
                .text(point.spanId())
                .bits(point.sources())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static MetricPoint read(Cells cells) throws SQLException {
        return MetricPoint.builder(cells.text(), cells.text(), cells.number())
                .service(cells.text())
                .environment(cells.textOrNull())
                .release(cells.textOrNull())
                .runId(cells.text())
                .startNanos(cells.number())
                .unit(cells.textOrNull())
                .description(cells.textOrNull())
                .delta(cells.flag())
                .value(cells.real())
                .count(cells.number())
                .min(cells.realOrNull())
                .max(cells.realOrNull())
                .buckets(cells.textOrNull())
                .attributes(cells.text())
                .exemplars(cells.textOrNull())
                .traceId(cells.textOrNull())
                .spanId(cells.textOrNull())
                .sources(cells.integer())
                .build();
    }
}
