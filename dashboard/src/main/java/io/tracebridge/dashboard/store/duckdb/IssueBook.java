/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * All issues and their grouping keys, in memory beside their tables: an event finds its issue without a query. Past
 * {@value #MAX_ISSUES} those seen longest ago leave after the batch, see {@link Eviction}.
 *
 * <p>Used by the writer's thread only.
 */
final class IssueBook {
    /** More than anybody looks at; a sender that makes an issue of each event stops here. */
    static final int MAX_ISSUES = 10_000;

    /** Of further keys, which find an issue again after its frames changed in part. */
    static final int MAX_KEYS = 5 * MAX_ISSUES;

    private final Map<String, IssueRecord> issues = new HashMap<>();
    private final Map<String, String> idsByKey = new HashMap<>();

    /** Issues that hold an event told by Sentry: its key was decided by the application, or by what the SDK knows of it. */
    private final Set<String> toldBySentry = new HashSet<>();

    void load(DuckDBConnection connection) throws SQLException {
        issues.clear();
        idsByKey.clear();
        toldBySentry.clear();
        for (IssueRecord issue :
                Sql.list(connection, "SELECT " + IssueTable.COLUMNS + " FROM issues", IssueTable::read)) {
            issues.put(issue.id(), issue);
        }
        for (String[] pair : Sql.list(connection, "SELECT grouping_key, issue_id FROM issue_keys", cells ->
                new String[] {cells.text(), cells.text()})) {
            idsByKey.put(pair[0], pair[1]);
        }
        toldBySentry.addAll(Sql.list(
                connection,
                "SELECT DISTINCT issue_id FROM events WHERE (sources & " + Source.SENTRY + ") <> 0",
                Cells::text));
    }

    Draft draft() {
        return new Draft();
    }

    /** Changes of one transaction; the book follows when it is committed. */
    final class Draft {
        private final Map<String, IssueRecord> changed = new HashMap<>();
        private final Map<String, String> addedKeys = new HashMap<>();
        private final Set<String> fresh = new HashSet<>();
        private final Set<String> tellsOfSentry = new HashSet<>();
        /** Issues that became part of others. */
        private final Map<String, String> united = new HashMap<>();
        /** Issues that an event left for another one, with the time of the first that did. */
        private final Map<String, Long> left = new HashMap<>();

        /** Finds or makes the issue of an event and counts it there. */
        String join(EventRecord event, String runId) {
            String id = find(event);
            IssueRecord before = id == null ? null : issue(id);
            if (id == null || before == null) {
                id = idOf(event.grouping().keys().get(0));
                fresh.add(id);
            }
            IssueRecord after = next(id, before, event, runId);
            if (before != null && !before.status().equals(after.status())) {
                fresh.add(id);
            }
            changed.put(id, after);
            alias(id, event);
            if (isBySentry(event)) {
                tellsOfSentry.add(id);
            }
            if (before == null) {
                // without its own key it would be made anew by the next event, and count from one
                addedKeys.putIfAbsent(event.grouping().keys().get(0), id);
            }
            return id;
        }

        /**
         * Finds the issue of a throw whose other copy was counted. Sentry's copy decides: it may carry a fingerprint of the
         * application, and then its key is another one than that of the bare stack. An issue that OpenTelemetry alone told of
         * becomes part of the one that Sentry's copy of its throw belongs to, so the order of arrival decides nothing.
         * @param later the copy that came now
         * @param both what the two copies are together
         */
        String joinCopy(StoredEvent earlier, EventRecord later, EventRecord both, String runId) {
            String here = now(earlier.issueId());
            String there = find(later);
            if (!isBySentry(later)) {
                if (there != null && !isToldBySentry(there)) {
                    unite(there, here);
                }
            } else if (!isToldBySentry(here)) {
                if (there != null) {
                    unite(here, there);
                }
                tellsOfSentry.add(now(here));
                describe(now(here), both, Math.max(earlier.event().timeNanos(), both.timeNanos()));
            } else if (!here.equals(there)) {
                leave(here, earlier.event().timeNanos());
                return join(both, runId);
            }
            alias(now(here), later);
            return now(here);
        }

        /** Sentry's copy knows more of the throw, for instance whether anybody handled it. */
        private void describe(String id, EventRecord both, long timeNanos) {
            IssueRecord before = issue(id);
            if (before != null && timeNanos >= before.lastSeenNanos()) {
                changed.put(id, described(before, both, before.events(), before.status(), before.lastRunId()));
            }
        }

        /** The issue that this one is now. */
        String now(String id) {
            String current = id;
            for (String next = united.get(id); next != null; next = united.get(current)) {
                current = next;
            }
            return current;
        }

        private void unite(String part, String whole) {
            IssueRecord leaving = issue(part);
            IssueRecord staying = issue(whole);
            if (part.equals(whole) || leaving == null || staying == null) {
                return;
            }
            changed.put(
                    whole,
                    counted(
                            staying,
                            Math.min(leaving.firstSeenNanos(), staying.firstSeenNanos()),
                            Math.max(leaving.lastSeenNanos(), staying.lastSeenNanos()),
                            leaving.events() + staying.events(),
                            statusOf(staying, leaving)));
            changed.remove(part);
            fresh.remove(part);
            united.put(part, whole);
        }

        private void leave(String id, long timeNanos) {
            IssueRecord before = issue(id);
            if (before != null) {
                changed.put(
                        id,
                        counted(
                                before,
                                before.firstSeenNanos(),
                                before.lastSeenNanos(),
                                before.events() - 1,
                                before.status()));
                left.merge(id, timeNanos, Math::min);
            }
        }

        private boolean isToldBySentry(String id) {
            return tellsOfSentry.contains(id) || toldBySentry.contains(id);
        }

        /** Adds the keys of an event that is counted already, while there is room. */
        private void alias(String id, EventRecord event) {
            for (String key : event.grouping().keys()) {
                if (!idsByKey.containsKey(key) && idsByKey.size() + addedKeys.size() < MAX_KEYS) {
                    addedKeys.putIfAbsent(key, id);
                }
            }
        }

        Set<String> changed() {
            return changed.keySet();
        }

        /** New and regressed issues. */
        Set<String> fresh() {
            return fresh;
        }

        /** To be called when the events of the transaction are written. */
        void save(DuckDBConnection connection) throws SQLException {
            for (String part : united.keySet()) {
                for (String table : new String[] {EventTable.NAME, "issue_keys"}) {
                    Sql.update(connection, "UPDATE " + table + " SET issue_id = ? WHERE issue_id = ?", now(part), part);
                }
            }
            for (Map.Entry<String, Long> entry : left.entrySet()) {
                lookAgain(connection, entry.getKey(), entry.getValue());
            }
            if (!changed.isEmpty()) {
                List<String> rewritten = new ArrayList<>(changed.keySet());
                rewritten.addAll(united.keySet());
                Sql.update(connection, "DELETE FROM issues WHERE issue_id IN (SELECT unnest(?::VARCHAR[]))", rewritten);
                try (DuckDBAppender appender = connection.createAppender("main", "issues")) {
                    for (IssueRecord issue : changed.values()) {
                        IssueTable.append(appender, issue);
                    }
                }
            }
            if (!addedKeys.isEmpty()) {
                try (DuckDBAppender appender = connection.createAppender("main", "issue_keys")) {
                    for (Map.Entry<String, String> entry : addedKeys.entrySet()) {
                        Row.begin(appender)
                                .text(entry.getKey())
                                .text(now(entry.getValue()))
                                .end();
                    }
                }
            }
        }

        /** An issue that lost an event was not necessarily seen when that event was. */
        private void lookAgain(DuckDBConnection connection, String id, long leftNanos) throws SQLException {
            IssueRecord issue = changed.get(id);
            List<long[]> times = Sql.list(
                    connection,
                    "SELECT min(time_ns), max(time_ns) FROM events WHERE issue_id = ? HAVING count(*) > 0",
                    cells -> new long[] {cells.number(), cells.number()},
                    id);
            if (issue != null && !times.isEmpty()) {
                // older events may have been evicted: what was seen first stays known unless it is what left
                boolean firstLeft = leftNanos <= issue.firstSeenNanos();
                long first = firstLeft ? times.get(0)[0] : issue.firstSeenNanos();
                changed.put(id, counted(issue, first, times.get(0)[1], issue.events(), issue.status()));
            }
        }

        void adopt() {
            issues.keySet().removeAll(united.keySet());
            issues.putAll(changed);
            idsByKey.putAll(addedKeys);
            if (!united.isEmpty()) {
                idsByKey.replaceAll((key, id) -> now(id));
            }
            toldBySentry.addAll(tellsOfSentry);
        }

        private @Nullable String find(EventRecord event) {
            for (String key : event.grouping().keys()) {
                String id = idsByKey.getOrDefault(key, addedKeys.get(key));
                if (id != null) {
                    return now(id);
                }
            }
            return null;
        }

        private @Nullable IssueRecord issue(String id) {
            IssueRecord mine = changed.get(id);
            return mine == null ? issues.get(id) : mine;
        }
    }

    boolean has(String id) {
        return issues.containsKey(id);
    }

    /** Issues of which no event is kept any more leave, and their keys with them. */
    void forget(DuckDBConnection connection, List<String> ids) throws SQLException {
        Sql.update(connection, "DELETE FROM issues WHERE issue_id IN (SELECT unnest(?::VARCHAR[]))", ids);
        Sql.update(connection, "DELETE FROM issue_keys WHERE issue_id IN (SELECT unnest(?::VARCHAR[]))", ids);
    }

    private static IssueRecord next(String id, @Nullable IssueRecord before, EventRecord event, String runId) {
        boolean newest = before == null || event.timeNanos() >= before.lastSeenNanos();
        if (before != null && !newest) {
            long first = Math.min(before.firstSeenNanos(), event.timeNanos());
            // it happened before what was known when somebody resolved it: the status stays
            return counted(before, first, before.lastSeenNanos(), before.events() + 1, before.status());
        }
        IssueRecord first = before != null ? before : opened(id, event, runId);
        return described(first, event, first.events() + 1, statusAfter(first.status()), runId);
    }

    private static IssueRecord opened(String id, EventRecord event, String runId) {
        long time = event.timeNanos();
        return new IssueRecord(
                id, "", "", "", null, event.level(), null, time, time, 0, "unresolved", runId, runId, 0, "{}");
    }

    /** With the details of its newest event. */
    private static IssueRecord described(
            IssueRecord issue, EventRecord newest, long events, String status, String runId) {
        return new IssueRecord(
                issue.id(),
                newest.service(),
                newest.type(),
                newest.message(),
                newest.culprit(),
                newest.level(),
                newest.handled(),
                Math.min(issue.firstSeenNanos(), newest.timeNanos()),
                Math.max(issue.lastSeenNanos(), newest.timeNanos()),
                events,
                status,
                issue.firstRunId(),
                runId,
                newest.grouping().version(),
                newest.grouping().explanation());
    }

    private static IssueRecord counted(IssueRecord issue, long first, long last, long events, String status) {
        return new IssueRecord(
                issue.id(),
                issue.service(),
                issue.type(),
                issue.message(),
                issue.culprit(),
                issue.level(),
                issue.handled(),
                first,
                last,
                events,
                status,
                issue.firstRunId(),
                issue.lastRunId(),
                issue.groupingVersion(),
                issue.explanation());
    }

    private static boolean isBySentry(EventRecord event) {
        return (event.sources() & Source.SENTRY) != 0;
    }

    /** What somebody said of either holds for both, unless it happened again since. */
    private static String statusOf(IssueRecord staying, IssueRecord leaving) {
        boolean own = !staying.status().equals("unresolved");
        IssueRecord judged = own ? staying : leaving;
        IssueRecord other = own ? leaving : staying;
        return other.lastSeenNanos() > judged.lastSeenNanos() ? statusAfter(judged.status()) : judged.status();
    }

    private static String statusAfter(String status) {
        return status.equals("resolved") ? "regressed" : status;
    }

    /** The id follows from the key, so the same failure has the same link after the data was cleared. */
    private static String idOf(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Issues to leave: none up to the bound, else those seen longest ago, a tenth more than needed. */
    List<String> surplus() {
        if (issues.size() <= MAX_ISSUES) {
            return List.of();
        }
        return issues.values().stream()
                .sorted(Comparator.comparingLong(IssueRecord::lastSeenNanos))
                .limit(issues.size() - MAX_ISSUES + MAX_ISSUES / 10)
                .map(IssueRecord::id)
                .toList();
    }
}
