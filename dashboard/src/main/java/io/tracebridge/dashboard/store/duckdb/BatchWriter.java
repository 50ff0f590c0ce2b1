/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoreChange;
import io.tracebridge.dashboard.store.StoreRecord;
import io.tracebridge.dashboard.store.StoredEvent;
import io.tracebridge.dashboard.store.StoredSpan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes one batch in one transaction: all of it or nothing.
 *
 * <p>Used by the writer's thread only.
 */
final class BatchWriter {
    private static final int MAX_NAMED = 100;

    private static final String LAST_BATCH = "last_batch";

    private final Database database;
    private final String ownRunId;
    private final IssueBook issues;
    private final RunBook runs;
    private final TraceMemory memory;
    private DuckDBConnection connection;
    private Map<String, Long> writtenTraces = Map.of();
    private long batches;
    private @Nullable StoreChange unsure;

    BatchWriter(Database database, String ownRunId, IssueBook issues, RunBook runs, TraceMemory memory) {
        this.database = database;
        this.connection = database.writes();
        this.ownRunId = ownRunId;
        this.issues = issues;
        this.runs = runs;
        this.memory = memory;
    }

    /** Takes the connection of a database that was opened anew. */
    void load() throws SQLException {
        connection = database.writes();
        Sql.update(
                connection,
                "INSERT INTO meta SELECT ?, '' WHERE ? NOT IN (SELECT key FROM meta)",
                LAST_BATCH,
                LAST_BATCH);
    }

    /**
     * What the last call changed when its commit failed and yet took place: the engine writes its log, then makes a checkpoint,
     * and a failure of the second looks like one of the first. To be asked after the database was opened anew; null when the
     * batch has to be written again.
     */
    @Nullable
    StoreChange committedAfterAll() throws SQLException {
        StoreChange change = unsure;
        unsure = null;
        boolean stored = Sql.list(connection, "SELECT value FROM meta WHERE key = '" + LAST_BATCH + "'", Cells::text)
                .contains(mark());
        return stored ? change : null;
    }

    private String mark() {
        return ownRunId + " " + batches;
    }

    StoreChange write(List<StoreRecord> batch) throws SQLException {
        unsure = null;
        batches++;
        begin();
        try {
            Transaction transaction = new Transaction();
            StoreChange change = transaction.write(batch);
            Sql.update(connection, "UPDATE meta SET value = ? WHERE key = '" + LAST_BATCH + "'", mark());
            unsure = change;
            Sql.execute(connection, "COMMIT");
            unsure = null;
            transaction.remember();
            transaction.issueDraft.adopt();
            transaction.runDraft.adopt();
            return change;
        } catch (SQLException | RuntimeException e) {
            rollback(e);
            throw e;
        }
    }

    private void begin() throws SQLException {
        // the appender does not open a transaction by itself, whatever the connection's auto-commit says
        try {
            Sql.execute(connection, "BEGIN TRANSACTION");
        } catch (SQLException leftOpen) {
            // by something that failed and could not roll back: were it left, every later batch would fail and be lost
            Sql.execute(connection, "ROLLBACK");
            Sql.execute(connection, "BEGIN TRANSACTION");
        }
    }

    /** Traces whose spans the last call wrote, with the earliest start among them. */
    Map<String, Long> writtenTraces() {
        return writtenTraces;
    }

    private static Map<String, Long> earliest(List<StoredSpan> spans) {
        Map<String, Long> earliest = new LinkedHashMap<>();
        spans.forEach(
                stored -> earliest.merge(stored.span().traceId(), stored.span().startNanos(), Math::min));
        return earliest;
    }

    private void rollback(Exception cause) {
        try {
            Sql.execute(connection, "ROLLBACK");
        } catch (SQLException e) {
            // the transaction is gone already, for instance with a database that a full disk made unusable
            cause.addSuppressed(e);
        }
    }

    private final class Transaction {
        private final IssueBook.Draft issueDraft = issues.draft();
        private final RunBook.Draft runDraft = runs.draft();
        private TraceMemory.@Nullable Lookup lookup;
        private List<StoredSpan> spans = List.of();

        void remember() {
            if (lookup != null) {
                memory.wrote(spans, lookup);
            }
        }

