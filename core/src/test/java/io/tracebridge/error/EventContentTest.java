/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Steps;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Tags, contexts, breadcrumbs and marks that come with a captured error. */
class EventContentTest extends WithBridge {
    @Test
    void captureError_marksTheCurrentSpan() {
        Map<String, Object> details = new HashMap<>();
        details.put("attempt", 3);
        details.put("none", null);
        Steps.run("tool.layout", null, () -> {
            String unused = ErrorReport.of(new IOException("mail jane@example.com " + "x".repeat(500)))
                    .details(details)
                    .send();
        });

        SpanData span = bridge.span("tool.layout");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.type")))
                .isEqualTo("java.io.IOException");
        assertThat(span.getAttributes().get(AttributeKey.stringKey("error.message")))
                .hasSizeLessThanOrEqualTo(256)
                .doesNotContain("jane@");
        assertThat(span.getAttributes().get(AttributeKey.longKey("attempt"))).isEqualTo(3);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getEvents()).hasSize(1);
        assertThat(bridge.sink.only().contexts().get("details")).containsOnlyKeys("attempt");
    }

    @Test
    void captureBeforeItLeavesTheStep_recordsTheExceptionOnce() {
        Throwable unused = failing(() -> Steps.run("tool.layout", null, () -> {
            IOException thrown = new IOException("x");
            String ignored = capture(thrown);
            throw thrown;
        }));

        assertThat(bridge.span("tool.layout").getEvents()).hasSize(1);
    }

    @Test
    void warning_leavesTheSpanUnset() {
        Steps.run("tool.layout", null, () -> {
            String unused =
                    ErrorReport.of(new IOException("x")).level("WARNING").send();
        });

        assertThat(bridge.span("tool.layout").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(bridge.sink.only().level()).isEqualTo("warning");
    }

    @Test
    void event_carriesTagsContextsAndBreadcrumbs() {
        Pipeline.run("scene", attrs("project.id", "p1").and("api_key", "sk-abcdefghijklmnopqrstu"), pipeline -> {
            pipeline.tag("tier", "free jane@example.com");
            Steps.run("brain.makeDecision", null, () -> {});
            LogEvent.builder(bridge.clock.instant(), "info", "com.acme.Brain", "decided for jane@example.com")
                    .build()
                    .breadcrumb();
            Throwable caught = failing(() -> Steps.call("ai.generateStructured", attrs("ai.model", "m1"), step -> {
                step.put("ai.tokens.prompt", 12);
                throw new IOException("not json", new IllegalArgumentException("line 1"));
            }));
            String unused = ErrorReport.of(caught)
                    .tag("shop", "x".repeat(500))
                    .context("scene", Map.of("id", 1, "password", "hunter2"))
                    .send();
            return 1;
        });

        CapturedError event = bridge.sink.only();
        assertThat(event.tags())
                .containsEntry("trace_id", event.traceId())
                .containsEntry("error_type", "java.io.IOException")
                .containsEntry("pipeline", "scene")
                .containsEntry("step", "ai.generateStructured")
                .containsEntry("ai_model", "m1")
                .containsEntry("app.project_id", "p1")
                .containsEntry("trace_kept", "true")
                .doesNotContainKey("tool");
        assertThat(event.tags().get("shop")).hasSize(200);
        assertThat(event.tags().get("tier")).startsWith("free").doesNotContain("jane@");
        assertThat(event.contexts().get("ai")).containsEntry("model", "m1").containsEntry("usage.input", 12L);
        assertThat(event.contexts().get("error"))
                .containsEntry("type", "java.io.IOException")
                .containsEntry("root_cause_type", "java.lang.IllegalArgumentException")
                .containsEntry("root_cause_message", "line 1");
        assertThat(event.contexts().get("trace_link"))
                .containsEntry("url", "http://t/" + event.traceId() + "?span=" + event.spanId());
        assertThat(event.contexts().get("scene")).containsEntry("id", 1L);
        assertThat(event.contexts().toString()).doesNotContain("hunter2", "sk-abcdefghij");
        assertThat(event.contexts().get("pipeline").get("path").toString())
                .contains("step=scene", "step=brain.makeDecision", "outcome=ok", "step=ai.generateStructured");
        assertThat(event.fingerprint())
                .containsExactly("{{ default }}", "ai.generateStructured", "java.io.IOException");
        assertThat(event.breadcrumbs())
                .extracting(ErrorBreadcrumb::message)
                .contains("brain.makeDecision started", "ai.generateStructured started")
                .anySatisfy(message -> assertThat(message).startsWith("brain.makeDecision ok after"))
                .anySatisfy(message -> assertThat(message).startsWith("decided for"))
                .noneSatisfy(message -> assertThat(message).contains("jane@"));
        assertThat(bridge.kept)
                .containsExactly(event.traceId() + " captured_error java.io.IOException|ai.generateStructured");
    }

    @Test
    void databaseFailure_keepsDefaultGroupingAndSaysItsState() {
        Steps.run("tool.save", null, () -> {
            String unused = capture(new SQLException("dup", "23505", 7));
        });

        assertThat(bridge.sink.only().fingerprint()).isEmpty();
        assertThat(bridge.sink.only().tags()).containsEntry("error_type", "23505");
        assertThat(bridge.sink.only().contexts().get("error"))
                .containsEntry("sql_state", "23505")
                .containsEntry("vendor_code", 7);
    }

    @Test
    void ownFingerprint_wins() {
        Steps.run("tool.save", null, () -> {
            String unused = ErrorReport.of(new IOException("x"))
                    .fingerprint("ai", null, "invalid_structured_output")
                    .send();
        });

        assertThat(bridge.sink.only().fingerprint()).containsExactly("ai", "invalid_structured_output");
    }

    @Test
    void pipelineContext_isCutAtEightKilobytes() {
        Pipeline.run("scene", pipeline -> {
            for (int i = 0; i < 60; i++) {
                pipeline.put("key" + i, "v".repeat(250)).step("step" + i);
            }
            String unused = capture(new IOException("x"));
            return 1;
        });

        Map<String, Object> context = bridge.sink.only().contexts().get("pipeline");
        assertThat(context.toString()).hasSizeLessThan(9_000);
        assertThat((long) context.get("dropped")).isPositive();
        assertThat(context).containsEntry("name", "scene").containsKey("path");
    }

    @Test
    void pipelineData_isTheDataAtCapture() {
        Pipeline.run("scene", pipeline -> {
            pipeline.put("k", "before");
            String unused = capture(new IOException("x"));
            pipeline.put("k", "after");
            return 1;
        });

        assertThat(bridge.sink.only().contexts().get("pipeline")).containsEntry("k", "before");
    }

    @Test
    void tracingOff_keepsIdsAndGivesNoLink() {
        bridge.close();
        bridge = TestBridge.start(Sampler.alwaysOff(), builder -> builder.tracing(false));
        Map<String, String> headers = new HashMap<>();
        Map<String, String> outgoing = new HashMap<>();
        AtomicReference<String> mdc = new AtomicReference<>();

        Throwable unused = failing(() -> Pipeline.run("scene", () -> {
            Steps.addTraceHeaders(headers::put);
            io.tracebridge.context.Snapshot.capture().toHeaders(outgoing::put);
            mdc.set(org.slf4j.MDC.get("trace_id"));
            Steps.run("tool.layout", null, () -> {
                throw new IOException("x");
            });
        }));

        CapturedError event = bridge.sink.only();
        assertThat(bridge.spans.getFinishedSpanItems()).isEmpty();
        assertThat(event.traceId()).hasSize(32).isEqualTo(mdc.get()).isEqualTo(headers.get("X-Trace-Id"));
        assertThat(outgoing.get("traceparent"))
                .contains(event.traceId())
                .matches(".*-0[02]"); // 02: random, not sampled
        assertThat(event.tags()).containsEntry("step", "tool.layout").doesNotContainKey("trace_kept");
        assertThat(event.contexts()).doesNotContainKey("trace_link");
        assertThat(bridge.kept).isEmpty();
    }

    @Test
    void keeperThatRefuses_isSaidOnTheEvent() {
        bridge.close();
        bridge = TestBridge.start(Sampler.alwaysOn(), builder -> builder.keeper(TraceKeeper.NONE));

        Steps.run("tool.layout", null, () -> {
            String unused = capture(new IOException("x"));
        });

        assertThat(bridge.sink.only().tags()).containsEntry("trace_kept", "false");
        assertThat(bridge.sink.only().contexts()).doesNotContainKey("trace_link");
    }

    @Test
    void hugeAndCyclicThrowables_areBounded() {
        Exception first = new Exception("a".repeat(10_000_000));
        Exception second = new Exception("b", first);
        first.initCause(second);

        String id = errorLog(second).build().capture();

        assertThat(id).isNotEmpty();
        assertThat(bridge.sink.only().contexts().toString()).hasSizeLessThan(20_000);
    }
}
