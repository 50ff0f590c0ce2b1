/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoredSpan;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * What the writer knows of stored traces without asking the engine: which are new, and the spans of those written last. Saves a
 * search of the whole table for each batch, and analysis the way back through the engine.
 *
 * <p>Changed by the writer's thread only; read by analysis too.
 */
final class TraceMemory {
    private static final String IDS = "SELECT DISTINCT trace_id FROM spans";

    private final SeenTraces seen = new SeenTraces();
    private final RecentTraces recent = new RecentTraces();
    private final Sql reads;

    TraceMemory(Sql reads) {
        this.reads = reads;
    }

    /** Starts over from what is stored. */
    void load(DuckDBConnection connection) throws SQLException {
        recent.clear();
        if (Sql.list(connection, "SELECT 1 FROM spans LIMIT 1", Cells::number).isEmpty()) {
            seen.startEmpty();
        } else {
            seen.read(traceId -> reads.forEach(IDS, cells -> traceId.accept(cells.text())));
        }
    }

    /** Lets the ids of stored traces be read. */
    void begin() {
        seen.begin();
    }

    /** To be called when traces were removed or their weights changed: those in {@link TraceThinning#CHANGED}. */
    void thinned(DuckDBConnection connection) throws SQLException {
        List<String> ids = recent.ids();
        try {
            Sql.list(
                            connection,
                            "SELECT trace_id FROM " + TraceThinning.CHANGED
                                    + " WHERE trace_id IN (SELECT unnest(?::VARCHAR[]))",
                            Cells::text,
                            ids)
                    .forEach(recent::forget);
        } catch (SQLException e) {
            recent.clear();
            throw e;
        }
        if (seen.isCrowded()) {
            load(connection);
        }
    }

    /** Where copies of these spans may be stored. */
    Lookup lookup(Collection<SpanRecord> arrived) {
        return new Lookup(arrived);
    }

    /** Follows a commit of the spans that were looked up. */
    void wrote(List<StoredSpan> spans, Lookup lookup) {
        lookup.traceIds.forEach(recent::forget);
        recent.add(spans.stream()
                .filter(stored -> !lookup.traceIds.contains(stored.span().traceId()))
                .toList());
        lookup.arrivedIds.forEach(seen::add);
    }

    /** All stored spans of a trace; null when the engine has to be asked. */
    @Nullable
    List<SpanFacts> spans(String traceId) {
        return recent.spans(traceId);
    }

    /** Traces and spans that the engine has to be asked for. */
    final class Lookup {
        private final Set<String> arrivedIds = new HashSet<>();
        private final Set<String> traceIds = new HashSet<>();
        private final List<String> spanIds = new ArrayList<>();
        private long sinceNanos = Long.MAX_VALUE;

        private Lookup(Collection<SpanRecord> arrived) {
            Set<String> unknown = new HashSet<>();
            for (SpanRecord span : arrived) {
                String traceId = span.traceId();
                if (arrivedIds.add(traceId) && !recent.has(traceId) && !seen.isNew(traceId)) {
                    unknown.add(traceId);
                }
                Long start = unknown.contains(traceId)
                        ? Long.valueOf(Long.MIN_VALUE)
                        : recent.startOf(traceId, span.spanId());
                if (start != null) {
                    traceIds.add(traceId);
                    spanIds.add(span.spanId());
                    sinceNanos = Math.min(sinceNanos, start);
                }
            }
        }

        boolean isNeeded() {
            return !traceIds.isEmpty();
        }

        List<String> traceIds() {
            return List.copyOf(traceIds);
        }

        List<String> spanIds() {
            return spanIds;
        }

        /** No copy that is known of starts earlier. */
        long sinceNanos() {
            return sinceNanos;
        }
    }
}