        StoreChange write(List<StoreRecord> batch) throws SQLException {
            spans = spans(select(batch, SpanRecord.class));
            writtenTraces = earliest(spans);
            List<StoredEvent> events = events(select(batch, EventRecord.class));
            List<LogRecord> logs = select(batch, LogRecord.class);
            List<MetricPoint> points = select(batch, MetricPoint.class);
            append(SpanTable.NAME, spans, SpanTable::append);
            append(EventTable.NAME, events, EventTable::append);
            append(LogTable.NAME, logs, (appender, log) -> LogTable.append(appender, stamped(log)));
            append(MetricTable.NAME, points, (appender, point) -> MetricTable.append(appender, stamped(point)));
            append(
                    RetainedTable.NAME,
                    select(batch, RetainedItem.class),
                    (appender, item) -> RetainedTable.append(appender, stamped(item)));
            issueDraft.save(connection);
            runDraft.save(connection);
            return new StoreChange(
                    firstOf(traceIds(spans, events)),
                    firstOf(issueDraft.changed()),
                    firstOf(issueDraft.fresh()),
                    firstOf(points.stream().map(MetricPoint::name).collect(Collectors.toSet())),
                    spans.size(),
                    events.size(),
                    logs.size(),
                    points.size());
        }

        /** Merges copies within the batch and with what is stored; stored copies are removed, to be written again. */
        private List<StoredSpan> spans(List<SpanRecord> arrived) throws SQLException {
            if (arrived.isEmpty()) {
                return List.of();
            }
            Map<SpanId, List<StoredSpan>> byId = new LinkedHashMap<>(arrived.size() * 2);
            for (SpanRecord span : arrived) {
                put(byId, new StoredSpan(span, 1));
            }
            TraceMemory.Lookup where = memory.lookup(arrived);
            lookup = where;
            if (!where.isNeeded()) {
                return stampedOf(byId.values());
            }
            List<Long> replaced = new ArrayList<>();
            Map<SpanId, List<StoredSpan>> known = new LinkedHashMap<>();
            Sql.list(
                    connection,
                    "SELECT " + SpanTable.COLUMNS
                            + ", rowid FROM spans WHERE trace_id IN (SELECT unnest(?::VARCHAR[])) AND span_id IN (SELECT"
                            + " unnest(?::VARCHAR[])) AND start_ns >= ?",
                    cells -> {
                        StoredSpan stored = SpanTable.read(cells);
                        SpanId id = SpanId.of(stored.span());
                        List<StoredSpan> mine = byId.get(id);
                        if (mine != null && mine.stream().anyMatch(one -> same(one, stored))) {
                            replaced.add(cells.number());
                            known.computeIfAbsent(id, unused -> new ArrayList<>())
                                    .add(unstamped(stored));
                        }
                        return stored;
                    },
                    where.traceIds(),
                    where.spanIds(),
                    where.sinceNanos());
            remove("spans", replaced);
            // stored copies came first, and the order of the copies says which is the later
            known.forEach((id, copies) -> {
                List<StoredSpan> later = byId.get(id);
                byId.put(id, copies);
                if (later != null) {
                    later.forEach(span -> put(byId, span));
                }
            });
            return stampedOf(byId.values());
        }

        private List<StoredSpan> stampedOf(Collection<List<StoredSpan>> copies) {
            List<StoredSpan> all = new ArrayList<>(copies.size());
            for (List<StoredSpan> spans : copies) {
                for (StoredSpan stored : spans) {
                    all.add(new StoredSpan(stamped(stored.span()), stored.storedWeight()));
                }
            }
            return all;
        }

        private void put(Map<SpanId, List<StoredSpan>> byId, StoredSpan span) {
            List<StoredSpan> copies = byId.computeIfAbsent(SpanId.of(span.span()), unused -> new ArrayList<>(1));
            for (int i = 0; i < copies.size(); i++) {
                if (same(copies.get(i), span)) {
                    copies.set(i, Merge.spans(copies.get(i), span));
                    return;
                }
            }
            copies.add(span);
        }

