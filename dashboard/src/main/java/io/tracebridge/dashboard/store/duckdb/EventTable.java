/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Grouping;
import io.tracebridge.dashboard.store.StoredEvent;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBAppender;

/** Events to rows and back. */
final class EventTable {
    static final String NAME = "events";
    /** In the order of the table, which the appender needs. */
    static final String COLUMNS =
            "event_id, issue_id, twin_id, service, environment, release, run_id, type, message, culprit, level,"
                    + " handled, time_ns, trace_id, span_id, transaction_name, platform, user_id, sources, tags, payload,"
                    + " grouping_version, grouping_keys, explanation";

    private EventTable() {}

    static void append(DuckDBAppender appender, StoredEvent stored) throws SQLException {
        EventRecord event = stored.event();
        Row.begin(appender)
                .text(event.eventId())
                .text(stored.issueId())
                .text(stored.twinId())
                .text(event.service())
                .text(event.environment())
                .text(event.release())
                .text(event.runId())
                .text(event.type())
                .text(event.message())
                .text(event.culprit())
                .text(event.level())
                .flag(event.handled())
                .number(event.timeNanos())
                .text(event.traceId())
                .text(event.spanId())
                .text(event.transaction())
                .text(event.platform())
                .text(event.user())
                .bits(event.sources())
                .text(event.tags())
                .text(event.payload())
                .integer(event.grouping().version())
                .text(String.join("\n", event.grouping().keys()))
                .text(event.grouping().explanation())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static StoredEvent read(Cells cells) throws SQLException {
        String eventId = cells.text();
        String issueId = cells.text();
        String twinId = cells.textOrNull();
        // the grouping is in the last columns and the builder wants it first
        EventRecord.Builder event = EventRecord.builder(eventId, UNREAD)
                .service(cells.text())
                .environment(cells.textOrNull())
                .release(cells.textOrNull())
                .runId(cells.text())
                .type(cells.text())
                .message(cells.text())
                .culprit(cells.textOrNull())
                .level(cells.text())
                .handled(cells.flagOrNull())
                .timeNanos(cells.number())
                .traceId(cells.textOrNull())
                .spanId(cells.textOrNull())
                .transaction(cells.textOrNull())
                .platform(cells.textOrNull())
                .user(cells.textOrNull())
                .sources(cells.integer())
                .tags(cells.text())
                .payload(cells.text());
        int version = cells.integer();
        List<String> keys = cells.text().lines().toList();
        return new StoredEvent(
                event.grouping(new Grouping(version, keys, cells.text())).build(), issueId, twinId);
    }

    private static final Grouping UNREAD = new Grouping(0, List.of(""), "{}");
}
