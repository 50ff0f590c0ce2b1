/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static io.tracebridge.dashboard.store.Records.T0;
import static io.tracebridge.dashboard.store.Records.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.Records;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Throws that arrive by both protocols, in every order. A client that sets a fingerprint has another key by Sentry than the
 * same stack has by OpenTelemetry; which copy came first must not decide how many issues there are.
 *
 * <p>Each order is an error of its own, so all orders share the writes.
 */
class TwoRoutesTest {
    private Store store;

    @BeforeEach
    void open() {
        store = DuckDbStore.open(new DuckDbOptions(null, 64 << 20, 16 << 20, "own-run"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void oneError_isOneIssue_inWhateverOrderOfOneWriteItsCopiesCome() {
        List<List<Integer>> orders = orders(6);
        List<EventRecord> all = new ArrayList<>();
        for (int error = 0; error < orders.size(); error++) {
            for (int copy : orders.get(error)) {
                all.add(copy(error, copy, "step"));
            }
        }
        put(all);

        assertThat(issues()).hasSize(orders.size()).allSatisfy(issue -> holds(issue, 3));
    }

    @Test
    void oneError_isOneIssue_inWhateverOrderItsCopiesAreWritten() {
        List<List<Integer>> orders = orders(6);
        putApart(orders, "step");
        assertThat(issues()).hasSize(orders.size()).allSatisfy(issue -> holds(issue, 3));

        // what comes next by one route finds the issue by either key
        put(everyError(orders.size(), 6, "step"));
        put(everyError(orders.size(), 9, "step"));
        assertThat(issues())
                .hasSize(orders.size())
                .allSatisfy(issue -> assertThat(issue.events()).isEqualTo(5));
    }

    @Test
    void fingerprintsOfTheClient_keepApartWhatOneStackThrew_inWhateverOrder() {
        List<List<Integer>> orders = orders(4);
        putApart(orders, "tenant");

        assertThat(issues()).hasSize(2 * orders.size()).allSatisfy(issue -> holds(issue, 1));
    }

    @Test
    void errorsThatOnlyOpenTelemetryTold_followTheIssueOfTheirStack() {
        put(List.of(copy(0, 1, "step")));
        put(List.of(copy(0, 2, "step")));
        put(List.of(copy(0, 4, "step")));
        assertThat(issues()).hasSize(2);

        put(List.of(copy(0, 0, "step")));

        assertThat(issues()).singleElement().satisfies(issue -> {
            assertThat(issue.events()).isEqualTo(3);
            assertThat(eventsOf(issue)).hasSize(3);
        });
    }

    @Test
    void resolvedIssue_staysSo_whenAnOlderOneBecomesPartOfIt() {
        put(List.of(copy(0, 0, "step")));
        put(List.of(copy(0, 3, "step")));
        IssueRecord bySentry = issues().get(0);
        assertThat(bySentry.lastSeenNanos()).isEqualTo(T0 + 1);
        store.setIssueStatus(bySentry.id(), "resolved");

        put(List.of(copy(0, 1, "step")));

        assertThat(issues()).singleElement().satisfies(issue -> {
            assertThat(issue.id()).isEqualTo(bySentry.id());
            assertThat(issue.status()).isEqualTo("resolved");
            assertThat(issue.events()).isEqualTo(2);
        });
    }

    @Test
    void issue_tellsWhatSentrysCopyKnows_alsoWhenItCameSecond() {
        put(List.of(copy(0, 0, "step")));
        put(List.of(copy(0, 1, "step").toBuilder()
                .handled(false)
                .level("fatal")
                .culprit("Shop.cart")
                // a step captures what its span records when it ends
                .timeNanos(T0 - 1_000_000)
                .build()));

        assertThat(issues()).singleElement().satisfies(issue -> {
            assertThat(issue.events()).isEqualTo(1);
            assertThat(issue.handled()).isFalse();
            assertThat(issue.level()).isEqualTo("fatal");
            assertThat(issue.culprit()).isEqualTo("Shop.cart");
        });
    }

    @Test
    void ignoredIssue_staysSo_whenItBecomesPartOfAnother() {
        put(List.of(copy(0, 0, "step")));
        store.setIssueStatus(issues().get(0).id(), "ignored");
        put(List.of(copy(0, 3, "step")));

        put(List.of(copy(0, 1, "step")));

        assertThat(issues()).extracting(IssueRecord::status).containsExactly("ignored");
    }

    private void holds(IssueRecord issue, int events) {
        assertThat(issue.events()).isEqualTo(events);
        List<StoredEvent> stored = eventsOf(issue);
        assertThat(stored)
                .hasSize(events)
                .allSatisfy(one -> assertThat(one.event().sources()).isEqualTo(Source.OTLP | Source.SENTRY));
        assertThat(issue.lastSeenNanos()).isEqualTo(stored.get(0).event().timeNanos());
        assertThat(issue.firstSeenNanos())
                .isEqualTo(stored.get(events - 1).event().timeNanos());
    }

    private void putApart(List<List<Integer>> orders, String fingerprint) {
        for (int step = 0; step < orders.get(0).size(); step++) {
            List<EventRecord> batch = new ArrayList<>();
            for (int error = 0; error < orders.size(); error++) {
                batch.add(copy(error, orders.get(error).get(step), fingerprint));
            }
            put(batch);
        }
    }

    private static List<EventRecord> everyError(int errors, int copy, String fingerprint) {
        return IntStream.range(0, errors)
                .mapToObj(error -> copy(error, copy, fingerprint))
                .toList();
    }

    private void put(List<EventRecord> batch) {
        assertThat(store.intake().offer(batch)).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }

    private List<IssueRecord> issues() {
        return store.issues().issues(Filter.ALL, 2_000, 0);
    }

    private List<StoredEvent> eventsOf(IssueRecord issue) {
        return store.issues().events(issue.id(), 10, 0);
    }

    /**
     * A copy of a throw.
     * @param number even by OpenTelemetry, odd by Sentry; two that follow each other are one throw
     * @param fingerprint of the client; "tenant" is another one for each throw
     */
    private static EventRecord copy(int error, int number, String fingerprint) {
        int thrown = number / 2;
        boolean sentry = number % 2 == 1;
        String key = fingerprint.equals("tenant") ? fingerprint + thrown : fingerprint;
        return Records.event(error * 100L + number + 1, (sentry ? key : "stack") + " of error " + error)
                .traceId(traceId(error * 100L + thrown + 1))
                .spanId("00000000000000a1")
                .timeNanos(T0 + thrown)
                .sources(sentry ? Source.SENTRY : Source.OTLP)
                .build();
    }

    /** All orders of the numbers below. */
    private static List<List<Integer>> orders(int size) {
        if (size == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (List<Integer> order : orders(size - 1)) {
            for (int place = 0; place < size; place++) {
                List<Integer> longer = new ArrayList<>(order);
                longer.add(place, size - 1);
                all.add(longer);
            }
        }
        return all;
    }
}
