/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.LoggingEventVO;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.Tracebridge;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/** From a line in the log to bytes at Sentry, over a real socket. */
class ITTracebridgeAppender extends RunningAppender {
    @Test
    void error_becomesAnEventOfTheFailingStep() throws Exception {
        configure("");
        Tracebridge.start();
        AtomicReference<String> traceId = new AtomicReference<>();

        withSpan("generation.generateScene", attrs("project.id", "p1"), () -> {
            traceId.set(MDC.get("trace_id"));
            Throwable failed = catchThrowable(() -> withSpan("tool.layout", () -> {
                throw new IllegalStateException("no room");
            }));
            logging.logger("com.acme.Scenes").error("scene {} failed", 7, failed);
        });

        JsonNode event = onlyEvent();
        assertThat(event.at("/exception/values/0/type").asText()).isEqualTo("IllegalStateException");
        assertThat(event.at("/contexts/trace/trace_id").asText()).isEqualTo(traceId.get());
        assertThat(sentry.items.stream()
                        .filter(item -> item.type().equals("event"))
                        .findFirst()
                        .orElseThrow()
                        .envelope()
                        .at("/trace/trace_id")
                        .asText())
                .isEqualTo(traceId.get());
        assertThat(SentryServer.tag(event, "step")).isEqualTo("tool.layout");
        assertThat(SentryServer.tag(event, "pipeline")).isEqualTo("generation.generateScene");
        assertThat(event.at("/contexts/pipeline/project.id").asText()).isEqualTo("p1");
        assertThat(event.path("logger").asText()).isEqualTo("com.acme.Scenes");
        assertThat(SentryServer.bytes(event)).contains("scene 7 failed", "scene {} failed");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !sentry.of("transaction").isEmpty());
        JsonNode transaction = sentry.of("transaction").get(0);
        assertThat(transaction.at("/contexts/trace/trace_id").asText()).isEqualTo(traceId.get());
        assertThat(transaction.path("spans").findValuesAsText("span_id"))
                .contains(event.at("/contexts/trace/span_id").asText());
    }

    @Test
    void firstLine_startsTheBridge_andIsSent() throws Exception {
        configure("");
        assertThat(Tracebridge.isStarted()).isFalse();

        logging.logger("com.acme.Main").error("first of all", new IOException("x"));

        assertThat(SentryServer.bytes(onlyEvent())).contains("first of all");
    }

    @Test
    void linesOfOurOwn_startNothingAndBecomeNothing() throws Exception {
        configure("");
        for (String name : new String[] {
            "io.tracebridge", "io.sentry.transport.X", "okhttp3.OkHttpClient", "io.opentelemetry.exporter.internal.X"
        }) {
            logging.logger(name).error("loop", new IOException("x"));
        }
        Thread own = new Thread(() -> logging.logger("com.acme.Transport").error("loop"), "tracebridge-sender-x");
        own.start();
        own.join();
        assertThat(Tracebridge.isStarted()).isFalse();

        logging.logger("io.tracebridge.examples.Scenes").error("mine");

        assertThat(SentryServer.bytes(onlyEvent())).contains("mine");
    }

    @Test
    void everythingOnALine_arrives() throws Exception {
        configure("<contextTags>user*, tenant</contextTags><contextTag>region</contextTag>");
        Tracebridge.start();
        MDC.put("userId", "u1");
        MDC.put("tenant", "t1");
        MDC.put("region", "eu");
        MDC.put("other", "o1");
        MDC.put("password", "hunter2");
        Marker audit = MarkerFactory.getDetachedMarker("AUDIT");
        audit.add(MarkerFactory.getDetachedMarker("NESTED"));

        logging.logger("com.acme.Scenes")
                .atError()
                .addMarker(audit)
                .addMarker(MarkerFactory.getDetachedMarker("SECOND"))
                .addKeyValue("order", 7)
                .addKeyValue("nothing", (Object) null)
                .log("rate {} of 50%d for {}", 7, "jane@example.com");

        JsonNode event = onlyEvent();
        assertThat(SentryServer.tag(event, "userId")).isEqualTo("u1");
        assertThat(SentryServer.tag(event, "tenant")).isEqualTo("t1");
        assertThat(SentryServer.tag(event, "region")).isEqualTo("eu");
        assertThat(SentryServer.tag(event, "other")).isNull();
        assertThat(event.at("/contexts/MDC/other").asText()).isEqualTo("o1");
        assertThat(event.at("/contexts/log/order").asInt()).isEqualTo(7);
        assertThat(event.at("/contexts/log/markers").toString()).contains("AUDIT", "NESTED", "SECOND");
        assertThat(SentryServer.bytes(event)).contains("rate 7 of 50%d for").doesNotContain("jane@", "hunter2");
    }

    @Test
    void linesBelowTheEventLevel_areBreadcrumbsWithTheirTime() throws Exception {
        configure("");
        Tracebridge.start();
        withSpan("scene", () -> {
            logging.logger("com.acme.A").info("first note");
            logging.logger("com.acme.A").debug("not noted");
            logging.logger("com.acme.A").error("failed");
        });

        assertThat(SentryServer.breadcrumbs(onlyEvent())).contains("first note").doesNotContain("not noted", "failed");
    }

    @Test
    void levels_areSettable() throws Exception {
        configure("<minimumEventLevel>WARN</minimumEventLevel>"
                + "<minimumBreadcrumbLevel>DEBUG</minimumBreadcrumbLevel><minimumLevel>ERROR</minimumLevel>");
        Tracebridge.start();
        withSpan("scene", () -> {
            logging.logger("com.acme.A").debug("noted");
            logging.logger("com.acme.A").warn("an event");
        });

        JsonNode event = onlyEvent();
        assertThat(event.path("level").asText()).isEqualTo("warning");
        assertThat(SentryServer.breadcrumbs(event)).contains("noted");
    }

    @Test
    void encoder_makesTheTextAndHidesTheTemplate() throws Exception {
        configure("<encoder><pattern>[%thread] %msg%n</pattern></encoder>");
        Tracebridge.start();
        Thread named = new Thread(() -> logging.logger("com.acme.A").error("secret {}", "argument"), "named");
        named.start();
        named.join();

        assertThat(SentryServer.bytes(onlyEvent()))
                .contains("[named] secret argument")
                .doesNotContain("secret {}");
    }

    @Test
    void throwingEncoder_isWarnedOfOnceAndTheApplicationRunsOn() throws Exception {
        configure("<encoder class='" + ThrowingEncoder.class.getName() + "'/>");
        Tracebridge.start();

        logging.logger("com.acme.A").error("one");
        logging.logger("com.acme.A").error("two");

        flush();
        assertThat(sentry.events()).isEmpty();
        assertThat(logging.problems())
                .filteredOn(problem -> problem.contains("could not be passed on"))
                .hasSize(1);
    }

    /** Fails at every line. */
    public static final class ThrowingEncoder extends LayoutWrappingEncoder<ILoggingEvent> {
        @Override
        public byte[] encode(ILoggingEvent event) {
            throw new IllegalStateException("no text");
        }
    }

    @Test
    void logAfterCapture_isOneEvent() throws Exception {
        configure("");
        Tracebridge.start();
        withSpan("tool.layout", () -> {
            IOException failed = new IOException("x");
            String unused = captureError(failed);
            logging.logger("com.acme.A").error("and logged", failed);
        });

        onlyEvent();
    }

    @Test
    void behindAsyncAppender_eachLineKeepsItsOwnTrace() throws Exception {
        logging = Logging.of("""
                <configuration>
                  <appender name="TRACEBRIDGE" class="io.tracebridge.logback.TracebridgeAppender"/>
                  <appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
                    <appender-ref ref="TRACEBRIDGE"/>
                  </appender>
                  <root level="DEBUG"><appender-ref ref="ASYNC"/></root>
                </configuration>
                """);
        Tracebridge.start();
        for (String id : new String[] {"p0", "p1", "p2"}) {
            withSpan(
                    "scene",
                    attrs("project.id", id),
                    () -> withSpan("tool.layout", () -> {
                        logging.logger("com.acme.A").info("note of " + id);
                        logging.logger("com.acme.A").error("failure of " + id);
                    }));
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            Tracebridge.start().flush(Duration.ofSeconds(1));
            return sentry.events().size() == 3;
        });

        assertThat(sentry.events().stream()
                        .map(event -> event.at("/contexts/trace/trace_id").asText()))
                .doesNotHaveDuplicates();
        for (JsonNode event : sentry.events()) {
            String id = SentryServer.tag(event, "app.project_id");
            assertThat(SentryServer.bytes(event)).contains("failure of " + id);
            assertThat(SentryServer.tag(event, "step")).isEqualTo("tool.layout");
            assertThat(SentryServer.breadcrumbs(event))
                    .contains("note of " + id)
                    .allSatisfy(text -> assertThat(text).doesNotContain(id.equals("p0") ? "p1" : "p0"));
        }
    }

    @Test
    void serialisedThrowable_keepsItsTypeAndFrames() throws Exception {
        configure("");
        Tracebridge.start();
        LoggingEvent live = new LoggingEvent(
                "x",
                logging.logger("com.acme.Remote"),
                Level.ERROR,
                "remote failure",
                new IllegalStateException("outer", new IOException("inner")),
                null);
        Appender<ILoggingEvent> appender =
                logging.logger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("TRACEBRIDGE");

        appender.doAppend(LoggingEventVO.build(live));

        JsonNode event = onlyEvent();
        assertThat(event.at("/exception/values").findValuesAsText("value")).contains("outer", "inner");
        assertThat(event.at("/exception/values").findValuesAsText("type"))
                .contains("IllegalStateException", "IOException");
        assertThat(SentryServer.tag(event, "error_type")).isEqualTo("java.lang.IllegalStateException");
        assertThat(SentryServer.bytes(event)).contains("serialisedThrowable_keepsItsTypeAndFrames");
    }

    @Test
    void options_startTheBridgeWithoutAnyOtherSetting() throws Exception {
        System.clearProperty("sentry.dsn");
        configure("<options><dsn>" + sentry.dsn() + "</dsn><environment>staging</environment><release>app@9</release>"
                + "<serverName>host-7</serverName></options>");

        logging.logger("com.acme.A").error("configured in XML");

        JsonNode event = onlyEvent();
        assertThat(event.path("environment").asText()).isEqualTo("staging");
        assertThat(event.path("release").asText()).isEqualTo("app@9");
        assertThat(event.path("server_name").asText()).isEqualTo("host-7");
    }

    @Test
    void undefinedVariableAndBadDsn_areNamedAndTheApplicationRunsOn() throws Exception {
        System.clearProperty("sentry.dsn");
        configure("<options><dsn>${NOBODY_SET_THIS}</dsn><environment>a b/c\nd</environment></options>");

        logging.logger("com.acme.A").error("goes nowhere");
        await().atMost(Duration.ofSeconds(10)).until(Tracebridge::isStarted);

        assertThat(Tracebridge.start().flush(Duration.ofSeconds(5))).isTrue();
        assertThat(sentry.events()).isEmpty();
    }

    @Test
    void bridgeOfTheApplication_wins() throws Exception {
        configure("<options><environment>from-xml</environment></options>");
        logging.logger("com.acme.A").info("starts the bridge");
        await().atMost(Duration.ofSeconds(10)).until(Tracebridge::isStarted);

        try (Tracebridge own = Tracebridge.builder().environment("from-code").start()) {
            logging.logger("com.acme.A").error("after");
            assertThat(onlyEvent().path("environment").asText()).isEqualTo("from-code");
        }
    }

    @Test
    void stop_flushesForABoundedTime() throws Exception {
        // two seconds are the default, which a busy machine may need to connect
        configure("<flushTimeoutMillis>20000</flushTimeoutMillis>");
        logging.logger("com.acme.A").error("just before the end");

        logging.close();

        assertThat(sentry.events()).hasSize(1);
        assertThat(Tracebridge.isStarted()).isFalse();
    }

    @Test
    void newConfiguration_leavesTheBridgeRunning() throws Exception {
        configure("");
        logging.logger("com.acme.A").info("starts the bridge");
        await().atMost(Duration.ofSeconds(10)).until(Tracebridge::isStarted);

        logging.context.reset();

        assertThat(Tracebridge.isStarted()).isTrue();
    }
}
