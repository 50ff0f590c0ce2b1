/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.T0;
import static io.tracebridge.dashboard.store.Records.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;

/** What the writer keeps in memory has bounds, and says what leaves. */
class BooksTest {
    private static final DuckDbOptions OPTIONS = new DuckDbOptions(null, 64 << 20, 16 << 20, "own-run");

    @Test
    void newestRuns_areListed_whenThereAreTooMany() throws Exception {
        try (Database database = Database.open(OPTIONS)) {
            DuckDBConnection connection = database.writes();
            RunBook runs = new RunBook();
            for (int i = 0; i < 2 * RunBook.MAX_RUNS; i += 500) {
                RunBook.Draft draft = runs.draft();
                for (int j = i; j < i + 500; j++) {
                    draft.note("run-" + j, "shop", null, T0 + j);
                }
                save(draft, connection);
            }

            RunBook.Draft again = runs.draft();
            again.note("run-last", "shop", null, T0 + 1_000_000);
            save(again, connection);

            assertThat(count(database, "SELECT count(*) FROM runs")).isBetween(1_500L, (long) RunBook.MAX_RUNS);
            assertThat(count(database, "SELECT count(*) FROM runs WHERE run_id IN ('run-last', 'run-3999')"))
                    .isEqualTo(2);
            assertThat(count(database, "SELECT count(*) FROM runs WHERE run_id = 'run-0'"))
                    .isZero();
        }
    }

    @Test
    void keysOfOneIssue_areBounded_andItIsFoundAllTheSame() throws Exception {
        try (Database database = Database.open(OPTIONS)) {
            IssueBook issues = new IssueBook();
            IssueBook.Draft draft = issues.draft();
            for (int i = 0; i < IssueBook.MAX_KEYS + 1_000; i++) {
                draft.join(event(i, "app", "system-" + i).build(), "run");
            }
            String other = draft.join(event(1, "other", "system-other").build(), "run");
            draft.save(database.writes());
            draft.adopt();

            assertThat(count(database, "SELECT count(*) FROM issue_keys"))
                    .isBetween((long) IssueBook.MAX_KEYS, IssueBook.MAX_KEYS + 2L);
            assertThat(count(database, "SELECT count(*) FROM issues")).isEqualTo(2);
            assertThat(issues.draft().join(event(2, "other").build(), "run")).isEqualTo(other);
        }
    }

    private static void save(RunBook.Draft draft, DuckDBConnection connection) throws SQLException {
        draft.save(connection);
        draft.adopt();
    }

    private static long count(Database database, String query) {
        Long count = database.reads().first(query, Cells::number);
        return count == null ? 0 : count;
    }
}
