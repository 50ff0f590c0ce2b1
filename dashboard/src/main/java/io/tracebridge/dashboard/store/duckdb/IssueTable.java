/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.IssueRecord;
import java.sql.SQLException;
import org.duckdb.DuckDBAppender;

/** Issues as rows. */
final class IssueTable {
    static final String COLUMNS =
            "issue_id, service, type, message, culprit, level, handled, first_seen_ns, last_seen_ns,"
                    + " events, status, first_run_id, last_run_id, grouping_version, explanation";

    private IssueTable() {}

    static void append(DuckDBAppender appender, IssueRecord issue) throws SQLException {
        Row.begin(appender)
                .text(issue.id())
                .text(issue.service())
                .text(issue.type())
                .text(issue.message())
                .text(issue.culprit())
                .text(issue.level())
                .flag(issue.handled())
                .number(issue.firstSeenNanos())
                .number(issue.lastSeenNanos())
                .number(issue.events())
                .text(issue.status())
                .text(issue.firstRunId())
                .text(issue.lastRunId())
                .integer(issue.groupingVersion())
                .text(issue.explanation())
                .end();
    }

    /** Reads {@link #COLUMNS}. */
    static IssueRecord read(Cells cells) throws SQLException {
        return new IssueRecord(
                cells.text(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.textOrNull(),
                cells.text(),
                cells.flagOrNull(),
                cells.number(),
                cells.number(),
                cells.number(),
                cells.text(),
                cells.text(),
                cells.text(),
                cells.integer(),
                cells.text());
    }
}
