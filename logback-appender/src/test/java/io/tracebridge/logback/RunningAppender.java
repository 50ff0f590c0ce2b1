/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.sentry.Sentry;
import io.tracebridge.Tracebridge;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** A Sentry on a real socket, settings as system properties, and what to clean up afterwards. */
abstract class RunningAppender {
    private static final Map<String, String> SETTINGS =
            Map.of("tracebridge.local", "off", "enable.tracing", "true", "sentry.environment", "production");

    static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    Path spool;

    SentryServer sentry;
    Logging logging;

    @BeforeEach
    void startSentry() throws IOException {
        sentry = new SentryServer();
        SETTINGS.forEach(System::setProperty);
        System.setProperty("tracebridge.spool.dir", spool.toString());
        System.setProperty("sentry.dsn", sentry.dsn());
    }

    @AfterEach
    void stopEverything() {
        if (logging != null) {
            logging.close();
        }
        if (Tracebridge.isStarted()) {
            Tracebridge.start().close();
        }
        Sentry.close();
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty("tracebridge.spool.dir");
        System.clearProperty("sentry.dsn");
        MDC.clear();
        sentry.close();
    }

    /** Our appender at the root, with these elements inside. */
    void configure(String inside) throws Exception {
        logging = Logging.of("""
                <configuration>
                  <appender name="TRACEBRIDGE" class="io.tracebridge.logback.TracebridgeAppender">%s</appender>
                  <root level="DEBUG"><appender-ref ref="TRACEBRIDGE"/></root>
                </configuration>
                """.formatted(inside));
    }

    JsonNode onlyEvent() {
        flush();
        await().atMost(SOON).until(() -> !sentry.events().isEmpty());
        assertThat(sentry.events()).hasSize(1);
        return sentry.events().get(0);
    }

    void flush() {
        await().atMost(SOON).until(Tracebridge::isStarted);
        assertThat(Tracebridge.start().flush(SOON)).isTrue();
    }
}
