/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.LogRecord;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** Log lines to rows and back. */
final class LogTable {
    static final String NAME = "logs";
    /** In the order of the table, which the appender needs. */
    static final String COLUMNS =
            "time_ns, service, environment, release, run_id, severity, level, body, logger, thread,"
                    + " event_name, trace_id, span_id, sources, attributes, resource";

    private LogTable() {}

    static void append(DuckDBAppender appender, LogRecord log) throws SQLException {
        Row.begin(appender)
                .number(log.timeNanos())
                .text(log.service())
                .text(log.environment())
                .text(log.release())
                .text(log.runId())
                .integer(log.severity())
                .text(log.level())
                .text(log.body())
                .text(log.logger())
                .text(log.thread())
                .text(log.eventName())
                .text(log.traceId())
                .text(log.spanId())
                .bits(log.sources())
                .text(log.attributes())
                .text(log.resource())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static LogRecord read(Cells cells) throws SQLException {
        return LogRecord.builder(cells.number())
                .service(cells.text())
                .environment(cells.textOrNull())
                .release(cells.textOrNull())
                .runId(cells.text())
                .severity(cells.integer())
                .level(cells.text())
                .body(cells.text())
                .logger(cells.textOrNull())
                .thread(cells.textOrNull())
                .eventName(cells.textOrNull())
                .traceId(cells.textOrNull())
                .spanId(cells.textOrNull())
                .sources(cells.integer())
                .attributes(cells.text())
                .resource(cells.textOrNull())
                .build();
    }
}
