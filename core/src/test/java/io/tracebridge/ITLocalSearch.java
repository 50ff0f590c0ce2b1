/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Development without settings: a backend on this machine is found, and what happened before that is not lost. */
class ITLocalSearch {
    @TempDir
    private Path spool;

    private FakeBackends backends;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        backends = new FakeBackends();
    }

    @AfterEach
    void stop() {
        backends.close();
        GlobalOpenTelemetry.resetForTest();
    }

    @Test
    void dashboard_takesErrorAndTrace_thatWereCapturedBeforeItWasFound() throws Exception {
        try (Tracebridge bridge = development().localPorts(port(), closedPort()).start()) {
            String traceId = failingStep();
            bridge.flush(Duration.ofSeconds(10));

            await().untilAsserted(() -> assertThat(backends.events()).hasSize(1));
            JsonNode event = backends.events().get(0);
            assertThat(event.at("/contexts/trace/trace_id").asText()).isEqualTo(traceId);
            await().untilAsserted(() -> assertThat(backends.spans(traceId)).hasSize(1));
            await().untilAsserted(() -> assertThat(backends.transactions()).hasSize(1));
        }
    }

    @Test
    void dashboard_isWhereEventsLinkTo_onceItIsFound() throws Exception {
        try (Tracebridge bridge = development().localPorts(port(), closedPort()).start()) {
            await().untilAsserted(() -> {
                String traceId = failingStep();
                bridge.flush(Duration.ofSeconds(10));
                assertThat(backends.events())
                        .extracting(
                                event -> event.at("/contexts/trace_link/url").asText())
                        .anyMatch(link -> link.startsWith(backends.url() + "/traces/" + traceId + "?span="));
            });
        }
    }

    @Test
    void collector_takesTraces_andErrorsAreNotSent() throws Exception {
        try (Tracebridge bridge = development().localPorts(closedPort(), port()).start()) {
            String traceId = failingStep();

            await().untilAsserted(() -> {
                bridge.flush(Duration.ofSeconds(10));
                assertThat(backends.spans(traceId)).hasSize(1);
            });
            assertThat(backends.envelopes).isEmpty();
        }
    }

    @Test
    void nobody_meansThatTracesArePrinted() throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try (Tracebridge bridge =
                development().localPorts(closedPort(), closedPort()).start()) {
            failingStep();

            await().untilAsserted(() -> {
                bridge.flush(Duration.ofSeconds(10));
                assertThat(printed.toString(StandardCharsets.UTF_8)).contains("layout");
            });
        } finally {
            System.setErr(before);
        }
        assertThat(backends.server.getRequestCount()).isZero();
    }

    @Test
    void production_looksForNobody() throws Exception {
        try (Tracebridge bridge = development()
                .environment("production")
                .localPorts(port(), port())
                .start()) {
            failingStep();
            bridge.flush(Duration.ofSeconds(10));
        }
        assertThat(backends.server.getRequestCount()).isZero();
    }

    @Test
    void switchedOff_looksForNobody() throws Exception {
        try (Tracebridge bridge =
                development().local(false).localPorts(port(), port()).start()) {
            failingStep();
            bridge.flush(Duration.ofSeconds(10));
        }
        assertThat(backends.server.getRequestCount()).isZero();
    }

    private Tracebridge.Builder development() {
        return Tracebridge.builder().environment("development").tracing(true).spoolDir(spool);
    }

    private static String failingStep() {
        return withSpan("layout", () -> {
            captureError(new IllegalStateException("boom"));
            return Span.current().getSpanContext().getTraceId();
        });
    }

    private int port() {
        return backends.server.getPort();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
