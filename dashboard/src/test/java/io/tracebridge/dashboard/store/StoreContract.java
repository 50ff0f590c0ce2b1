/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static io.tracebridge.dashboard.store.Records.T0;
import static io.tracebridge.dashboard.store.Records.event;
import static io.tracebridge.dashboard.store.Records.span;
import static io.tracebridge.dashboard.store.Records.traceId;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does alike. */
public abstract class StoreContract {
    protected Store store;

    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected void put(StoreRecord... records) {
        assertThat(store.intake().offer(List.of(records))).isEqualTo(Admission.ACCEPTED);
        store.flush();
    }

    @Test
    void span_comesBackAsItWas() {
        SpanRecord span = span(1, 2)
                .parentId(Records.spanId(9))
                .environment("dev")
                .release("1.2")
                .runId("run-a")
                .status(SpanStatus.ERROR)
                .errorType("timeout")
                .segmentRoot(true)
                .weight(10.0)
                .keptBecause("error")
                .statusMessage("took too long")
                .attributes("{\"a.b\":\"c\"}")
                .events("[{\"t\":1}]")
                .links("[{\"traceId\":\"x\"}]")
                .resource("{\"service.name\":\"shop\"}")
                .build();

        put(span);

        assertThat(store.traces().spans(traceId(1), 10)).containsExactly(new StoredSpan(span, 1));
    }

    @Test
    void span_staysOne_whenItIsSentAgain() {
        put(span(1, 2).build());
        put(span(1, 2).build(), span(1, 2).build());

        assertThat(store.traces().spans(traceId(1), 10)).hasSize(1);
    }

    @Test
    void span_unitesAttributesAndNotesSources_whenItComesByBothProtocols() {
        put(span(1, 2)
                .service("")
                .sources(Source.SENTRY)
                .name("cart")
                .attributes("{\"both\":\"sentry\",\"sentry.op\":\"http.server\"}")
                .segmentRoot(true)
                .build());
        put(span(1, 2)
                .sources(Source.OTLP)
                .runId("run-a")
                .attributes("{\"both\":\"otlp\",\"http.route\":\"/cart\"}")
                .build());

        List<StoredSpan> spans = store.traces().spans(traceId(1), 10);

        assertThat(spans).hasSize(1);
        SpanRecord merged = spans.get(0).span();
        assertThat(merged.sources()).isEqualTo(Source.OTLP | Source.SENTRY);
        assertThat(merged.service()).isEqualTo("shop");
        assertThat(merged.name()).isEqualTo("GET /cart");
        assertThat(merged.runId()).isEqualTo("run-a");
        assertThat(merged.segmentRoot()).isTrue();
        assertThat(merged.attributes())
                .isEqualTo("{\"both\":\"otlp\",\"sentry.op\":\"http.server\",\"http.route\":\"/cart\"}");
    }

    @Test
    void span_isTheSame_whicheverProtocolCameFirst() {
        SpanRecord otlp = span(1, 2).attributes("{\"a\":\"otlp\"}").build();
        SpanRecord sentry = span(1, 2)
                .sources(Source.SENTRY)
                .name("cart")
                .attributes("{\"a\":\"sentry\"}")
                .build();

        put(otlp);
        put(sentry);

        SpanRecord merged = store.traces().spans(traceId(1), 10).get(0).span();
        assertThat(merged.name()).isEqualTo("GET /cart");
        assertThat(merged.attributes()).isEqualTo("{\"a\":\"otlp\"}");
        assertThat(merged.sources()).isEqualTo(3);
    }

    @Test
    void spans_stayApart_whenTwoApplicationsUseOneSpanId() {
        put(span(1, 2).service("shop").build(), span(1, 2).service("stock").build());
        put(span(1, 2).service("stock").build());

        assertThat(store.traces().spans(traceId(1), 10))
                .extracting(stored -> stored.span().service())
                .containsExactlyInAnyOrder("shop", "stock");
    }

    @Test
    void record_getsTheRunOfTheServer_whenTheSenderNamedNone() {
        put(span(1, 2).build(), event(1, "k").build());

        assertThat(store.traces().spans(traceId(1), 1).get(0).span().runId()).isEqualTo("own-run");
        assertThat(store.health().runs(10)).extracting(RunRecord::runId).containsExactly("own-run");
    }

