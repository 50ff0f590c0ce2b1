/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.tracebridge.context.Steps;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What others give to Sentry, and lines of the application's log. */
class ForeignAndLogEventTest extends WithBridge {
    @Test
    void foreignCapture_getsTheSameContextAndCountsAsSent() {
        Steps.run("tool.layout", attrs("project.id", "p1"), () -> {
            IOException thrown = new IOException("x");
            Enrichment first = ErrorRuntime.current().enrich(thrown);
            Enrichment again = ErrorRuntime.current().enrich(thrown);

            assertThat(first.duplicate()).isFalse();
            assertThat(first.error().tags())
                    .containsEntry("step", "tool.layout")
                    .containsEntry("app.project_id", "p1");
            assertThat(first.error().traceId())
                    .isEqualTo(Span.current().getSpanContext().getTraceId());
            assertThat(again.duplicate()).isTrue();
            String unused = capture(thrown);
        });

        assertThat(bridge.sink.errors).isEmpty();
        assertThat(bridge.kept).isNotEmpty();
    }

    @Test
    void foreignMessage_getsTheContext() {
        Steps.run("tool.layout", null, () -> {
            Enrichment message = ErrorRuntime.current().enrich(null);
            assertThat(message.error().spanId())
                    .isEqualTo(Span.current().getSpanContext().getSpanId());
            assertThat(message.duplicate()).isFalse();
        });
    }

    @Test
    void enrichmentOfOurOwnEvent_isNone() {
        AtomicReference<Enrichment> inside = new AtomicReference<>();
        bridge.sink.onSend = () -> inside.set(ErrorRuntime.current().enrich(new IOException("x")));
        String unused = capture(new IOException("x"));

        assertThat(inside).hasValue(null);
    }

    @Test
    void logLineElsewhere_findsItsStepByIds() throws Exception {
        AtomicReference<LogEvent.Builder> line = new AtomicReference<>();
        Steps.run(
                "tool.layout",
                attrs("project.id", "p1"),
                () -> line.set(LogEvent.builder(bridge.clock.instant(), "error", "com.acme.Scenes", "failed")
                        .ids(org.slf4j.MDC.get("trace_id"), org.slf4j.MDC.get("span_id"))
                        .threadName("worker-1")
                        .onLoggingThread(false)));

        Steps.run("unrelated", null, () -> {
            String unused = line.get().build().capture();
        });

        CapturedError event = bridge.sink.only();
        assertThat(event.spanId()).isEqualTo(bridge.span("tool.layout").getSpanId());
        assertThat(event.tags()).containsEntry("step", "tool.layout").containsEntry("app.project_id", "p1");
        assertThat(event.message()).isEqualTo("failed");
        assertThat(event.logger()).isEqualTo("com.acme.Scenes");
        assertThat(event.threadName()).isEqualTo("worker-1");
        assertThat(bridge.kept.get(0)).contains("error_log");
    }

    @Test
    void logLineElsewhereWithoutIds_getsNobodysContext() {
        Steps.run("unrelated", null, () -> {
            String unused = LogEvent.builder(bridge.clock.instant(), "error", "l", "m")
                    .onLoggingThread(false)
                    .build()
                    .capture();
        });

        assertThat(bridge.sink.only().traceId()).isNull();
        assertThat(bridge.sink.only().tags()).doesNotContainKey("step");
    }

    @Test
    void breadcrumbOfAnotherThread_goesToItsPipeline() {
        AtomicReference<LogEvent> line = new AtomicReference<>();
        Steps.run("tool.layout", null, () -> {
            line.set(LogEvent.builder(bridge.clock.instant(), "info", "com.acme.Scenes", "note")
                    .ids(org.slf4j.MDC.get("trace_id"), org.slf4j.MDC.get("span_id"))
                    .onLoggingThread(false)
                    .build());
            Thread async = new Thread(() -> Steps.run("unrelated", null, line.get()::breadcrumb));
            async.start();
            join(async);
            String unused = capture(new IOException("x"));
        });

        assertThat(bridge.sink.only().breadcrumbs())
                .extracting(ErrorBreadcrumb::message)
                .contains("note");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void breadcrumbOutsidePipelines_goesToTheSink() {
        LogEvent.builder(bridge.clock.instant(), "info", "l", "key jane@example.com")
                .build()
                .breadcrumb();

        assertThat(bridge.sink.breadcrumbs)
                .singleElement()
                .satisfies(crumb -> assertThat(crumb.message()).doesNotContain("jane@"));
    }

    @Test
    void line_isScrubbedAndNeverFormattedAgain() {
        bridge.sink.takesLogs = true;
        Steps.run(
                "tool.layout",
                null,
                () -> LogEvent.builder(bridge.clock.instant(), "info", "l", "rate 7 of 50%d for jane@example.com")
                        .template("rate {} of 50%d for {}", List.of("7", "jane@example.com"))
                        .keyValues(attrs("order", 7).and("password", "hunter2"))
                        .build()
                        .line());

        StructuredLog line = bridge.sink.lines.get(0);
        assertThat(line.body()).startsWith("rate 7 of 50%d for").doesNotContain("jane@");
        assertThat(line.params().toString()).doesNotContain("jane@");
        assertThat(line.traceId()).isEqualTo(bridge.span("tool.layout").getTraceId());
        assertThat(line.attributes()).containsEntry("order", 7L).containsEntry("step", "tool.layout");
        assertThat(line.attributes().toString()).doesNotContain("hunter2");
    }
}