        private List<StoredEvent> events(List<EventRecord> arrived) throws SQLException {
            if (arrived.isEmpty()) {
                return List.of();
            }
            List<StoredEvent> known = new ArrayList<>();
            Map<String, Long> rows = new LinkedHashMap<>();
            List<String> ids =
                    arrived.stream().map(EventRecord::eventId).distinct().toList();
            Sql.list(
                    connection,
                    "SELECT " + EventTable.COLUMNS
                            + ", rowid FROM events WHERE event_id IN (SELECT unnest(?::VARCHAR[])) OR twin_id IN (SELECT"
                            + " unnest(?::VARCHAR[])) OR trace_id IN (SELECT unnest(?::VARCHAR[]))",
                    cells -> {
                        StoredEvent stored = EventTable.read(cells);
                        known.add(stored);
                        rows.put(stored.event().eventId(), cells.number());
                        return stored;
                    },
                    ids,
                    ids,
                    arrived.stream()
                            .map(EventRecord::traceId)
                            .filter(id -> id != null)
                            .distinct()
                            .toList());
            EventBatch batch = new EventBatch(known, issueDraft, BatchWriter.this::runOf);
            arrived.forEach(batch::add);
            remove("events", batch.replaced().stream().map(rows::get).toList());
            return batch.toWrite().stream()
                    .map(stored ->
                            new StoredEvent(stamped(stored.event()), issueDraft.now(stored.issueId()), stored.twinId()))
                    .toList();
        }

        private void remove(String table, List<Long> rows) throws SQLException {
            if (!rows.isEmpty()) {
                // row ids hold within a transaction
                String ids = rows.stream().map(String::valueOf).collect(Collectors.joining(","));
                Sql.execute(connection, "DELETE FROM " + table + " WHERE rowid IN (" + ids + ")");
            }
        }

        private SpanRecord stamped(SpanRecord span) {
            runDraft.note(runOf(span), span.service(), span.release(), span.startNanos());
            return span.runId() == null ? span.toBuilder().runId(ownRunId).build() : span;
        }

        private EventRecord stamped(EventRecord event) {
            runDraft.note(runOf(event), event.service(), event.release(), event.timeNanos());
            return event.runId() == null ? event.toBuilder().runId(ownRunId).build() : event;
        }

        private LogRecord stamped(LogRecord log) {
            runDraft.note(runOf(log), log.service(), log.release(), log.timeNanos());
            return log.runId() == null ? log.toBuilder().runId(ownRunId).build() : log;
        }

        private MetricPoint stamped(MetricPoint point) {
            runDraft.note(runOf(point), point.service(), point.release(), point.timeNanos());
            return point.runId() == null ? point.toBuilder().runId(ownRunId).build() : point;
        }

        private RetainedItem stamped(RetainedItem item) {
            return item.runId() == null ? item.toBuilder().runId(ownRunId).build() : item;
        }
    }

    private String runOf(StoreRecord record) {
        return record.runId() == null ? ownRunId : record.runId();
    }

    /** The run of this server stands for "unknown": a copy that names its run must win over it. */
    private StoredSpan unstamped(StoredSpan stored) {
        return ownRunId.equals(stored.span().runId())
                ? new StoredSpan(stored.span().toBuilder().runId(null).build(), stored.storedWeight())
                : stored;
    }

    private interface RowWriter<T> {
        void append(DuckDBAppender appender, T value) throws SQLException;
    }

    private <T> void append(String table, List<T> values, RowWriter<T> writer) throws SQLException {
        if (values.isEmpty()) {
            return;
        }
        try (DuckDBAppender appender = connection.createAppender("main", table)) {
            for (T value : values) {
                writer.append(appender, value);
            }
        }
    }

    private static <T> List<T> select(List<StoreRecord> batch, Class<T> kind) {
        List<T> selected = new ArrayList<>();
        for (StoreRecord record : batch) {
            if (record.getClass() == kind) {
                selected.add(kind.cast(record));
            }
        }
        return selected;
    }

    private static boolean same(StoredSpan one, StoredSpan other) {
        return Merge.sameService(one.span().service(), other.span().service());
    }

    private record SpanId(String traceId, String spanId) {
        static SpanId of(SpanRecord span) {
            return new SpanId(span.traceId(), span.spanId());
        }
    }

    private static Set<String> traceIds(List<StoredSpan> spans, List<StoredEvent> events) {
        Set<String> ids = new LinkedHashSet<>();
        spans.forEach(stored -> ids.add(stored.span().traceId()));
        for (StoredEvent stored : events) {
            if (stored.event().traceId() != null) {
                ids.add(stored.event().traceId());
            }
        }
        return ids;
    }

    private static Set<String> firstOf(Set<String> ids) {
        return ids.stream().limit(MAX_NAMED).collect(Collectors.toSet());
    }
}