    @Test
    void event_comesBackAsItWas() {
        EventRecord event = event(7, "k1", "k2")
                .environment("dev")
                .release("1.2")
                .runId("run-a")
                .culprit("Shop.cart")
                .handled(false)
                .traceId(traceId(1))
                .spanId(Records.spanId(2))
                .transaction("GET /cart")
                .platform("java")
                .user("42")
                .build();

        put(event);

        StoredEvent stored = store.issues().event(event.eventId());
        assertThat(stored).isNotNull();
        assertThat(stored.event()).isEqualTo(event);
        assertThat(store.issues().eventsOfTrace(traceId(1), 10)).containsExactly(stored);
        assertThat(store.issues().events(stored.issueId(), 10, 0)).containsExactly(stored);
    }

    @Test
    void events_formOneIssue_whenAnyKeyIsKnown() {
        put(event(1, "new-algorithm", "old").timeNanos(T0).build());
        put(event(2, "old").timeNanos(T0 + 5).message("later").build());
        put(event(3, "newest", "new-algorithm").timeNanos(T0 - 5).build());
        put(event(4, "other").build());

        List<IssueRecord> issues = store.issues().issues(Filter.ALL, 10, 0);

        assertThat(issues).hasSize(2);
        IssueRecord issue = issues.get(0);
        assertThat(issue.events()).isEqualTo(3);
        assertThat(issue.message()).isEqualTo("later");
        assertThat(issue.firstSeenNanos()).isEqualTo(T0 - 5);
        assertThat(issue.lastSeenNanos()).isEqualTo(T0 + 5);
        put(event(5, "newest").build());
        assertThat(store.issues().issue(issue.id()).events()).isEqualTo(4);
    }

    @Test
    void event_isCountedOnce_whenItIsSentAgain() {
        put(event(1, "k").build(), event(1, "k").build());
        put(event(1, "k").build());

        assertThat(store.issues().issues(Filter.ALL, 10, 0))
                .extracting(IssueRecord::events)
                .containsExactly(1L);
    }

