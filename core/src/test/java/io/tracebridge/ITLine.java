/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.tracebridge.context.Pipeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

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
    void failingStep_becomesOneEvent_onItsTrace_atBothBackends() {
        Map<String, String> headers = new HashMap<>();
        List<String> ids = new ArrayList<>();
        IllegalStateException bug = new IllegalStateException("grid overlaps");
        assertThatThrownBy(() -> Pipeline.run("generation.generateScene", attrs("project.id", "p1"), p -> {
                    Tracebridge.addTraceHeaders(headers::put);
                    withSpan("brain.makeDecision", () -> "layout");
                    return withSpan("tool.layout", attrs("tool.name", "layout"), () -> {
                        ids.add(MDC.get("trace_id"));
                        ids.add(Span.current().getSpanContext().getSpanId());
                        throw bug;
                    });
                }))
                .isSameAs(bug);
        settle();

        String traceId = headers.get("X-Trace-Id");
        String failingSpan = ids.get(1);
        assertThat(ids.get(0)).isEqualTo(traceId);
        await().untilAsserted(() -> {
            assertThat(backends.events()).hasSize(1);
            assertThat(backends.transactions()).hasSize(1);
            assertThat(backends.spans(traceId)).hasSize(3);
        });
        JsonNode event = backends.events().get(0);
        assertThat(event.at("/contexts/trace/trace_id").asText()).isEqualTo(traceId);
        assertThat(event.at("/contexts/trace/span_id").asText()).isEqualTo(failingSpan);
        assertThat(event.at("/tags/trace_id").asText()).isEqualTo(traceId);
        assertThat(event.at("/tags/step").asText()).isEqualTo("tool.layout");
        assertThat(event.at("/tags/pipeline").asText()).isEqualTo("generation.generateScene");
        assertThat(event.at("/contexts/pipeline/project.id").asText()).isEqualTo("p1");
        assertThat(event.at("/exception/values/0/mechanism/handled").asBoolean(true))
                .isFalse();
        assertThat(event.at("/contexts/otel/resource/service.name").asText()).isEqualTo("orders");
        assertThat(event.at("/release").asText()).isEqualTo("orders@1.2.3");
        FakeBackends.Envelope envelope = backends.envelopes.stream()
                .filter(item -> item.type().equals("event"))
                .findFirst()
                .orElseThrow();
        assertThat(envelope.header().at("/trace/trace_id").asText()).isEqualTo(traceId);

        JsonNode transaction = backends.transactions().get(0);
        assertThat(transaction.at("/contexts/trace/trace_id").asText()).isEqualTo(traceId);
        assertThat(transaction.at("/spans").findValuesAsText("span_id")).contains(failingSpan);
        String instance = "/contexts/otel/resource/service.instance.id";
        assertThat(transaction.at(instance).asText()).isNotEmpty();
        assertThat(event.at(instance)).isEqualTo(transaction.at(instance));

        var failing = backends.spans(traceId).stream()
                .filter(span -> FakeBackends.hex(span.getSpanId().toByteArray()).equals(failingSpan))
                .findFirst()
                .orElseThrow();
        assertThat(failing.getName()).isEqualTo("tool.layout");
        assertThat(failing.getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
        assertThat(failing.getFlags() & 1).isEqualTo(1);
        assertThat(failing.getTraceState()).contains("th:0");
    }

    @Test
    void successes_areNotSentAtRateZero_pastTheFirstTen() {
        for (int i = 0; i < 30; i++) {
            withSpan("ordinary", () -> "ok");
        }
        settle();
        await().untilAsserted(() -> assertThat(backends.spans).hasSize(10));
        assertThat(backends.events()).isEmpty();
        assertThat(Tracebridge.health().kept()).containsEntry("first", 10L);
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
