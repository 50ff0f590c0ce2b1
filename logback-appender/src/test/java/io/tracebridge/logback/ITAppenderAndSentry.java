/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sentry.Sentry;
import io.tracebridge.Tracebridge;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Beside Sentry's own appender, the application's own use of Sentry, and Sentry's logs. */
class ITAppenderAndSentry extends RunningAppender {
    @Test
    void sentrysAppenderBeside_isDetachedWithOneWarning() throws Exception {
        logging = Logging.of("""
                <configuration>
                  <appender name="SENTRY" class="io.sentry.logback.SentryAppender"/>
                  <appender name="ASYNC" class="ch.qos.logback.classic.AsyncAppender">
                    <appender-ref ref="SENTRY"/>
                  </appender>
                  <appender name="TRACEBRIDGE" class="io.tracebridge.logback.TracebridgeAppender"/>
                  <logger name="com.acme"><appender-ref ref="ASYNC"/></logger>
                  <root level="INFO">
                    <appender-ref ref="TRACEBRIDGE"/>
                    <appender-ref ref="SENTRY"/>
                  </root>
                </configuration>
                """);

        logging.logger("com.acme.A").info("starts the bridge");
        await().atMost(SOON).until(Tracebridge::isStarted);
        logging.logger("com.acme.A").error("once", new IOException("x"));
        logging.logger("com.acme.A").error("twice");

        await().atMost(SOON).until(() -> {
            flush();
            return sentry.events().size() >= 2;
        });
        assertThat(sentry.events()).hasSize(2);
        assertThat(logging.problems())
                .filteredOn(problem -> problem.contains("Sentry's own appender"))
                .hasSize(1);
    }

    @Test
    void applicationsOwnInit_before_keepsItsCallbacks() throws Exception {
        AtomicInteger called = new AtomicInteger();
        Sentry.init(options -> {
            options.setDsn(sentry.dsn());
            options.setBeforeSend((event, hint) -> {
                called.incrementAndGet();
                event.setTag("mine", "yes");
                return event;
            });
        });
        configure("");

        withSpan("scene", () -> logging.logger("com.acme.A").error("logged", new IOException("x")));

        JsonNode event = onlyEvent();
        assertThat(SentryServer.tag(event, "mine")).isEqualTo("yes");
        assertThat(called).hasValue(1);
    }

    @Test
    void captureBySentry_thenLogged_isOneEventWithOurContext() throws Exception {
        configure("");
        Tracebridge.start();

        withSpan("tool.layout", () -> {
            IOException failed = new IOException("x");
            Sentry.captureException(failed);
            logging.logger("com.acme.A").error("and logged", failed);
        });

        JsonNode event = onlyEvent();
        assertThat(SentryServer.tag(event, "step")).isEqualTo("tool.layout");
    }

    @Test
    void captureByUs_thenBySentry_isOneEvent() throws Exception {
        configure("");
        Tracebridge.start();

        withSpan("tool.layout", () -> {
            IOException failed = new IOException("x");
            String unused = Tracebridge.captureError(failed);
            Sentry.captureException(failed);
        });

        onlyEvent();
    }

    @Test
    void applicationsOwnInit_afterwards_keepsItsCallbacksAndOurIds() throws Exception {
        configure("");
        logging.logger("com.acme.A").info("starts the bridge");
        await().atMost(SOON).until(Tracebridge::isStarted);
        Sentry.init(options -> {
            options.setDsn(sentry.dsn());
            options.setBeforeSend((event, hint) -> {
                event.setTag("mine", "yes");
                return event;
            });
        });

        withSpan("tool.layout", () -> logging.logger("com.acme.A").error("logged", new IOException("x")));

        JsonNode event = onlyEvent();
        assertThat(SentryServer.tag(event, "mine")).isEqualTo("yes");
        assertThat(SentryServer.tag(event, "step")).isEqualTo("tool.layout");
    }

    @Test
    void sentrysLogs_getEachLineOnceAndUnformatted() throws Exception {
        configure("<options><logs><enabled>true</enabled></logs></options>");
        logging.logger("com.acme.A").info("starts the bridge");
        await().atMost(SOON).until(Tracebridge::isStarted);

        withSpan("tool.layout", () -> logging.logger("com.acme.A").info("rate {} of 50%d", 7));

        await().atMost(SOON).until(() -> {
            flush();
            return sentry.of("log").stream().anyMatch(log -> log.toString().contains("rate 7"));
        });
        String lines = sentry.of("log").toString();
        assertThat(lines).contains("rate 7 of 50%d").doesNotContain("of 507");
        assertThat(lines.split("rate 7 of 50%d", -1)).hasSize(2);
        assertThat(lines).contains("tool.layout", "starts the bridge");
    }
}