    @Test
    void event_isCountedOnce_whenBothProtocolsTellOfOneThrow() {
        EventRecord otlp = event(1, "stack-text")
                .traceId(traceId(1))
                .spanId(Records.spanId(2))
                .sources(Source.OTLP)
                .build();
        EventRecord sentry = event(2, "frames")
                .traceId(traceId(1))
                .spanId(Records.spanId(2))
                .timeNanos(T0 + 900_000_000L)
                .payload("{\"from\":\"sentry\"}")
                .build();
        put(otlp);
        put(sentry);
        put(otlp);
        put(sentry);

        List<IssueRecord> issues = store.issues().issues(Filter.ALL, 10, 0);

        assertThat(issues).extracting(IssueRecord::events).containsExactly(1L);
        List<StoredEvent> events = store.issues().events(issues.get(0).id(), 10, 0);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).event().eventId()).isEqualTo(sentry.eventId());
        assertThat(events.get(0).event().payload()).isEqualTo("{\"from\":\"sentry\"}");
        assertThat(events.get(0).event().sources()).isEqualTo(3);
        assertThat(events.get(0).twinId()).isEqualTo(otlp.eventId());
    }

    @Test
    void events_areTwo_whenOneProtocolTellsOfTwoThrows() {
        put(
                event(1, "k").traceId(traceId(1)).spanId(Records.spanId(2)).build(),
                event(2, "k").traceId(traceId(1)).spanId(Records.spanId(2)).build());

        assertThat(store.issues().issues(Filter.ALL, 10, 0))
                .extracting(IssueRecord::events)
                .containsExactly(2L);
    }

    @Test
    void issue_regresses_whenItHappensAgainAfterItWasResolved() {
        put(event(1, "k").build());
        String id = store.issues().issues(Filter.ALL, 1, 0).get(0).id();
        assertThat(store.setIssueStatus(id, "resolved")).isTrue();
        assertThat(store.issues().issue(id).status()).isEqualTo("resolved");

        // an old one that arrives late says nothing about what was done since
        put(event(9, "k").timeNanos(Records.T0 - 1).build());
        assertThat(store.issues().issue(id).status()).isEqualTo("resolved");

        put(event(2, "k").build());

        assertThat(store.issues().issue(id).status()).isEqualTo("regressed");
        assertThat(store.setIssueStatus("0000000000000000", "resolved")).isFalse();
    }

    @Test
    void filter_narrowsIssues() {
        put(
                event(1, "k").environment("dev").build(),
                event(2, "l").environment("prod").build());

        assertThat(store.issues().issues(filter("dev", null, Map.of()), 10, 0)).hasSize(1);
        assertThat(store.issues().issues(filter(null, "STOCK", Map.of()), 10, 0))
                .hasSize(2);
        assertThat(store.issues().issues(filter(null, null, Map.of("tool", "cart")), 10, 0))
                .hasSize(2);
        assertThat(store.issues().issues(filter(null, null, Map.of("tool", "x")), 10, 0))
                .isEmpty();
        assertThat(store.issues().issues(filter(null, "%' OR 1=1 --", Map.of("a\"b\\", "x")), 10, 0))
                .isEmpty();
    }

    @Test
    void logsPointsAndRetainedItems_comeBackAsTheyWere() {
        LogRecord log = LogRecord.builder(T0)
                .service("shop")
                .runId("r")
                .severity(17)
                .level("error")
                .body("no stock")
                .logger("shop.Cart")
                .thread("main")
                .traceId(traceId(1))
                .attributes("{\"k\":\"v\"}")
                .build();
        MetricPoint point = MetricPoint.builder("tool_executions", "counter", T0)
                .service("shop")
                .runId("r")
                .value(3)
                .min(1.5)
                .buckets("{}")
                .build();
        RetainedItem item = RetainedItem.builder(T0, "session")
                .runId("r")
                .payload("abc")
                .payloadBytes(3)
                .build();

        put(log, point, item);

        assertThat(store.logs().logs(Filter.ALL, 10, 0)).containsExactly(log);
        assertThat(store.logs().logsOfTrace(traceId(1), 10)).containsExactly(log);
        assertThat(store.metrics().points("tool_executions", Filter.ALL, 10)).containsExactly(point);
        assertThat(store.health().retained(10)).containsExactly(item);
    }

    @Test
    void hostileText_comesBackAsItWas() {
        String hostile = "'; DROP TABLE spans; --\u0000\u2028<script>alert(1)</script>\uD83D\uDE00\u001b[31m%s${x}";
        put(span(1, 2).name(hostile).service(hostile).attributes("{\"k\":1}").build());
        put(event(1, "k").message(hostile).type(hostile).build());

        assertThat(store.traces().spans(traceId(1), 1).get(0).span().name()).isEqualTo(hostile);
        assertThat(store.issues().issues(Filter.ALL, 1, 0).get(0).message()).isEqualTo(hostile);
    }

    @Test
    void halfACharacter_doesNotStopTheWriter() {
        put(span(1, 2).name("cut \uD83D").build());
        put(span(1, 3).build());

        assertThat(store.traces().spans(traceId(1), 10)).hasSize(2);
    }

    @Test
    void change_namesTracesAndNewIssues() {
        List<StoreChange> changes = new CopyOnWriteArrayList<>();
        store.onChange(changes::add);

        put(span(1, 2).build(), event(1, "k").build());
        put(event(2, "k").build());

        String id = store.issues().issues(Filter.ALL, 1, 0).get(0).id();
        assertThat(changes).hasSize(2);
        assertThat(changes.get(0).traceIds()).containsExactly(traceId(1));
        assertThat(changes.get(0).newIssueIds()).containsExactly(id);
        assertThat(changes.get(1).issueIds()).containsExactly(id);
        assertThat(changes.get(1).newIssueIds()).isEmpty();
    }

    @Test
    void clear_leavesNothing() {
        put(span(1, 2).build(), event(1, "k").build());

        store.clear();

        assertThat(store.traces().spans(traceId(1), 10)).isEmpty();
        assertThat(store.issues().issues(Filter.ALL, 10, 0)).isEmpty();
        put(event(1, "k").build());
        assertThat(store.issues().issues(Filter.ALL, 10, 0)).hasSize(1);
    }

    @Test
    void facts_countWhatIsThere() {
        List<StoreRecord> many = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            many.add(span(i, i).attributes("{\"n\":\"" + i + "\"}").build());
        }
        put(many.toArray(StoreRecord[]::new));

        StoreFacts facts = store.health().facts();

        assertThat(facts.spans()).isEqualTo(5_000);
        assertThat(facts.queued()).isZero();
        assertThat(facts.bytes()).isPositive().isLessThan(facts.maxBytes());
        assertThat(facts.oldestNanos()).isEqualTo(T0);
    }

    @Test
    void intake_refuses_afterClose() {
        store.close();

        assertThat(store.intake().offer(List.of(span(1, 2).build()))).isEqualTo(Admission.UNAVAILABLE);
        assertThat(store.intake().accepts(SpanRecord.class)).isFalse();
    }

    private static Filter filter(String environment, String text, Map<String, String> attributes) {
        return new Filter(null, environment, null, Long.MIN_VALUE, Long.MAX_VALUE, text, attributes);
    }
}
