/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.RetainedItem;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** Retained items to rows and back. */
final class RetainedTable {
    static final String NAME = "retained_items";
    /** In the order of the table, which the appender needs. */
    static final String COLUMNS =
            "time_ns, type, service, environment, release, run_id, event_id, header, payload, base64, payload_bytes";

    private RetainedTable() {}

    static void append(DuckDBAppender appender, RetainedItem item) throws SQLException {
        Row.begin(appender)
                .number(item.timeNanos())
                .text(item.type())
                .text(item.service())
                .text(item.environment())
                .text(item.release())
                .text(item.runId())
                .text(item.eventId())
                .text(item.header())
                .text(item.payload())
                .flag(item.base64())
                .number(item.payloadBytes())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static RetainedItem read(Cells cells) throws SQLException {
        return RetainedItem.builder(cells.number(), cells.text())
                .service(cells.text())
                .environment(cells.textOrNull())
                .release(cells.textOrNull())
                .runId(cells.text())
                .eventId(cells.textOrNull())
                .header(cells.textOrNull())
                .payload(cells.text())
                .base64(cells.flag())
                .payloadBytes(cells.number())
                .build();
    }
}
