/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.IssueReader;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.StoredEvent;
import java.sql.SQLException;
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
                "SELECT " + IssueTable.COLUMNS + " FROM issues WHERE issue_id IN (SELECT issue_id FROM events WHERE "
                        + where.text() + ") ORDER BY last_seen_ns DESC, issue_id LIMIT ? OFFSET ?",
                IssueTable::read,
                where.parameters(limit, offset));
    }

    @Override
    public List<IssueLine> lines(IssueQuery query, int limit, int offset) {
        return lines(query.order(), where(query), limit, offset);
    }

    @Override
    public long count(IssueQuery query) {
        Where where = where(query);
        return sql.list(
                        "SELECT count(DISTINCT e.issue_id) FROM events e WHERE " + where.text(),
                        Cells::number,
                        where.parameters())
                .get(0);
    }

    private static Where where(IssueQuery query) {
        Where where = SelectionWhere.records(
                query.selection(), "e.time_ns", "e.tags", "e.type", "e.message", "e.culprit", "e.transaction_name");
        if (query.level() != null) {
            where.and("e.level = ?", query.level());
        }
        if (query.unhandled()) {
            where.and("e.handled = FALSE");
        }
        if (query.release() != null) {
            where.and("e.release = ?", query.release());
        }
        if (query.operation() != null) {
            where.and("e.transaction_name = ?", query.operation());
        }
        if (!query.statuses().isEmpty()) {
            where.and(
                    "e.issue_id IN (SELECT issue_id FROM issues WHERE status IN (SELECT unnest(?::VARCHAR[])))",
                    query.statuses());
        }
        return where;
    }

    @Override
    public @Nullable IssueLine line(String issueId) {
        Where where =
                SelectionWhere.records(Selection.ALL, "e.time_ns", "e.tags").and("e.issue_id = ?", issueId);
        List<IssueLine> lines = lines(IssueQuery.Order.LAST_SEEN, where, 1, 0);
        return lines.isEmpty() ? null : lines.get(0);
    }

    private List<IssueLine> lines(IssueQuery.Order by, Where where, int limit, int offset) {
        String order = switch (by) {
            case LAST_SEEN -> "last_ns";
            case FIRST_SEEN -> "first_seen_ns";
            case EVENTS -> "n";
        };
        return sql.list(
                "WITH g AS (SELECT issue_id, count(*) AS n, count(DISTINCT user_id) AS users, min(time_ns) AS first_ns,"
                        + " max(time_ns) AS last_ns, coalesce(bool_or(handled = FALSE), FALSE) AS bare,"
                        + " arg_max(event_id, time_ns) AS event_id, arg_max(trace_id, time_ns) AS trace_id, "
                        + names("service") + ", " + names("environment") + ", " + names("release") + ", "
                        + names("transaction_name") + " FROM events e WHERE " + where.text()
                        + " GROUP BY issue_id) SELECT i." + IssueTable.COLUMNS.replace(", ", ", i.")
                        + ", g.n, g.users, g.first_ns, g.last_ns, g.bare, g.event_id, g.trace_id, g.services, g.environments,"
                        + " g.releases, g.transaction_names FROM g JOIN issues i USING (issue_id) ORDER BY " + order
                        + " DESC, issue_id LIMIT ? OFFSET ?",
                cells -> new IssueLine(
                        IssueTable.read(cells),
                        cells.number(),
                        cells.number(),
                        cells.number(),
                        cells.number(),
                        cells.flag(),
                        cells.text(),
                        cells.textOrNull(),
                        lines(cells),
                        lines(cells),
                        lines(cells),
                        lines(cells)),
                where.parameters(limit, offset));
    }

    private static String names(String column) {
        return "string_agg(DISTINCT replace(" + column + ", chr(10), ' '), chr(10)) AS " + column + "s";
    }

    private static List<String> lines(Cells cells) throws SQLException {
        return cells.text()
                .lines()
                .filter(line -> !line.isEmpty())
                .sorted()
                .limit(20)
                .toList();
    }

    @Override
    public List<Slice> slices(Selection selection, List<String> issueIds, int slices) {
        Where where = SelectionWhere.records(selection, "time_ns", "tags", "type", "message");
        SelectionWhere.anyOf(where, "issue_id", issueIds);
        return issueIds.isEmpty()
                ? List.of()
                : sql.list(
                        "SELECT issue_id, " + SliceSql.nanos("time_ns", selection, slices)
                                + " AS slice, count(*) FROM events WHERE " + where.text() + " GROUP BY ALL",
                        cells -> new Slice(cells.text(), cells.integer(), cells.number()),
                        where.parameters());
    }

    @Override
    public List<TraceIssue> issuesOfTraces(List<String> traceIds) {
        return traceIds.isEmpty()
                ? List.of()
                : sql.list(
                        "SELECT trace_id, issue_id, count(*) FROM events WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))"
                                + " GROUP BY ALL ORDER BY 1, 3 DESC, 2",
                        cells -> new TraceIssue(cells.text(), cells.text(), cells.number()),
                        traceIds);
    }

    @Override
    public List<String> tracesOfIssue(String issueId, int limit) {
        return sql.list(
                "SELECT trace_id FROM events WHERE issue_id = ? AND trace_id IS NOT NULL GROUP BY trace_id ORDER BY max(time_ns) DESC LIMIT ?",
                Cells::text,
                issueId,
                limit);
    }

    @Override
    public Position position(String issueId, EventRecord event) {
        String older = "(time_ns, event_id) < (?, ?)";
        String newer = "(time_ns, event_id) > (?, ?)";
        long time = event.timeNanos();
        String id = event.eventId();
        return sql.list(
                        "SELECT count(*) FILTER (WHERE " + older + "), count(*),"
                                + " arg_max(event_id, (time_ns, event_id)) FILTER (WHERE " + older + "),"
                                + " arg_min(event_id, (time_ns, event_id)) FILTER (WHERE " + newer
                                + ") FROM events WHERE issue_id = ?",
                        cells -> new Position(cells.number(), cells.number(), cells.textOrNull(), cells.textOrNull()),
                        time,
                        id,
                        time,
                        id,
                        time,
                        id,
                        issueId)
                .get(0);
    }

    @Override
    public @Nullable IssueRecord issue(String issueId) {
        return sql.first("SELECT " + IssueTable.COLUMNS + " FROM issues WHERE issue_id = ?", IssueTable::read, issueId);
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
