/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.T0;
import static io.tracebridge.dashboard.store.Records.event;
import static io.tracebridge.dashboard.store.Records.span;
import static io.tracebridge.dashboard.store.Records.traceId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.Records;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoreFacts;
import io.tracebridge.dashboard.store.StoreRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvictionTest {
    private static final long CAP = 12 << 20;
    private final Random random = new Random(1);
    private int noise = 1_200;

    @TempDir
    Path folder;

    @Test
    void issues_areBounded_andThoseSeenLongestAgoLeave() {
        try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(folder.resolve("d"), 256 << 20, 64 << 20, "r"))) {
            int issues = IssueBook.MAX_ISSUES + 500;
            for (int from = 0; from < issues; from += 2_100) {
                put(
                        store,
                        LongStream.range(from, Math.min(issues, from + 2_100))
                                .mapToObj(n ->
                                        event(n, "key " + n).timeNanos(T0 + n).build())
                                .toList());
            }
            // after the batch, so after the flush that waits for it
            await().untilAsserted(() -> assertThat(
                            store.issues().issues(Filter.ALL, 20_000, 0).size())
                    .isBetween(IssueBook.MAX_ISSUES * 8 / 10, IssueBook.MAX_ISSUES));
            assertThat(store.issues().event(String.format("%032x", 0))).isNull();
            assertThat(store.issues().event(String.format("%032x", issues - 1))).isNotNull();
            StoreFacts facts = store.health().facts();
            assertThat(facts.events() + facts.evicted()).isEqualTo(issues);

            // what left is a new issue when it comes again
            put(store, List.of(event(issues, "key 0").timeNanos(T0 + issues).build()));
            assertThat(store.issues().event(String.format("%032x", issues))).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void store_staysUnderItsCapAndKeepsTheProof(boolean onDisk) {
        // in memory each table has blocks of a fixed size for each column, some 22 MB when all are open
        long cap = onDisk ? CAP : 4 * CAP;
        long open = onDisk ? 4 << 20 : 24 << 20;
        noise = onDisk ? 1_200 : 4_000;
        try (DuckDbStore store =
                DuckDbStore.open(new DuckDbOptions(onDisk ? folder.resolve("d") : null, cap, 64 << 20, "r"))) {
            // one old failure with its trace, one slow trace, then a flood of ordinary ones
            put(
                    store,
                    List.of(
                            event(1, "rare").traceId(traceId(1)).build(),
                            filled(1).build(),
                            filled(2).durationNanos(9_000_000_000L).build(),
                            filled(3)
                                    .operation("GET /pay")
                                    .status(SpanStatus.ERROR)
                                    .build()));
            int trace = 10;
            long largest = 0;
            for (int batch = 0; batch < 40; batch++) {
                List<StoreRecord> records = new ArrayList<>();
                for (int i = 0; i < 500; i++) {
                    records.add(filled(trace++).build());
                    records.add(LogRecord.builder(T0 + trace).body(noise(200)).build());
                }
                put(store, records);
                largest = Math.max(largest, store.health().facts().bytes());
            }

            StoreFacts facts = store.health().facts();

            assertThat(facts.evicted()).isPositive();
            assertThat(largest).isLessThan(cap * 11 / 10 + open);
            assertThat(facts.bytes()).isLessThan(cap * 11 / 10 + open);
            assertThat(store.traces().spans(traceId(1), 1)).hasSize(1);
            assertThat(store.traces().spans(traceId(2), 1)).hasSize(1);
            assertThat(store.traces().spans(traceId(3), 1)).hasSize(1);
            assertThat(store.issues().issues(Filter.ALL, 10, 0)).hasSize(1);
            // what is left stands for all that came, and of old data fewer are left
            double estimated = 0;
            long late = 0;
            long ordinary = 0;
            List<String> ids =
                    LongStream.range(10, trace).mapToObj(Records::traceId).toList();
            for (SpanFacts span : store.analysis().spans(ids, Long.MIN_VALUE)) {
                estimated += span.storedWeight();
                ordinary++;
                late += span.startNanos() > T0 + trace / 2 * 1_000_000L ? 1 : 0;
            }
            assertThat(estimated).isCloseTo(trace - 10.0, within(0.15 * trace));
            assertThat(ordinary).isGreaterThan(200);
            assertThat((double) late / ordinary).isBetween(0.6, 0.95);
        }
    }

    @Test
    void weights_stayTrue_whenEvictionsAreDoneByOneProcessAfterAnother() {
        int trace = 10;
        double estimated = 0;
        for (int process = 0; process < 4; process++) {
            try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(folder.resolve("d"), CAP, 64 << 20, "r"))) {
                while (store.health().facts().evicted() == 0) {
                    put(
                            store,
                            LongStream.range(trace, trace + 500)
                                    .mapToObj(n -> filled(n).build())
                                    .toList());
                    trace += 500;
                }
                List<String> ids =
                        LongStream.range(10, trace).mapToObj(Records::traceId).toList();
                estimated = store.analysis().spans(ids, Long.MIN_VALUE).stream()
                        .mapToDouble(SpanFacts::storedWeight)
                        .sum();
            }
        }
        assertThat(estimated).isCloseTo(trace - 10.0, within(0.15 * trace));
    }

    @Test
    void newestTraces_stayWhole_andEachTimeIsStoodForByWhatIsLeftOfIt() {
        try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(folder.resolve("d"), CAP, 64 << 20, "r"))) {
            int trace = 10;
            for (int batch = 0; batch < 60; batch++) {
                put(
                        store,
                        LongStream.range(trace, trace + 500)
                                .mapToObj(n -> filled(n).build())
                                .toList());
                trace += 500;
            }
            assertThat(store.health().facts().evicted()).isGreaterThan(trace / 2);

            int sixth = (trace - 10) / 6;
            for (int part = 0; part < 6; part++) {
                List<String> ids = LongStream.range(10 + part * sixth, 10 + (part + 1L) * sixth)
                        .mapToObj(Records::traceId)
                        .toList();
                double estimated = store.analysis().spans(ids, Long.MIN_VALUE).stream()
                        .mapToDouble(SpanFacts::storedWeight)
                        .sum();
                assertThat(estimated).as("part %s", part).isCloseTo(sixth, within(0.15 * sixth));
            }
            List<String> newest = LongStream.range(trace - 1_000, trace)
                    .mapToObj(Records::traceId)
                    .toList();
            assertThat(store.analysis().spans(newest, Long.MIN_VALUE))
                    .hasSize(1_000)
                    .allMatch(span -> span.storedWeight() == 1);
        }
    }

    @Test
    void issue_keepsItsLastEvents() {
        try (DuckDbStore store = DuckDbStore.open(new DuckDbOptions(folder.resolve("d"), CAP, 64 << 20, "r"))) {
            for (int batch = 0; batch < 30; batch++) {
                List<StoreRecord> records = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    int n = batch * 100 + i;
                    records.add(event(n, "loud")
                            .timeNanos(T0 + n)
                            .payload("{\"x\":\"" + noise(8_000) + "\"}")
                            .build());
                }
                put(store, records);
            }

            var issue = store.issues().issues(Filter.ALL, 1, 0).get(0);
            var kept = store.issues().events(issue.id(), 1_000, 0);

            assertThat(issue.events()).isEqualTo(3_000);
            assertThat(store.health().facts().bytes()).isLessThan(CAP * 13 / 10);
            assertThat(kept).hasSizeBetween(Eviction.EVENTS_OF_ISSUE, 2_000);
            assertThat(kept.get(0).event().timeNanos()).isEqualTo(T0 + 2_999);
        }
    }

    private void put(DuckDbStore store, List<? extends StoreRecord> records) {
        assertThat(store.intake().offer(records)).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }

    private SpanRecord.Builder filled(long n) {
        return span(n, n)
                .startNanos(T0 + n * 1_000_000)
                .segmentRoot(true)
                .attributes("{\"noise\":\"" + noise(noise) + "\"}");
    }

    /** Text that does not compress. */
    private String noise(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) ('0' + random.nextInt(74)));
        }
        return text.toString().replace('\\', '.');
    }
}
