/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.span;
import static io.tracebridge.dashboard.store.Records.traceId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.StoreQueryException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What the writer does when something goes wrong around it. */
class WriteLoopTest {
    private static final DuckDbOptions OPTIONS = new DuckDbOptions(null, 64 << 20, 16 << 20, "own-run");

    @Test
    void batch_isWritten_whenATransactionWasLeftOpen() throws Exception {
        try (Database database = Database.open(OPTIONS)) {
            BatchWriter batches = new BatchWriter(
                    database, "own-run", new IssueBook(), new RunBook(), new TraceMemory(database.reads()));
            batches.load();
            Sql.execute(database.writes(), "BEGIN TRANSACTION");

            batches.write(List.of(span(1, 1).build()));

            assertThat(database.reads().first("SELECT count(*) FROM spans", Cells::number))
                    .isEqualTo(1);
        }
    }

    @Test
    void clear_isNotDoneLater_whenItWasToldToHaveFailed() throws Exception {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (DuckDbStore store = DuckDbStore.open(OPTIONS)) {
            store.onChange(change -> {
                writing.countDown();
                awaitQuietly(goOn);
            });
            assertThat(store.intake().offer(List.of(span(1, 1).build()))).isEqualTo(Admission.ACCEPTED);
            writing.await();

            assertThatThrownBy(store::clear).isInstanceOf(StoreQueryException.class);
            goOn.countDown();
            store.flush();

            assertThat(store.setIssueStatus("none", "resolved")).isFalse(); // a call that comes after the one given up
            assertThat(store.traces().spans(traceId(1), 10)).hasSize(1);
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void writerThatEnded_isSaidInHealth_andNothingMoreIsTaken() {
        try (DuckDbStore store = DuckDbStore.open(OPTIONS)) {
            store.onChange(change -> {
                throw new LinkageError("of the test");
            });
            store.intake().offer(List.of(span(1, 1).build()));

            await().untilAsserted(() -> assertThat(store.health().facts().trouble())
                    .isEqualTo("the writer ended, restart the dashboard: of the test"));
            assertThat(store.intake().offer(List.of(span(2, 1).build()))).isEqualTo(Admission.UNAVAILABLE);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
