/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Steps;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What makes an event, and what does not. */
class CaptureTest extends WithBridge {
    @Test
    void failingStepAlone_makesNoEvent() {
        Throwable unused = failing(() -> Steps.run("tool.layout", null, () -> {
            throw new IOException("x");
        }));

        assertThat(bridge.sink.errors).isEmpty();
    }

    @Test
    void captureError_worksWithoutASpan() {
        String id = capture(new IOException("x"));

        assertThat(id).hasSize(32);
        assertThat(bridge.sink.only().traceId()).isNull();
        assertThat(bridge.sink.only().contexts()).containsKey("error").doesNotContainKeys("pipeline", "trace_link");
    }

    @Test
    void captureOfNull_makesNoEvent() {
        assertThat(ErrorReport.of(null)
                        .tag(null, null)
                        .context(null, null)
                        .details(null)
                        .level(null)
                        .fingerprint((String[]) null)
                        .send())
                .isEmpty();
        assertThat(bridge.sink.errors).isEmpty();
    }

    @Test
    void escapingPipeline_makesAnUnhandledEvent() {
        IOException thrown = new IOException("x");

        Throwable caught = failing(() -> Pipeline.run(
                "scene",
                () -> Steps.run("tool.layout", null, () -> {
                    throw thrown;
                })));

        CapturedError event = bridge.sink.only();
        assertThat(caught).isSameAs(thrown);
        assertThat(event.handled()).isFalse();
        assertThat(event.throwable()).isSameAs(thrown);
        assertThat(event.spanId()).isEqualTo(bridge.span("tool.layout").getSpanId());
    }

    @Test
    void escapingResume_makesAnEventInTheSendersTrace() {
        String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

        Throwable unused = failing(() -> Pipeline.resume("queue.process", name -> traceparent, () -> {
            throw new IOException("x");
        }));

        assertThat(bridge.sink.only().traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(bridge.sink.only().parentSpanId()).isEqualTo("b7ad6b7169203331");
    }

    @Test
    void escapingPipeline_makesNoSecondEvent_whenCapturedInside() {
        Throwable unused = failing(() -> Pipeline.run(
                "outer",
                () -> Pipeline.run("scene", () -> {
                    IOException e = new IOException("x");
                    String ignored = capture(e);
                    throw new IllegalStateException("wrapped on the way out", e);
                })));

        assertThat(bridge.sink.only().throwable()).isInstanceOf(IOException.class);
    }

    @Test
    void escapes_canBeSwitchedOff() {
        bridge.close();
        bridge = TestBridge.start(Sampler.alwaysOn(), builder -> builder.reportsEscapes(false));

        Throwable unused = failing(() -> Pipeline.run("scene", () -> {
            throw new IOException("x");
        }));

        assertThat(bridge.sink.errors).isEmpty();
    }

    @Test
    void cancelledPipeline_makesNoEvent() {
        Throwable unused = failing(() -> Pipeline.run("scene", () -> {
            throw new InterruptedException("stop");
        }));

        assertThat(bridge.sink.errors).isEmpty();
    }

    @Test
    void failedStage_makesAnEventWhenItCompletes() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> unused = Pipeline.run("scene", () -> work);
        assertThat(bridge.sink.errors).isEmpty();

        work.completeExceptionally(new IOException("late"));

        assertThat(bridge.sink.only().handled()).isFalse();
        assertThat(bridge.sink.only().tags()).containsEntry("pipeline", "scene");
    }

    @Test
    void uncaughtException_makesOneEvent() throws Exception {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        AtomicReference<Throwable> passedOn = new AtomicReference<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, throwable) -> passedOn.set(throwable));
        try {
            UncaughtErrors.install();
            UncaughtErrors.install();
            IllegalStateException thrown = new IllegalStateException("x");
            Thread dying = new Thread(() -> Steps.run("tool.layout", null, () -> {
                throw thrown;
            }));
            dying.start();
            dying.join();

            assertThat(bridge.sink.only().handled()).isFalse();
            assertThat(bridge.sink.only().level()).isEqualTo("fatal");
            assertThat(bridge.sink.only().spanId())
                    .isEqualTo(bridge.span("tool.layout").getSpanId());
            assertThat(passedOn).hasValue(thrown);
            UncaughtErrors.uninstall();
            assertThat(Thread.getDefaultUncaughtExceptionHandler()).isNotInstanceOf(UncaughtErrors.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
