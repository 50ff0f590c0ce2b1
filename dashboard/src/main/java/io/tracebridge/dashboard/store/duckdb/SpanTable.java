/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static java.util.Locale.ROOT;

import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoredSpan;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** Spans to rows and back. */
final class SpanTable {
    static final String NAME = "spans";
    /** In the order of the table, which the appender needs. */
    static final String COLUMNS =
            "trace_id, span_id, parent_id, service, environment, release, run_id, name, operation, kind,"
                    + " category, start_ns, duration_ns, status, error_type, segment_root, sources, weight, stored_weight,"
                    + " kept_because, status_message, attributes, events, links, resource";

    private SpanTable() {}

    static void append(DuckDBAppender appender, StoredSpan stored) throws SQLException {
        SpanRecord span = stored.span();
        Row.begin(appender)
                .text(span.traceId())
                .text(span.spanId())
                .text(span.parentId())
                .text(span.service())
                .text(span.environment())
                .text(span.release())
                .text(span.runId())
                .text(span.name())
                .text(span.operation())
                .text(span.kind())
                .text(span.category())
                .number(span.startNanos())
                .number(span.durationNanos())
                .text(span.status().name().toLowerCase(ROOT))
                .text(span.errorType())
                .flag(span.segmentRoot())
                .bits(span.sources())
                .real(span.weight())
                .real(stored.storedWeight())
                .text(span.keptBecause())
                .text(span.statusMessage())
                .text(span.attributes())
                .text(span.events())
                .text(span.links())
                .text(span.resource())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static StoredSpan read(Cells cells) throws SQLException {
        SpanRecord.Builder span = SpanRecord.builder(cells.text(), cells.text())
                .parentId(cells.textOrNull())
                .service(cells.text())
                .environment(cells.textOrNull())
                .release(cells.textOrNull())
                .runId(cells.text())
                .name(cells.text())
                .operation(cells.text())
                .kind(cells.text())
                .category(cells.text())
                .startNanos(cells.number())
                .durationNanos(cells.number())
                .status(SpanStatus.valueOf(cells.text().toUpperCase(ROOT)))
                .errorType(cells.textOrNull())
                .segmentRoot(cells.flag())
                .sources(cells.integer())
                .weight(cells.realOrNull());
        double storedWeight = cells.real();
        span.keptBecause(cells.textOrNull())
                .statusMessage(cells.textOrNull())
                .attributes(cells.text())
                .events(cells.textOrNull())
                .links(cells.textOrNull())
                .resource(cells.textOrNull());
        return new StoredSpan(span.build(), storedWeight);
    }
}
