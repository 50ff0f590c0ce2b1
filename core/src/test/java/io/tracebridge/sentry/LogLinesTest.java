/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static io.tracebridge.sentry.BridgeFixture.SPAN;
import static io.tracebridge.sentry.BridgeFixture.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.error.StructuredLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLinesTest {
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
    void line_arrivesWithItsOwnTimeIdsAndAttributes() {
        fixture.callback = options -> options.getLogs().setEnabled(true);
        SentryBridge bridge = fixture.start();
        assertThat(bridge.takesLogs()).isTrue();

        bridge.log(line("rate 7 of 50%d"));
        bridge.flush(Duration.ofSeconds(5));

        JsonNode line = fixture.sentry.await1("log").payload().path("items").get(0);
        assertThat(line.path("body").asText()).isEqualTo("rate 7 of 50%d"); // not formatted a second time
        assertThat(line.path("level").asText()).isEqualTo("warn");
        assertThat(line.path("trace_id").asText()).isEqualTo(TRACE);
        assertThat(line.path("span_id").asText()).isEqualTo(SPAN);
        assertThat(line.path("timestamp").asDouble()).isEqualTo(1_795_000_000.5);
        JsonNode attributes = line.path("attributes");
        assertThat(attributes.path("logger.name").path("value").asText()).isEqualTo("shop.Orders");
        assertThat(attributes.path("service.name").path("value").asText()).isEqualTo(fixture.settings.serviceName());
        assertThat(attributes.path("sentry.message.template").path("value").asText())
                .isEqualTo("rate {} of 50%d");
        assertThat(attributes.path("batch").path("value").asInt()).isEqualTo(17);
        assertThat(attributes.path("batch").path("type").asText()).isEqualTo("integer");
    }

    @Test
    void lines_areNotTaken_untilTheOptionSaysSo() {
        SentryBridge bridge = fixture.start();

        assertThat(bridge.takesLogs()).isFalse();
    }

    private static StructuredLog line(String body) {
        return new StructuredLog(
                Instant.ofEpochSecond(1_795_000_000L, 500_000_000),
                "warning",
                body,
                "rate {} of 50%d",
                List.of("7"),
                "shop.Orders",
                "worker-7",
                TRACE,
                SPAN,
                Map.of("batch", 17, "late", true));
    }
}
