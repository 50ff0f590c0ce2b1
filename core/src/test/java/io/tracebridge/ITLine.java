/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opentelemetry.api.GlobalOpenTelemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One failing step, seen at both backends over real sockets. */
class ITLine {
    @TempDir
    private Path spool;

    private FakeBackends backends;
    private Tracebridge bridge;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        backends = new FakeBackends();
        bridge = Tracebridge.builder()
                .dsn(backends.dsn())
                .otlpEndpoint(backends.url() + "/v1/traces")
                .samplingRate(0)
                .serviceName("orders")
                .release("orders@1.2.3")
                .spoolDir(spool)
                .start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        backends.close();
        GlobalOpenTelemetry.resetForTest();
    }

    private void settle() {
        bridge.flush(Duration.ofSeconds(10));
    }

    @Test
    void captureError_worksWithoutASpan_andIsDeliveredOnClose() {
        String eventId = captureError(new IllegalStateException("no span"), Map.of("attempt", 3));
        assertThat(eventId).matches("[0-9a-f]{32}");
        bridge.close();
        await().untilAsserted(() -> assertThat(backends.events()).hasSize(1));
        assertThat(backends.events().get(0).at("/event_id").asText()).isEqualTo(eventId);
        assertThat(captureError(new IllegalStateException("closed"))).isEmpty();
    }

    @Test
    void secondStart_isTheSameBridge_andBusinessRunsWithoutOne() {
        assertThat(Tracebridge.start().flush(Duration.ofSeconds(5))).isTrue();
        bridge.close();
        bridge.close();
        assertThat(Tracebridge.isStarted()).isFalse();
        assertThat(withSpan("inert", () -> 7)).isEqualTo(7);
    }
}
