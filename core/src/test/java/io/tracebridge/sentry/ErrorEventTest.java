/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.SPAN;
import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static io.tracebridge.sentry.BridgeFixture.error;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sentry.Sentry;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorBreadcrumb;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an event of ours looks like in the bytes that reach Sentry. */
class ErrorEventTest {
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
    void event_hasItsTraceInHeaderAndContext() {
        String id = fixture.start().send(error(new IllegalStateException("boom")));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.envelope().path("event_id").asText()).isEqualTo(id);
        assertThat(event.envelope().path("trace").path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(event.envelope().path("trace").path("public_key").asText()).isEqualTo("pubkey");
        assertThat(event.envelope().path("trace").path("sampled").asText()).isEqualTo("true");
        assertThat(event.envelope().has("sent_at")).isFalse();
        JsonNode trace = event.payload().path("contexts").path("trace");
        assertThat(trace.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(trace.path("span_id").asText()).isEqualTo(SPAN);
        assertThat(event.payload().path("tags").path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(event.payload().path("tags").path("trace_kept").asText()).isEqualTo("true");
        assertThat(event.payload()
                        .path("contexts")
                        .path("trace_link")
                        .path("url")
                        .asText())
                .isEqualTo("https://traces.example/" + TRACE + "?span=" + SPAN);
    }

    @Test
    void event_carriesEverythingThatWasCaptured() {
        fixture.start()
                .send(new CapturedError(
                        new IllegalStateException("outer", new java.io.IOException("inner")),
                        "order 7 failed",
                        "order {} failed",
                        List.of("7"),
                        "shop.Orders",
                        "fatal",
                        false,
                        "logback",
                        Instant.parse("2026-11-24T10:15:30.123Z"),
                        "worker-7",
                        TRACE,
                        SPAN,
                        "00f067aa0ba902b7",
                        false,
                        List.of("{{ default }}", "orders"),
                        Map.of("pipeline", "orders", "step", "orders.load"),
                        Map.of("pipeline", Map.of("data", Map.of("batch", 17))),
                        List.of(new ErrorBreadcrumb(
                                Instant.parse("2026-11-24T10:15:29Z"),
                                "pipeline.step",
                                "info",
                                "orders.load",
                                Map.of("ms", 12)))));

        JsonNode event = fixture.sentry.await1("event").payload();
        assertThat(event.path("timestamp").asText()).isEqualTo("2026-11-24T10:15:30.123Z");
        assertThat(event.path("level").asText()).isEqualTo("fatal");
        assertThat(event.path("logger").asText()).isEqualTo("shop.Orders");
        assertThat(event.path("message").path("formatted").asText()).isEqualTo("order 7 failed");
        assertThat(event.path("message").path("message").asText()).isEqualTo("order {} failed");
        assertThat(event.path("message").path("params").get(0).asText()).isEqualTo("7");
        assertThat(event.path("fingerprint").toString()).isEqualTo("[\"{{ default }}\",\"orders\"]");
        assertThat(event.path("tags").path("step").asText()).isEqualTo("orders.load");
        assertThat(event.path("tags").path("trace_kept").asText()).isEqualTo("false");
        assertThat(event.path("contexts")
                        .path("pipeline")
                        .path("data")
                        .path("batch")
                        .asInt())
                .isEqualTo(17);
        assertThat(event.path("contexts").path("trace").path("parent_span_id").asText())
                .isEqualTo("00f067aa0ba902b7");
        JsonNode crumb = event.path("breadcrumbs").get(0);
        assertThat(crumb.path("timestamp").asText()).startsWith("2026-11-24T10:15:29");
        assertThat(crumb.path("data").path("ms").asInt()).isEqualTo(12);
        assertThat(event.path("threads").path("values").get(0).path("name").asText())
                .isEqualTo("worker-7");
        JsonNode chain = event.path("exception").path("values");
        assertThat(chain).hasSize(2);
        assertThat(chain.get(0).path("type").asText()).isEqualTo("IOException");
        assertThat(chain.get(1).path("value").asText()).isEqualTo("outer");
        assertThat(chain.get(1).path("mechanism").path("handled").asBoolean(true))
                .isFalse();
        assertThat(chain.get(1).path("mechanism").path("type").asText()).isEqualTo("logback");
        assertThat(chain.get(1).path("stacktrace").path("frames")).isNotEmpty();
        assertThat(event.path("contexts").has("trace_link")).isFalse(); // there is no such trace to look at
        assertThat(event.path("environment").asText()).isEqualTo("production");
        assertThat(event.path("release").asText()).isEqualTo("app@1.2.3");
    }

    @Test
    void messagesOfTheWholeChain_areScrubbedAndBounded() {
        Exception cause = new Exception("login with password=hunter2hunter2 failed");
        Exception outer = new Exception("x".repeat(10_000_000), cause);
        outer.addSuppressed(new Exception("mail to canary.person@example.org"));

        fixture.start().send(error(outer));

        FakeSentry.Item event = fixture.sentry.await1("event");
        assertThat(event.text()).doesNotContain("hunter2").doesNotContain("canary.person");
        assertThat(event.text().length()).isLessThan(200_000);
        assertThat(event.payload().path("exception").path("values")).hasSize(3);
    }

    @Test
    void cyclicCauses_end() {
        Exception a = new Exception("a");
        Exception b = new Exception("b", a);
        a.initCause(b);

        fixture.start().send(error(a));

        assertThat(fixture.sentry.await1("event").payload().path("exception").path("values"))
                .hasSizeBetween(2, 3); // the SDK sees the outermost, wrapped in its mechanism, twice
    }

    @Test
    void throwableWhoseMessageThrows_stillArrivesWithTypeAndStack() {
        fixture.start().send(error(new BrokenException()));

        JsonNode exception = fixture.sentry
                .await1("event")
                .payload()
                .path("exception")
                .path("values")
                .get(0);
        assertThat(exception.path("type").asText()).contains("BrokenException");
        assertThat(exception.path("value").asText()).contains("getMessage threw");
        assertThat(exception.path("mechanism").path("type").asText()).isEqualTo("tracebridge.captureError");
        assertThat(exception.path("stacktrace").path("frames")).isNotEmpty();
    }

    @Test
    void nullMessage_isNoProblem() {
        SentryBridge bridge = fixture.start();

        assertThat(bridge.send(error(new NullPointerException()))).hasSize(32);
        assertThat(bridge.send(error(null, "only a message"))).hasSize(32);

        assertThat(fixture.sentry.awaitItems("event", 2)).hasSize(2);
    }

    @Test
    void equalExceptions_areTwoEvents() {
        SentryBridge bridge = fixture.start();
        bridge.send(error(new AllEqualException("one")));
        bridge.send(error(new AllEqualException("two")));

        assertThat(fixture.sentry.awaitItems("event", 2)).hasSize(2);
    }

    @Test
    void scopeOfTheApplication_isOnOurEventToo() {
        SentryBridge bridge = fixture.start();
        Sentry.setTag("tenant", "acme");

        bridge.send(error(new IllegalStateException()));

        assertThat(fixture.sentry
                        .await1("event")
                        .payload()
                        .path("tags")
                        .path("tenant")
                        .asText())
                .isEqualTo("acme");
    }

    @Test
    void send_isSilent_whenThereIsNoDsn() {
        fixture.settings = fixture.settings.toBuilder().dsn(null).build();

        SentryBridge bridge = fixture.start();

        assertThat(bridge.active()).isFalse();
        assertThat(bridge.send(error(new IllegalStateException()))).isEmpty();
    }

    static final class BrokenException extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no message for you");
        }
    }

    static final class AllEqualException extends RuntimeException {
        AllEqualException(String message) {
            super(message);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof AllEqualException;
        }

        @Override
        public int hashCode() {
            return 7;
        }
    }
}
