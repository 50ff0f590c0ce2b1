/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.error.TestBridge;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StepsTest {
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private TestBridge bridge;

    @BeforeEach
    void start() {
        bridge = TestBridge.start();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    @Test
    void success_leavesTheStatusUnset() {
        String result = Steps.call("brain.makeDecision", attrs("prompt.length", 12), () -> "ok");

        SpanData span = bridge.span("brain.makeDecision");
        assertThat(result).isEqualTo("ok");
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(span.getAttributes().get(AttributeKey.longKey("prompt.length")))
                .isEqualTo(12);
    }

    @Test
    void failure_marksTheSpan() {
        IOException thrown = new IOException("no disk for jane@example.com");

        Throwable caught = catchThrowable(() -> Steps.call("db.saveResults", null, () -> {
            throw thrown;
        }));

        SpanData span = bridge.span("db.saveResults");
        assertThat(caught).isSameAs(thrown);
        assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(span.getStatus().getDescription()).startsWith("no disk for").doesNotContain("jane@example.com");
        assertThat(span.getAttributes().get(ERROR_TYPE)).isEqualTo("java.io.IOException");
        assertThat(span.getEvents()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("exception");
            assertThat(event.getAttributes().get(AttributeKey.stringKey("exception.type")))
                    .isEqualTo("java.io.IOException");
            assertThat(event.getAttributes().get(AttributeKey.stringKey("exception.stacktrace")))
                    .contains("StepsTest.failure_marksTheSpan")
                    .doesNotContain("jane@example.com");
        });
    }

    @Test
    void exception_isRecordedOnceWhereItWasThrown() {
        assertThatThrownBy(() -> Steps.run(
                        "outer",
                        null,
                        () -> Steps.run(
                                "middle",
                                null,
                                () -> Steps.run("inner", null, () -> {
                                    throw new IllegalStateException("boom");
                                }))))
                .hasMessage("boom");

        assertThat(bridge.span("inner").getEvents()).hasSize(1);
        assertThat(bridge.span("middle").getEvents()).isEmpty();
        assertThat(bridge.span("outer").getEvents()).isEmpty();
        assertThat(List.of(bridge.span("inner"), bridge.span("middle"), bridge.span("outer")))
                .allSatisfy(span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
    }

    @Test
    void sameExceptionThrownByTwoAttempts_isRecordedOnBoth() {
        IllegalStateException reused = new IllegalStateException("again");
        Steps.run("retrying", null, () -> {
            for (String attempt : List.of("first", "second")) {
                Throwable unused = catchThrowable(() -> Steps.run(attempt, null, () -> {
                    throw reused;
                }));
            }
        });

        assertThat(bridge.span("first").getEvents()).hasSize(1);
        assertThat(bridge.span("second").getEvents()).hasSize(1);
    }

    @Test
    void errorType_saysWhatHelps() {
        assertThat(errorTypeOf(new SQLException("duplicate", "23505"))).isEqualTo("23505");
        assertThat(errorTypeOf(new SocketTimeoutException("read"))).isEqualTo("timeout");
        assertThat(errorTypeOf(new CompletionException(new IOException("x")))).isEqualTo("java.io.IOException");
        Throwable unused = catchThrowable(() -> Steps.call("ai.call", null, step -> {
            step.errorType("429");
            throw new IOException("rate limited");
        }));
        assertThat(bridge.span("ai.call").getAttributes().get(ERROR_TYPE)).isEqualTo("429");
    }

    private String errorTypeOf(Exception thrown) {
        bridge.spans.reset();
        Throwable unused = catchThrowable(() -> Steps.run("failing", null, () -> {
            throw thrown;
        }));
        return bridge.span("failing").getAttributes().get(ERROR_TYPE);
    }

    @Test
    void cancellation_isNoError() {
        for (Exception cancelled : List.of(new CancellationException("stop"), new InterruptedException("stop"))) {
            bridge.spans.reset();
            Throwable caught = catchThrowable(() -> Steps.run("cancelled", null, () -> {
                throw cancelled;
            }));

            SpanData span = bridge.span("cancelled");
            assertThat(caught).isSameAs(cancelled);
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
            assertThat(span.getAttributes().get(AttributeKey.booleanKey("cancelled")))
                    .isTrue();
            assertThat(span.getEvents()).isEmpty();
        }
    }

    @Test
    void returnedStage_endsTheSpanAtCompletion() {
        CompletableFuture<String> work = new CompletableFuture<>();

        CompletableFuture<String> returned = Steps.call("async", null, () -> work);

        assertThat(returned).isSameAs(work);
        assertThat(bridge.spans.getFinishedSpanItems()).isEmpty();
        work.complete("done");
        assertThat(bridge.span("async").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void returnedStage_failsTheSpan_whenItFails() {
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> unused = Steps.call("async", null, () -> work);

        work.completeExceptionally(new IOException("late"));

        SpanData span = bridge.span("async");
        assertThat(span.getStatus().getDescription()).isEqualTo("late");
        assertThat(span.getEvents()).hasSize(1);
    }

    @Test
    void returnedStage_isCancelledByTheCaller() {
        CompletableFuture<String> work = new CompletableFuture<>();

        boolean cancelled = Steps.call("async", null, () -> work).cancel(true);

        assertThat(cancelled).isTrue();
        assertThat(work).isCancelled();
        assertThat(bridge.span("async").getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    }

    @Test
    void hostileStage_doesNotReachTheCaller() {
        CompletableFuture<String> hostile = new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(
                    java.util.function.BiConsumer<? super String, ? super Throwable> action) {
                throw new IllegalStateException("no observers");
            }
        };

        assertThat(Steps.call("async", null, () -> hostile)).isSameAs(hostile);
        assertThat(bridge.span("async")).isNotNull();
    }

    /** The point of this test is that it compiles: no casts, no ambiguity, checked types exact. */
    @Test
    void overloads_resolveForEveryShape() throws IOException {
        Map<String, String> map = new HashMap<>();
        String value = Steps.call("value", null, () -> "v");
        String fromStep = Steps.call("step", null, step -> step.spanId());
        Steps.run("void", null, () -> map.clear());
        String put = Steps.call("put", null, () -> map.put("a", "b"));
        int length = Steps.call("method", null, this::checked);
        String none = Steps.<String, RuntimeException>call("null", null, () -> null);

        assertThat(value).isEqualTo("v");
        assertThat(fromStep).hasSize(16);
        assertThat(put).isNull();
        assertThat(length).isEqualTo(3);
        assertThat(none).isNull();
    }

    private int checked() throws IOException {
        return "abc".length();
    }

    @Test
    void step_addsToItsSpan() {
        Steps.call("tool.layout", null, step -> {
            step.put("tool.confidence", 0.75).put("nothing", null);
            return step.traceId();
        });

        assertThat(bridge.span("tool.layout").getAttributes().get(AttributeKey.doubleKey("tool.confidence")))
                .isEqualTo(0.75);
    }

    @Test
    void hostileThrowable_goesThroughUnchanged() {
        RuntimeException hostile = new RuntimeException() {
            @Override
            public String getMessage() {
                throw new IllegalStateException("message");
            }

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("cause");
            }

            @Override
            public String toString() {
                throw new IllegalStateException("text");
            }

            @Override
            public StackTraceElement[] getStackTrace() {
                throw new IllegalStateException("frames");
            }

            @Override
            public boolean equals(Object other) {
                throw new IllegalStateException("equals");
            }

            @Override
            public int hashCode() {
                throw new IllegalStateException("hash");
            }
        };

        Throwable caught = catchThrowable(() -> Pipeline.run(
                "hostile",
                () -> Steps.run("inner", null, () -> {
                    throw hostile;
                })));

        assertThat(caught == hostile).isTrue();
        assertThat(bridge.span("inner").getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(bridge.sink.errors).hasSize(1);
    }

    @Test
    void cyclicCausesAndHugeMessages_areBounded() {
        Exception first = new Exception("a".repeat(10_000_000));
        Exception second = new Exception("b", first);
        first.initCause(second);

        Throwable unused = catchThrowable(() -> Steps.run("cyclic", null, () -> {
            throw second;
        }));

        assertThat(bridge.span("cyclic").getEvents().get(0).getAttributes().toString())
                .hasSizeLessThan(40_000);
        assertThat(Failure.chain(second)).containsExactly(second, first);
    }

    @Test
    void nullNamesAndMessages_areFine() {
        Throwable caught = catchThrowable(() -> Steps.run(null, null, () -> {
            throw new IllegalStateException((String) null);
        }));

        assertThat(caught).isInstanceOf(IllegalStateException.class).hasMessage(null);
        assertThat(bridge.span("unnamed").getStatus().getDescription()).isEmpty();
    }

    @Test
    void virtualMachineError_passes() {
        OutOfMemoryError fatal = new OutOfMemoryError("heap");

        Throwable caught = catchThrowable(() -> Steps.run("fatal", null, () -> {
            throw fatal;
        }));

        assertThat(caught).isSameAs(fatal);
        assertThat(Span.current().getSpanContext().isValid()).isFalse();
    }

    @Test
    void traceHeader_isTheCurrentTrace() {
        Map<String, String> headers = new HashMap<>();
        Steps.addTraceHeaders(headers::put);
        assertThat(headers).isEmpty();

        AtomicReference<String> traceId = new AtomicReference<>();
        Steps.call("request", null, step -> {
            Steps.addTraceHeaders(headers::put);
            Steps.addTraceHeaders((name, value) -> {
                throw new IllegalStateException("committed");
            });
            Steps.addTraceHeaders(null);
            traceId.set(step.traceId());
            return 1;
        });

        assertThat(headers).containsExactlyEntriesOf(Map.of("X-Trace-Id", traceId.get()));
    }

    @Test
    void work_runsWithoutABridge() {
        bridge.close();
        List<String> ran = new ArrayList<>();

        Steps.run("a", attrs("k", 1), () -> ran.add("step"));
        String name = Pipeline.run(
                "b", pipeline -> pipeline.put("k", "v").tag("t", "v").step("s").name());
        Function<String, String> wrapped = Snapshot.capture().wrap((String s) -> s + "!");

        assertThat(ran).containsExactly("step");
        assertThat(name).isEmpty();
        assertThat(wrapped.apply("x")).isEqualTo("x!");
        assertThat(Pipeline.current()).isNotNull();
    }
}
