/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Steps;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Events point to where an error was thrown, wherever it is captured. */
class OriginOfErrorTest extends WithBridge {
    @Test
    void event_pointsToTheDeepestStep_alsoLaterOnAnotherThread() throws Exception {
        AtomicReference<Throwable> escaped = new AtomicReference<>();
        Steps.run("generation.generateScene", attrs("project.id", "p7"), () -> {
            Throwable caught = failing(() -> Steps.run("tool.layout", attrs("boxes", 3), () -> {
                throw new IOException("x");
            }));
            Pipeline.current().put("after", "the failure");
            escaped.set(caught);
        });

        ScheduledExecutorService other = Executors.newSingleThreadScheduledExecutor();
        try {
            other.submit(() -> errorLog(new ExecutionException(new RuntimeException("wrapped", escaped.get())))
                            .build()
                            .capture())
                    .get();
        } finally {
            other.shutdownNow();
        }

        CapturedError event = bridge.sink.only();
        SpanData step = bridge.span("tool.layout");
        assertThat(event.traceId()).isEqualTo(step.getTraceId());
        assertThat(event.spanId()).isEqualTo(step.getSpanId());
        assertThat(event.parentSpanId())
                .isEqualTo(bridge.span("generation.generateScene").getSpanId());
        assertThat(event.tags())
                .containsEntry("step", "tool.layout")
                .containsEntry("tool", "layout")
                .containsEntry("pipeline", "generation.generateScene")
                .containsEntry("app.project_id", "p7");
        assertThat(event.contexts().get("pipeline"))
                .containsEntry("project.id", "p7")
                .containsEntry("step_data", Map.of("boxes", 3L))
                .doesNotContainKey("after");
        assertThat(event.threadName()).isEqualTo(Thread.currentThread().getName());
    }

    @Test
    void wrapperThrownBeside_pointsToTheStepThatThrewIt() {
        Steps.run("root", null, () -> {
            Throwable first = failing(() -> Steps.run("first", null, () -> {
                throw new IOException("x");
            }));
            Throwable second = failing(() -> Steps.run("fallback", null, () -> {
                throw new IllegalStateException("fallback failed, too", first);
            }));
            String unused = capture(second);
        });

        assertThat(bridge.sink.only().tags()).containsEntry("step", "fallback");
    }

    @Test
    void eventInsideASpanOfOthers_pointsToThatSpan() {
        AtomicReference<String> foreign = new AtomicReference<>();
        Steps.run("db.saveResults", null, () -> {
            Span span =
                    bridge.sdk.getTracer("jdbc").spanBuilder("INSERT scenes").startSpan();
            foreign.set(span.getSpanContext().getSpanId());
            try (var scope = span.makeCurrent()) {
                String unused = capture(new SQLException("x", "23505"));
            } finally {
                span.end();
            }
        });

        assertThat(bridge.sink.only().spanId()).isEqualTo(foreign.get());
        assertThat(bridge.sink.only().tags()).containsEntry("step", "db.saveResults");
    }
}
