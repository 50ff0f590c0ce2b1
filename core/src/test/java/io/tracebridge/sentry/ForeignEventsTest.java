/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.SPAN;
import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static io.tracebridge.sentry.BridgeFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.sentry.Attachment;
import io.sentry.Breadcrumb;
import io.sentry.Hint;
import io.sentry.Sentry;
import io.sentry.SentryLevel;
import io.sentry.protocol.Request;
import io.sentry.protocol.User;
import io.tracebridge.context.ContextRuntime;
import io.tracebridge.context.Pipeline;
import io.tracebridge.error.ErrorRuntime;
import io.tracebridge.error.RebuiltThrowable;
import io.tracebridge.metrics.DropReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What third parties send through Sentry's own API while the bridge is in place. */
class ForeignEventsTest {
    private BridgeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new BridgeFixture();
    }

    @AfterEach
    void close() {
        ErrorRuntime.current().uninstall();
        ContextRuntime.current().uninstall();
        fixture.close();
    }

    @Test
    void captureException_getsTheIdsOfTheCurrentSpan_alsoInTheHeader_andItsTraceIsKept() {
        fixture.start();

        inSpan(() -> Sentry.captureException(new IllegalStateException("theirs")));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.envelope().path("trace").path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(event.payload()
                        .path("contexts")
                        .path("trace")
                        .path("trace_id")
                        .asText())
                .isEqualTo(TRACE);
        assertThat(event.payload()
                        .path("contexts")
                        .path("trace")
                        .path("span_id")
                        .asText())
                .isEqualTo(SPAN);
        assertThat(event.payload().path("tags").path("trace_kept").asText()).isEqualTo("true");
        assertThat(fixture.kept).containsExactly(TRACE + " captured_error");
    }

    @Test
    void captureException_getsTheDataOfItsPipeline() {
        installRuntime();

        Pipeline.run("orders.import", pipeline -> {
            pipeline.put("batch", 17);
            Sentry.captureException(new IllegalStateException("theirs"));
            return null;
        });

        JsonNode event = fixture.sentry.await1("event").payload();
        assertThat(event.path("tags").path("pipeline").asText()).isEqualTo("orders.import");
        assertThat(event.path("contexts").path("pipeline").toString()).contains("17");
    }

    @Test
    void sameFailureTwice_isOneEvent_butEqualOnesAreTwo() {
        installRuntime();
        RuntimeException once = new ErrorEventTest.AllEqualException("one");

        Sentry.captureException(once);
        Sentry.captureException(once);
        Sentry.captureException(new ErrorEventTest.AllEqualException("two"));
        fixture.bridge().flush(Duration.ofSeconds(2));

        assertThat(fixture.sentry.awaitItems("event", 2)).hasSize(2);
        assertThat(fixture.accounting.drops(DropReason.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void withoutAnyTrace_headerAndContextStillAgree() {
        fixture.start();

        Sentry.captureMessage("hello");

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.envelope().path("trace").path("trace_id").asText())
                .isEqualTo(event.payload()
                        .path("contexts")
                        .path("trace")
                        .path("trace_id")
                        .asText())
                .hasSize(32);
    }

    @Test
    void secretsInEveryFieldOfAnEvent_areRemoved_afterTheApplicationsCallback() {
        fixture.callback = options -> options.setBeforeSend((event, hint) -> {
            event.setExtra("from.callback", "password=canaryCallback1");
            return event;
        });
        fixture.start();
        Sentry.configureScope(scope -> {
            scope.setTag("note", "mail canary.tag@example.org");
            scope.setContexts("auth", Map.of("password", "canaryContext1"));
            scope.setContexts("deep", Map.of("list", List.of("mail canary.deep@example.org")));
            scope.setExtra("e", "password=canaryExtra12");
            User user = new User();
            user.setData(Map.of("password", "canaryUser123"));
            user.setEmail("canary.user@example.org");
            scope.setUser(user);
            Request request = new Request();
            request.setUrl("https://x.io/a?password=canaryUrl1234");
            request.setQueryString("password=canaryQuery12");
            request.setHeaders(Map.of("Authorization", "Bearer canaryHeader1"));
            request.setCookies("session=canaryCookie12");
            request.setData(Map.of("password", "canaryBody123"));
            scope.setRequest(request);
        });
        Breadcrumb crumb = new Breadcrumb("login password=canaryCrumb12");
        crumb.setData("password", "canaryCrumbData");
        Sentry.addBreadcrumb(crumb);

        Sentry.captureException(
                new Exception("outer password=canaryOuter123", new Exception("inner canary.inner@example.org")));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(fixture.sentry.everything()).doesNotContain("canary");
        assertThat(event.payload().path("breadcrumbs")).hasSize(1);
        assertThat(event.payload().path("extra").has("from.callback")).isTrue();
        assertThat(crumb.getMessage()).contains("canaryCrumb12"); // theirs: a copy was cleaned
    }

    @Test
    void ownEventsWithDataOfAForeignScope_areScrubbedToo() {
        SentryBridge bridge = fixture.start();
        Sentry.setTag("note", "mail canary.tag@example.org");

        bridge.send(error(new IllegalStateException()));

        fixture.sentry.await1("event");
        assertThat(fixture.sentry.everything()).doesNotContain("canary");
    }

    @Test
    void transactionStartedThroughSentrysApi_isScrubbed() {
        fixture.callback = options -> options.setTracesSampleRate(1.0);
        fixture.start();

        var transaction = Sentry.startTransaction("GET /reset?password=canaryName12", "http.server");
        var span = transaction.startChild("db", "SELECT 1 -- password=canaryDesc12");
        span.setData("password", "canaryData123");
        span.finish();
        transaction.finish();

        FakeSentry.Item item = fixture.sentry.await1("transaction");
        assertThat(fixture.sentry.everything()).doesNotContain("canary");
        assertThat(item.payload().path("spans")).hasSize(1);
        assertThat(item.payload().path("contexts").path("trace").path("op").asText())
                .isEqualTo("http.server");
    }

    @Test
    void logThroughSentrysApi_isScrubbedAndHasTheIdsOfTheSpan() {
        fixture.start();

        inSpan(() -> Sentry.logger().info("login of canary.log@example.org"));
        Sentry.flush(5_000);

        JsonNode line = fixture.sentry.await1("log").payload().path("items").get(0);
        assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(line.path("span_id").asText()).isEqualTo(SPAN);
        assertThat(fixture.sentry.everything()).doesNotContain("canary");
    }

    @Test
    void throwableOfAnotherJvm_isShownAsWhatItWasThere() {
        StackTraceElement[] frames = {new StackTraceElement("shop.Orders", "load", "Orders.java", 7)};
        fixture.start().send(error(new RebuiltThrowable("shop.OrderException", "no order", null, frames)));

        JsonNode exception = fixture.sentry
                .await1("event")
                .payload()
                .path("exception")
                .path("values")
                .get(0);
        assertThat(exception.path("type").asText()).isEqualTo("OrderException");
        assertThat(exception.path("module").asText()).isEqualTo("shop");
        assertThat(exception
                        .path("stacktrace")
                        .path("frames")
                        .get(0)
                        .path("lineno")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void attachments_travelWithTheEvent() {
        fixture.start();
        Hint hint = Hint.withAttachment(new Attachment("text".getBytes(StandardCharsets.UTF_8), "note.txt"));

        Sentry.captureException(new IllegalStateException("x"), hint);

        assertThat(fixture.sentry.await1("attachment").text()).isEqualTo("text");
    }

    @Test
    void levelOfAMessage_stays() {
        fixture.start();

        Sentry.captureMessage("careful", SentryLevel.WARNING);

        assertThat(fixture.sentry.await1("event").payload().path("level").asText())
                .isEqualTo("warning");
    }

    private void installRuntime() {
        SentryBridge bridge = fixture.start();
        ContextRuntime.builder()
                .openTelemetry(OpenTelemetrySdk.builder()
                        .setTracerProvider(SdkTracerProvider.builder().build())
                        .build())
                .build()
                .install();
        ErrorRuntime.builder().sink(bridge).keeper(fixture.keeper).build().install();
    }

    private static void inSpan(Runnable action) {
        SpanContext here = SpanContext.create(TRACE, SPAN, TraceFlags.getDefault(), TraceState.getDefault());
        try (var scope = Span.wrap(here).makeCurrent()) {
            action.run();
        }
    }
}
