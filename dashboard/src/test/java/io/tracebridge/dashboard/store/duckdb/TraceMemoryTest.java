/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.span;
import static io.tracebridge.dashboard.store.Records.spanId;
import static io.tracebridge.dashboard.store.Records.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoreRecord;
import io.tracebridge.dashboard.store.StoredSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceMemoryTest {
    @TempDir
    Path folder;

    @Test
    void storedTrace_isNeverCalledNew_andFewNewOnesAreMissed() {
        SeenTraces seen = new SeenTraces();
        seen.startEmpty();
        LongStream.range(0, 100_000).forEach(n -> seen.add(traceId(n)));

        assertThat(LongStream.range(0, 100_000).filter(n -> seen.isNew(traceId(n))))
                .isEmpty();
        assertThat(LongStream.range(100_000, 200_000)
                        .filter(n -> seen.isNew(traceId(n)))
                        .count())
                .isGreaterThan(99_990);
    }

    @Test
    void noTraceIsCalledNew_untilStoredOnesAreRead() {
        SeenTraces seen = new SeenTraces();
        seen.begin();

        assertThat(seen.isNew(traceId(1))).isFalse();

        seen.read(each -> each.accept(traceId(1)));
        Awaitility.await().until(() -> seen.isNew(traceId(2)));
        assertThat(seen.isNew(traceId(1))).isFalse();
    }

    @Test
    void storedTraces_areReadOnce_whenReadingMayBegin() {
        SeenTraces seen = new SeenTraces();
        List<String> readers = new CopyOnWriteArrayList<>();
        seen.read(each -> readers.add("of an engine that was opened anew since"));
        seen.read(each -> readers.add("now"));
        assertThat(seen.isNew(traceId(1))).isFalse();
        assertThat(readers).isEmpty();

        seen.begin();

        Awaitility.await().until(() -> seen.isNew(traceId(1)));
        assertThat(readers).containsExactly("now");
    }

    @Test
    void noTraceIsCalledNew_whenAnEarlierReadingEndsFirst() {
        SeenTraces seen = new SeenTraces();
        seen.begin();
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        seen.read(each -> acceptAfter(first, each, 1));
        seen.read(each -> acceptAfter(second, each, 3));

        first.countDown();
        Awaitility.await().during(Duration.ofMillis(300)).until(() -> !seen.isNew(traceId(3)));
        second.countDown();
        Awaitility.await().until(() -> seen.isNew(traceId(2)));
        assertThat(seen.isNew(traceId(3))).isFalse();
    }

    private static void acceptAfter(CountDownLatch latch, Consumer<String> each, long trace) {
        try {
            latch.await();
            each.accept(traceId(trace));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void recentTraces_areBounded_andTheOldestLeaves() {
        RecentTraces recent = new RecentTraces();
        String attributes = "{\"x\":\"" + "x".repeat(50_000) + "\"}";

        for (long trace = 1; trace <= 1_000; trace++) {
            recent.add(List.of(stored(span(trace, 1).category("ai").attributes(attributes))));
        }

        long kept = LongStream.rangeClosed(1, 1_000)
                .filter(trace -> recent.has(traceId(trace)))
                .count();
        assertThat(kept).isBetween(400L, RecentTraces.MAX_BYTES / 50_000);
        assertThat(recent.has(traceId(1))).isFalse();
        assertThat(recent.has(traceId(1_000))).isTrue();
    }

    @Test
    void recentTraces_leaveATraceOut_whenTwoApplicationsUseOneSpanId() {
        RecentTraces recent = new RecentTraces();

        recent.add(
                List.of(stored(span(1, 1).service("shop")), stored(span(1, 1).service("stock")), stored(span(1, 2))));
        recent.add(List.of(stored(span(2, 1))));

        // a part of a trace must not pass for the whole
        assertThat(recent.spans(traceId(1))).isNull();
        assertThat(recent.spans(traceId(2))).hasSize(1);
    }

    @Test
    void analysisReadsTheSame_fromMemoryAndFromTheEngine() {
        SpanRecord[] spans = {
            span(1, 1).parentId(null).keptBecause("error").weight(10.0).build(),
            span(1, 2)
                    .parentId(spanId(1))
                    .category("ai")
                    .environment("dev")
                    .release("1")
                    .runId("r")
                    .attributes("{\"gen_ai.system\":\"x\"}")
                    .build(),
            span(1, 3)
                    .status(SpanStatus.ERROR)
                    .errorType("timeout")
                    .attributes("{\"tracebridge.late\":true}")
                    .build()
        };
        List<SpanFacts> remembered;
        try (DuckDbStore store = open()) {
            put(store, spans[0]);
            put(store, spans[1], spans[2]);
            remembered = store.analysis().spans(List.of(traceId(1)), Long.MIN_VALUE);
        }
        try (DuckDbStore store = open()) {
            assertThat(store.analysis().spans(List.of(traceId(1)), Long.MIN_VALUE))
                    .containsExactlyInAnyOrderElementsOf(remembered)
                    .hasSize(3);
        }
    }

    @Test
    void copies_areMerged_acrossARestartAndAfterAMerge() {
        try (DuckDbStore store = open()) {
            put(store, span(1, 1).build(), span(1, 2).build());
        }
        try (DuckDbStore store = open()) {
            put(store, span(1, 1).sources(Source.SENTRY).build());
            put(store, span(1, 1).sources(Source.SENTRY).build(), span(1, 3).build());
            put(store, span(1, 3).sources(Source.SENTRY).build());

            assertThat(store.traces().spans(traceId(1), 10))
                    .extracting(stored -> stored.span().sources())
                    .containsExactlyInAnyOrder(3, 1, 3);
            assertThat(store.analysis().spans(List.of(traceId(1)), Long.MIN_VALUE))
                    .hasSize(3);
        }
    }

    @Test
    void clearedTrace_isNewAgain() {
        try (DuckDbStore store = open()) {
            put(store, span(1, 1).build());
            store.clear();
            assertThat(store.analysis().spans(List.of(traceId(1)), Long.MIN_VALUE))
                    .isEmpty();

            put(store, span(1, 1).build());
            assertThat(store.traces().spans(traceId(1), 10)).hasSize(1);
        }
    }

    private DuckDbStore open() {
        return DuckDbStore.open(new DuckDbOptions(folder.resolve("data"), 64 << 20, 8 << 20, "own-run"));
    }

    private static void put(DuckDbStore store, StoreRecord... records) {
        assertThat(store.intake().offer(List.of(records))).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }

    private static StoredSpan stored(SpanRecord.Builder span) {
        return new StoredSpan(span.runId("r").build(), 1);
    }
}
