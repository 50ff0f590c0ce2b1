/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.RunRecord;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * All runs, in memory beside their table.
 *
 * <p>Used by the writer's thread only. Past {@value #MAX_RUNS} runs those seen longest ago leave the list; their records keep
 * their run id.
 */
final class RunBook {
    static final String COLUMNS = "run_id, service, release, first_seen_ns, last_seen_ns";
    static final int MAX_RUNS = 2_000;
    /** A run's end moves in steps, so that not every write rewrites its row. */
    private static final long STEP_NANOS = 1_000_000_000L;

    private final Map<String, RunRecord> runs = new HashMap<>();

    void load(DuckDBConnection connection) throws SQLException {
        runs.clear();
        for (RunRecord run : Sql.list(connection, "SELECT " + COLUMNS + " FROM runs", RunBook::read)) {
            runs.put(key(run.runId(), run.service()), run);
        }
    }

    /** Reads {@link #COLUMNS}. */
    static RunRecord read(Cells cells) throws SQLException {
        return new RunRecord(cells.text(), cells.text(), cells.textOrNull(), cells.number(), cells.number());
    }

    Draft draft() {
        return new Draft();
    }

    /** Changes of one transaction; the book follows when it is committed. */
    final class Draft {
        private final Map<String, RunRecord> changed = new HashMap<>();
        private final Set<String> leaving = new HashSet<>();

        void note(String runId, String service, @Nullable String release, long nanos) {
            String key = key(runId, service);
            RunRecord mine = changed.get(key);
            RunRecord known = mine == null ? runs.get(key) : mine;
            if (known == null) {
                // a sender that makes a run of each record stops here; the rest is in the next batch
                if (changed.size() < MAX_RUNS / 2) {
                    changed.put(key, new RunRecord(runId, service, release, nanos, nanos));
                }
            } else if (mine != null || outside(known, nanos)) {
                changed.put(
                        key,
                        new RunRecord(
                                runId,
                                service,
                                known.release() == null ? release : known.release(),
                                Math.min(known.firstSeenNanos(), nanos),
                                Math.max(known.lastSeenNanos(), nanos)));
            }
        }

        void save(DuckDBConnection connection) throws SQLException {
            if (changed.isEmpty()) {
                return;
            }
            makeRoom();
            List<String> keys = new ArrayList<>(changed.keySet());
            keys.addAll(leaving);
            Sql.update(
                    connection,
                    "DELETE FROM runs WHERE run_id || chr(10) || service IN (SELECT unnest(?::VARCHAR[]))",
                    keys);
            try (DuckDBAppender appender = connection.createAppender("main", "runs")) {
                for (RunRecord run : changed.values()) {
                    Row.begin(appender)
                            .text(run.runId())
                            .text(run.service())
                            .text(run.release())
                            .number(run.firstSeenNanos())
                            .number(run.lastSeenNanos())
                            .end();
                }
            }
        }

        /** The newest runs are what "new" and "current" are judged by: it is the oldest that leave, a tenth more than needed. */
        private void makeRoom() {
            leaving.clear();
            Set<String> all = new HashSet<>(runs.keySet());
            all.addAll(changed.keySet());
            if (all.size() <= MAX_RUNS) {
                return;
            }
            runs.entrySet().stream()
                    .filter(run -> !changed.containsKey(run.getKey()))
                    .sorted(Comparator.comparingLong(run -> run.getValue().lastSeenNanos()))
                    .limit(all.size() - MAX_RUNS + MAX_RUNS / 10)
                    .forEach(run -> leaving.add(run.getKey()));
        }

        void adopt() {
            runs.keySet().removeAll(leaving);
            runs.putAll(changed);
        }
    }

    private static boolean outside(RunRecord run, long nanos) {
        return nanos < run.firstSeenNanos() || nanos > run.lastSeenNanos() + STEP_NANOS;
    }

    private static String key(String runId, String service) {
        return runId + '\n' + service;
    }
}
