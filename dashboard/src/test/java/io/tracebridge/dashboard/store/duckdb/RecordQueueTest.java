/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.event;
import static io.tracebridge.dashboard.store.Records.span;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoreRecord;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordQueueTest {
    private final RecordQueue queue = new RecordQueue(1 << 20);
    private final LogRecord log = LogRecord.builder(1).body("x".repeat(1_000)).build();

    @Test
    void errorsKeepFlowing_whenTheRestIsRefused() {
        fill(log);
        assertThat(queue.accepts(SpanRecord.class)).isTrue();
        fill(span(1, 1).attributes("{\"x\":\"" + "x".repeat(1_000) + "\"}").build());
        assertThat(queue.offer(List.of(log))).isEqualTo(Admission.BUSY);

        assertThat(queue.accepts(EventRecord.class)).isTrue();
        assertThat(queue.offer(List.of(event(1, "k").build()))).isEqualTo(Admission.ACCEPTED);
        fill(event(1, "k").payload("x".repeat(1_000)).build());
        assertThat(queue.offer(List.of(event(1, "k").payload("x".repeat(1_000)).build())))
                .isEqualTo(Admission.BUSY);
    }

    @Test
    void offer_takesAllOrNothing() throws Exception {
        queue.offer(List.of(log));
        List<LogRecord> tooMany = Collections.nCopies(1_000, log);

        assertThat(queue.offer(tooMany)).isEqualTo(Admission.BUSY);

        assertThat(queue.take(0, 0)).hasSize(1);
        // alone it passes: else it never could
        assertThat(queue.offer(tooMany)).isEqualTo(Admission.ACCEPTED);
    }

    @Test
    void fullQueue_isUnavailable_whenTheEngineFails() {
        fill(log);
        queue.failing(true);

        assertThat(queue.offer(List.of(log))).isEqualTo(Admission.UNAVAILABLE);
    }

    private void fill(StoreRecord record) {
        int count = 0;
        while (queue.offer(List.of(record)) == Admission.ACCEPTED) {
            assertThat(++count).isLessThan(10_000);
        }
    }
}
