/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.IssueRecord;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
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
    static final String COLUMNS =
            "issue_id, service, type, message, culprit, level, handled, first_seen_ns, last_seen_ns,"
                    + " events, status, first_run_id, last_run_id, grouping_version, explanation";

    /** More than anybody looks at; a sender that makes an issue of each event stops here. */
    static final int MAX_ISSUES = 10_000;

    /** Of further keys, which find an issue again after its frames changed in part. */
    static final int MAX_KEYS = 5 * MAX_ISSUES;

    private final Map<String, IssueRecord> issues = new HashMap<>();
    private final Map<String, String> idsByKey = new HashMap<>();

    void load(DuckDBConnection connection) throws SQLException {
        issues.clear();
        idsByKey.clear();
        for (IssueRecord issue : Sql.list(connection, "SELECT " + COLUMNS + " FROM issues", IssueBook::read)) {
            issues.put(issue.id(), issue);
        }
        for (String[] pair : Sql.list(connection, "SELECT grouping_key, issue_id FROM issue_keys", cells ->
                new String[] {cells.text(), cells.text()})) {
            idsByKey.put(pair[0], pair[1]);
        }
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

    Draft draft() {
        return new Draft();
    }

    /** Changes of one transaction; the book follows when it is committed. */
    final class Draft {
        private final Map<String, IssueRecord> changed = new HashMap<>();
        private final Map<String, String> addedKeys = new HashMap<>();
        private final Set<String> fresh = new HashSet<>();

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
            if (before == null) {
                // without its own key it would be made anew by the next event, and count from one
                addedKeys.putIfAbsent(event.grouping().keys().get(0), id);
            }
            return id;
        }

        /** Adds the keys of an event that is counted already, while there is room. */
        void alias(String id, EventRecord event) {
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

        void save(DuckDBConnection connection) throws SQLException {
            if (!changed.isEmpty()) {
                Sql.update(
                        connection,
                        "DELETE FROM issues WHERE issue_id IN (SELECT unnest(?::VARCHAR[]))",
                        List.copyOf(changed.keySet()));
                try (DuckDBAppender appender = connection.createAppender("main", "issues")) {
                    for (IssueRecord issue : changed.values()) {
                        append(appender, issue);
                    }
                }
            }
            if (!addedKeys.isEmpty()) {
                try (DuckDBAppender appender = connection.createAppender("main", "issue_keys")) {
                    for (Map.Entry<String, String> entry : addedKeys.entrySet()) {
                        Row.begin(appender)
                                .text(entry.getKey())
                                .text(entry.getValue())
                                .end();
                    }
                }
            }
        }

        void adopt() {
            issues.putAll(changed);
            idsByKey.putAll(addedKeys);
        }

        private @Nullable String find(EventRecord event) {
            for (String key : event.grouping().keys()) {
                String id = idsByKey.getOrDefault(key, addedKeys.get(key));
                if (id != null) {
                    return id;
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
            return new IssueRecord(
                    id,
                    before.service(),
                    before.type(),
                    before.message(),
                    before.culprit(),
                    before.level(),
                    before.handled(),
                    Math.min(before.firstSeenNanos(), event.timeNanos()),
                    before.lastSeenNanos(),
                    before.events() + 1,
                    // it happened before what was known when somebody resolved it
                    before.status(),
                    before.firstRunId(),
                    before.lastRunId(),
                    before.groupingVersion(),
                    before.explanation());
        }
        return new IssueRecord(
                id,
                event.service(),
                event.type(),
                event.message(),
                event.culprit(),
                event.level(),
                event.handled(),
                before == null ? event.timeNanos() : before.firstSeenNanos(),
                event.timeNanos(),
                before == null ? 1 : before.events() + 1,
                before == null ? "unresolved" : statusAfter(before.status()),
                before == null ? runId : before.firstRunId(),
                runId,
                event.grouping().version(),
                event.grouping().explanation());
    }

    private static String statusAfter(String status) {
        return status.equals("resolved") ? "regressed" : status;
    }

    private static void append(DuckDBAppender appender, IssueRecord issue) throws SQLException {
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
