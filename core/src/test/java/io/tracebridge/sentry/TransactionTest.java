/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.sentry.Sentry;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kept traces as they reach Sentry. */
class TransactionTest {
    private BridgeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new BridgeFixture();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void keptTrace_isOneTransactionWithItsOwnIdsAndTimes() {
        SpanData root = Spans.span(1, 0, "GET")
                .setSpanContext(Spans.context(TRACE, 1, "th:e6666666666668"))
                .setKind(SpanKind.SERVER)
                .setAttributes(Attributes.builder()
                        .put("http.request.method", "GET")
                        .put("http.route", "/orders/{id}")
                        .put("url.path", "/orders/7")
                        .put("url.scheme", "https")
                        .put("server.address", "shop.example")
                        .put("url.query", "token=canary-in-query")
                        .put("project.id", "p-9")
                        .put("tracebridge.kept_because", "head")
                        .build())
                .setEndEpochNanos(Spans.START + 90_000_007_000L)
                .setLinks(List.of(LinkData.create(
                        Spans.context("ffffffffffffffffffffffffffffffff", 77, ""),
                        Attributes.builder().put("why", "retry").build())))
                .build();
        SpanData child = Spans.span(2, 1, "select")
                .setKind(SpanKind.CLIENT)
                .setStatus(StatusData.create(StatusCode.ERROR, "relation is gone"))
                .setAttributes(Attributes.builder()
                        .put("db.system.name", "postgresql")
                        .put("db.query.text", "SELECT * FROM orders WHERE id = $1")
                        .build())
                .setEvents(List.of(
                        EventData.create(Spans.START, "cache.miss", Attributes.empty()),
                        EventData.create(Spans.START, "exception", Attributes.empty())))
                .build();

        export(child, root);

        FakeSentry.Item item = fixture.sentry.await1("transaction");
        JsonNode trace = item.envelope().path("trace");
        assertThat(trace.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(trace.path("sample_rate").asText()).isEqualTo("0.1");
        assertThat(trace.path("sampled").asText()).isEqualTo("true");
        assertThat(trace.path("sample_rand").asDouble()).isBetween(0.0, 1.0);
        assertThat(trace.path("transaction").asText()).isEqualTo("GET /orders/{id}");
        assertThat(trace.path("release").asText()).isEqualTo("app@1.2.3");
        JsonNode transaction = item.payload();
        assertThat(transaction.path("transaction").asText()).isEqualTo("GET /orders/{id}");
        assertThat(transaction.path("transaction_info").path("source").asText()).isEqualTo("route");
        assertThat(transaction.path("environment").asText()).isEqualTo("production");
        assertThat(transaction.path("request").path("url").asText()).isEqualTo("https://shop.example/orders/7");
        assertThat(transaction.path("tags").path("kept_because").asText()).isEqualTo("head");
        assertThat(transaction.path("tags").path("app.project_id").asText()).isEqualTo("p-9");
        // a double of these seconds is good for a microsecond
        assertThat(transaction.path("start_timestamp").asDouble()).isCloseTo(1765000000.124456789, within(0.000_001));
        assertThat(transaction.path("timestamp").asDouble()).isCloseTo(1765000090.123463789, within(0.000_001));
        JsonNode context = transaction.path("contexts").path("trace");
        assertThat(context.path("span_id").asText()).isEqualTo(Spans.id(1));
        assertThat(context.path("op").asText()).isEqualTo("http.server");
        assertThat(context.path("status").asText()).isEqualTo("ok");
        assertThat(context.path("data").path("http.route").asText()).isEqualTo("/orders/{id}");
        assertThat(context.path("data").path("otel.kind").asText()).isEqualTo("SERVER");
        assertThat(context.path("data").path("otel.instrumentation.name").asText())
                .isEqualTo("test.scope");
        assertThat(context.path("data").has("thread.name")).isFalse();
        assertThat(context.path("links").get(0).path("trace_id").asText())
                .isEqualTo("ffffffffffffffffffffffffffffffff");
        assertThat(context.path("links").get(0).path("attributes").path("why").asText())
                .isEqualTo("retry");
        assertThat(transaction
                        .path("contexts")
                        .path("otel")
                        .path("resource")
                        .path("service.name")
                        .asText())
                .isEqualTo("orders");
        assertThat(transaction.path("spans")).hasSize(1);
        JsonNode span = transaction.path("spans").get(0);
        assertThat(span.path("span_id").asText()).isEqualTo(Spans.id(2));
        assertThat(span.path("parent_span_id").asText()).isEqualTo(Spans.id(1));
        assertThat(span.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(span.path("op").asText()).isEqualTo("db");
        assertThat(span.path("description").asText()).startsWith("SELECT * FROM orders");
        assertThat(span.path("status").asText()).isEqualTo("unknown_error");
        assertThat(span.path("data").path("sentry.status.message").asText()).isEqualTo("relation is gone");
        assertThat(span.path("data").path("otel.events").asText())
                .contains("cache.miss")
                .doesNotContain("exception");
        assertThat(fixture.sentry.everything()).doesNotContain("canary-in-query");
    }

    @Test
    void traceKeptForAnError_weighsOne() {
        export(Spans.span(1, 0, "job")
                .setSpanContext(Spans.context(TRACE, 1, "th:0"))
                .build());

        assertThat(fixture.sentry
                        .await1("transaction")
                        .envelope()
                        .path("trace")
                        .path("sample_rate")
                        .asText())
                .isEqualTo("1");
    }

    @Test
    void transaction_isNotTouchedByTheScopeOfTheExportingThread() throws Exception {
        fixture.start();
        Sentry.addBreadcrumb("of the thread that initialised Sentry: every scope is a copy of its own");
        Thread exporting = new Thread(() -> {
            Sentry.setTag("of-this-thread", "yes");
            Sentry.addBreadcrumb("of this thread");
            export(Spans.span(1, 0, "job").build());
        });

        exporting.start();
        exporting.join();

        JsonNode transaction = fixture.sentry.await1("transaction").payload();
        assertThat(transaction.path("tags").has("of-this-thread")).isFalse();
        assertThat(transaction.path("breadcrumbs")).isEmpty();
    }

    @Test
    void rootWithRemoteParent_isALocalRoot() {
        export(Spans.remoteRoot(1, "work", 99), Spans.span(2, 1, "step").build());

        JsonNode transaction = fixture.sentry.await1("transaction").payload();
        assertThat(transaction
                        .path("contexts")
                        .path("trace")
                        .path("parent_span_id")
                        .asText())
                .isEqualTo(Spans.id(99));
        assertThat(transaction.path("spans")).hasSize(1);
    }

    @Test
    void lateChildren_areAFollowUpTransactionInTheSameTrace() {
        export(Spans.span(1, 0, "root").build());
        export(Spans.span(3, 1, "late").build(), Spans.span(4, 3, "later still").build());

        List<FakeSentry.Item> both = fixture.sentry.awaitItems("transaction", 2);
        FakeSentry.Item followUp = both.get(1);
        assertThat(followUp.envelope().path("trace").path("trace_id").asText()).isEqualTo(TRACE);
        JsonNode context = followUp.payload().path("contexts").path("trace");
        assertThat(context.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(context.path("span_id").asText()).isEqualTo(Spans.id(3));
        assertThat(context.path("parent_span_id").asText()).isEqualTo(Spans.id(1));
        assertThat(context.path("data").path("tracebridge.follow_up").asBoolean())
                .isTrue();
        assertThat(followUp.payload().path("spans")).hasSize(1);
    }

    @Test
    void childrenLongerThanFiveMinutes_areNotLost() {
        export(
                Spans.span(2, 1, "six minutes")
                        .setEndEpochNanos(Spans.START + Duration.ofMinutes(6).toNanos())
                        .build(),
                Spans.span(1, 0, "root")
                        .setEndEpochNanos(Spans.START + Duration.ofMinutes(6).toNanos() + 800_000_000L)
                        .build());

        assertThat(fixture.sentry.await1("transaction").payload().path("spans")).hasSize(1);
    }

    @Test
    void endBeforeStart_becomesNoDuration() {
        export(Spans.span(1, 0, "clock set back")
                .setEndEpochNanos(Spans.START - 1_000_000_000L)
                .build());

        JsonNode transaction = fixture.sentry.await1("transaction").payload();
        assertThat(transaction.path("timestamp")).isEqualTo(transaction.path("start_timestamp"));
    }

    @Test
    void moreThanAThousandSpans_arePrunedByImportance_andCounted() {
        List<SpanData> spans = new ArrayList<>();
        spans.add(Spans.span(1, 0, "root").build());
        // a chain leads to the only error, which is also the shortest span of all
        spans.add(Spans.span(2, 1, "way").build());
        spans.add(Spans.span(3, 2, "failed")
                .setStatus(StatusData.error())
                .setEndEpochNanos(Spans.START + 3_000_001L)
                .build());
        for (int i = 4; i < 1_600; i++) {
            spans.add(Spans.span(i, 1, "ordinary " + i).build());
        }

        export(spans.toArray(SpanData[]::new));
        fixture.bridge().flush(Duration.ofSeconds(2));

        JsonNode transaction = fixture.sentry.await1("transaction").payload();
        assertThat(transaction.path("spans")).hasSize(1_000);
        assertThat(transaction.path("spans").findValuesAsText("span_id")).contains(Spans.id(2), Spans.id(3));
        assertThat(transaction
                        .path("contexts")
                        .path("trace")
                        .path("data")
                        .path("tracebridge.spans_pruned")
                        .asInt())
                .isEqualTo(598);
        assertThat(fixture.accounting.drops(DropReason.TRANSACTION_PRUNED)).isEqualTo(598);
        JsonNode lost = fixture.sentry.await1("client_report").payload().path("discarded_events");
        assertThat(lost.toString()).contains("\"category\":\"span\"").contains("598");
    }

    @Test
    void moreThanAMegabyte_isPruned() {
        List<SpanData> spans = new ArrayList<>();
        spans.add(Spans.span(1, 0, "root").build());
        for (int i = 2; i < 402; i++) {
            spans.add(Spans.span(i, 1, "big")
                    .setAttributes(
                            Attributes.builder().put("text", "ü".repeat(3_000)).build())
                    .build());
        }

        export(spans.toArray(SpanData[]::new));

        FakeSentry.Item item = fixture.sentry.await1("transaction");
        assertThat(JsonText.utf8Length(item.text())).isLessThan(1_000_000);
        assertThat(item.payload().path("spans").size()).isBetween(100, 200);
    }

    @Test
    void hugeAttributes_doNotPushOutEverythingElse() {
        var attributes = Attributes.builder();
        for (int i = 0; i < 128; i++) {
            attributes.put("text." + i, "x".repeat(100_000));
        }
        Attributes huge = attributes.build();

        export(
                Spans.span(1, 0, "root").setAttributes(huge).build(),
                Spans.span(2, 1, "huge").setAttributes(huge).build(),
                Spans.span(3, 1, "small").build());

        FakeSentry.Item item = fixture.sentry.await1("transaction");
        assertThat(item.payload().path("spans")).hasSize(2);
        assertThat(item.text().length()).isLessThan(1_000_000);
    }

    @Test
    void callbackOfTheApplication_seesTheTypedTransaction() {
        fixture.callback = options -> options.setBeforeSendTransaction((transaction, hint) -> {
            transaction.setTag(
                    "seen",
                    transaction.getTransaction() + transaction.getSpans().size());
            return transaction;
        });

        export(Spans.span(1, 0, "job").build(), Spans.span(2, 1, "step").build());

        assertThat(fixture.sentry
                        .await1("transaction")
                        .payload()
                        .path("tags")
                        .path("seen")
                        .asText())
                .isEqualTo("job1");
    }

    @Test
    void droppedByTheApplication_isCounted() {
        fixture.callback = options -> options.setBeforeSendTransaction((transaction, hint) -> null);

        export(Spans.span(1, 0, "job").build());

        assertThat(fixture.accounting.drops(DropReason.CALLBACK)).isEqualTo(1);
    }

    @Test
    void requestsToSentryItself_areNotInTheTrace() {
        export(
                Spans.span(1, 0, "job").build(),
                Spans.span(2, 1, "POST")
                        .setKind(SpanKind.CLIENT)
                        .setAttributes(Attributes.builder()
                                .put("url.full", "http://127.0.0.1:" + fixture.sentry.port() + "/api/42/envelope/")
                                .build())
                        .build());

        assertThat(fixture.sentry.await1("transaction").payload().path("spans")).isEmpty();
    }

    @Test
    void twoLocalRootsOfOneTrace_areTwoTransactions() {
        export(
                Spans.span(1, 0, "front").build(),
                Spans.span(2, 1, "call").build(),
                Spans.remoteRoot(3, "back", 2),
                Spans.span(4, 3, "query").build());

        List<FakeSentry.Item> both = fixture.sentry.awaitItems("transaction", 2);
        assertThat(both)
                .allSatisfy(item -> assertThat(item.payload().path("spans")).hasSize(1));
    }

    @Test
    void ordinaryTracesDropped_areReportedAsSampledOut() {
        fixture.start();
        fixture.accounting.dropped(DropReason.SAMPLED_OUT, 9);

        fixture.bridge().flush(Duration.ofSeconds(2));

        JsonNode lost = fixture.sentry.await1("client_report").payload().path("discarded_events");
        assertThat(lost.toString()).contains("sample_rate").contains("\"quantity\":9");
    }

    @Test
    void lossesInDelivery_reachSentrysOwnReport() {
        fixture.start().lossListener().lost(DropReason.SPOOL_FULL, "error", Map.of("error", 2, "attachment", 1));

        fixture.bridge().flush(Duration.ofSeconds(2));

        String lost = fixture.sentry.await1("client_report").text();
        assertThat(lost)
                .contains("cache_overflow")
                .contains("\"category\":\"error\",\"quantity\":2")
                .contains("\"category\":\"attachment\",\"quantity\":1");
    }

    @Test
    void dataOfTheRootScope_isScrubbedOnOurTransactionsToo() {
        fixture.start();
        Sentry.setTag("owner", "mail canary.owner@example.org");

        export(Spans.span(1, 0, "job").build());

        assertThat(fixture.sentry.await1("transaction").payload().path("tags").has("owner"))
                .isTrue();
        assertThat(fixture.sentry.everything()).doesNotContain("canary");
    }

    @Test
    void shutdownOfTheExporter_leavesSentryOpen() {
        fixture.start().spanExporter().shutdown();

        assertThat(Sentry.isEnabled()).isTrue();
    }

    private void export(SpanData... spans) {
        SentryBridge bridge = fixture.bridge();
        assertThat(bridge.spanExporter().export(List.of(spans)).isSuccess()).isTrue();
    }
}
