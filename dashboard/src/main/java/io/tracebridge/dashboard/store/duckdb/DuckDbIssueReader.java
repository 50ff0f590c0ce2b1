/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.IssueReader;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.StoredEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers about issues and events. */
final class DuckDbIssueReader implements IssueReader {
    private final Sql sql;

    DuckDbIssueReader(Sql sql) {
        this.sql = sql;
    }

    @Override
    public List<IssueRecord> issues(Filter filter, int limit, int offset) {
        Where where = Where.of(filter, "time_ns", "tags", "type", "message", "culprit", "transaction_name");
        return sql.list(
                "SELECT " + IssueBook.COLUMNS + " FROM issues WHERE issue_id IN (SELECT issue_id FROM events WHERE "
                        + where.text() + ") ORDER BY last_seen_ns DESC, issue_id LIMIT ? OFFSET ?",
                IssueBook::read,
                where.parameters(limit, offset));
    }

    @Override
    public @Nullable IssueRecord issue(String issueId) {
        return sql.first("SELECT " + IssueBook.COLUMNS + " FROM issues WHERE issue_id = ?", IssueBook::read, issueId);
    }

    @Override
    public List<StoredEvent> events(String issueId, int limit, int offset) {
        return sql.list(
                "SELECT " + EventTable.COLUMNS
                        + " FROM events WHERE issue_id = ? ORDER BY time_ns DESC, event_id LIMIT ? OFFSET ?",
                EventTable::read,
                issueId,
                limit,
                offset);
    }

    @Override
    public @Nullable StoredEvent event(String eventId) {
        return sql.first("SELECT " + EventTable.COLUMNS + " FROM events WHERE event_id = ?", EventTable::read, eventId);
    }

    @Override
    public List<StoredEvent> eventsOfTrace(String traceId, int limit) {
        return sql.list(
                "SELECT " + EventTable.COLUMNS + " FROM events WHERE trace_id = ? ORDER BY time_ns, event_id LIMIT ?",
                EventTable::read,
                traceId,
                limit);
    }
}
