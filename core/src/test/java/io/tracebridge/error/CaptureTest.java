/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Steps;
import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CaptureTest {
    private TestBridge bridge;

    @BeforeEach
    void start() {
        bridge = TestBridge.start();
    }

    @AfterEach
    void stop() {
        bridge.close();
    }

    private static String capture(Throwable throwable) {
        return ErrorReport.of(throwable).send();
    }

    private LogEvent.Builder errorLog(Throwable throwable) {
        return LogEvent.builder(bridge.clock.instant(), "error", "com.acme.Scenes", "scene failed")
                .throwable(throwable);
    }

    /** Lets the application's exceptions end here. */
    private static Throwable failing(org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
        return catchThrowable(work);
    }

    // --- what makes an event

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

    // --- where it was thrown

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

    // --- one failure, one event

    @Test
    void logAfterCapture_givesOneEvent() {
        AtomicReference<String> first = new AtomicReference<>();
        AtomicReference<String> second = new AtomicReference<>();
        Steps.run("tool.layout", null, () -> {
            IOException thrown = new IOException("x");
            first.set(capture(thrown));
            second.set(errorLog(thrown).mdc(Map.of("user", "u1")).build().capture());
            String unused = capture(new RuntimeException("next", new IOException("other")));
        });

        assertThat(second).hasValue(first.get());
        assertThat(bridge.sink.errors).hasSize(2);
        assertThat(bridge.accounting.drops(DropReason.DUPLICATE)).isEqualTo(1);
        assertThat(bridge.span("tool.layout").getEvents())
                .filteredOn(event -> event.getName().equals("exception.seen"))
                .singleElement()
                .satisfies(event -> assertThat(event.getAttributes().asMap().toString())
                        .contains("com.acme.Scenes", "scene failed"));
        assertThat(bridge.sink.errors.get(1).breadcrumbs())
                .filteredOn(crumb -> crumb.category().equals("com.acme.Scenes"))
                .singleElement()
                .satisfies(crumb -> {
                    assertThat(crumb.message()).isEqualTo("scene failed");
                    assertThat(crumb.data()).containsEntry("user", "u1");
                });
    }

    @Test
    void sameThrowable_isNewAfterAMinute() {
        IOException thrown = new IOException("x");
        String first = capture(thrown);
        bridge.clock.advance(Duration.ofSeconds(59));
        assertThat(capture(thrown)).isEqualTo(first);
        bridge.clock.advance(Duration.ofSeconds(1));

        assertThat(capture(thrown)).isNotEqualTo(first);
        assertThat(bridge.sink.errors).hasSize(2);
    }

    @Test
    void equalThrowables_areTwoFailures() {
        record Same(String text) {}
        class Equal extends RuntimeException {
            private final Same same = new Same("a");

            @Override
            public boolean equals(Object other) {
                return other instanceof Equal equal && equal.same.equals(same);
            }

            @Override
            public int hashCode() {
                return same.hashCode();
            }
        }
        Steps.run("tool.layout", null, () -> {
            String one = capture(new Equal());
            String other = capture(new Equal());
            assertThat(one).isNotEqualTo(other);
        });

        assertThat(bridge.sink.errors).hasSize(2);
    }

    @Test
    void futuresEnvelopes_areTheFailureTheyCarry() {
        Steps.run("tool.layout", null, () -> {
            IOException thrown = new IOException("x");
            String first = capture(thrown);
            assertThat(capture(new ExecutionException(thrown))).isEqualTo(first);
        });

        assertThat(bridge.sink.errors).hasSize(1);
    }

    @Test
    void staticExceptionThrownInHundredPipelines_givesHundredEvents() {
        IllegalStateException shared = new IllegalStateException("preallocated");
        for (int i = 0; i < 100; i++) {
            String id = "p" + i;
            Throwable unused = failing(() -> Pipeline.run(
                    "scene",
                    attrs("project.id", id),
                    () -> Steps.run("tool.layout", null, () -> {
                        throw shared;
                    })));
        }

        assertHundredOwnEvents();
    }

    @Test
    void staticExceptionCapturedInHundredPipelines_givesHundredEvents() {
        IllegalStateException shared = new IllegalStateException("preallocated");
        for (int i = 0; i < 100; i++) {
            Pipeline.run("scene", attrs("project.id", "p" + i), () -> {
                String unused = capture(shared);
            });
        }

        assertHundredOwnEvents();
    }

    private void assertHundredOwnEvents() {
        assertThat(bridge.sink.errors).hasSize(100);
        assertThat(bridge.sink.errors.stream().map(CapturedError::traceId)).doesNotHaveDuplicates();
        for (int i = 0; i < 100; i++) {
            assertThat(bridge.sink.errors.get(i).tags()).containsEntry("app.project_id", "p" + i);
        }
    }

    @Test
    void failureOfAnotherTrace_keepsItsOwnContextAndIsOneEvent() {
        Throwable failed = failing(() -> Pipeline.run("scene", attrs("project.id", "p1"), () -> {
            throw new IOException("x");
        }));
        Pipeline.run("supervisor", () -> {
            String unused = errorLog(failed).build().capture();
        });

        assertThat(bridge.sink.only().tags()).containsEntry("pipeline", "scene");
        assertThat(bridge.accounting.drops(DropReason.DUPLICATE)).isEqualTo(1);
    }

    @Test
    void captureInsideACapture_doesNothing() {
        bridge.sink.onSend = () -> {
            assertThat(capture(new IOException("from the sink"))).isEmpty();
            errorLog(new IOException("logged by the sink")).build().breadcrumb();
        };

        String id = capture(new IOException("x"));

        assertThat(id).isNotEmpty();
        assertThat(bridge.sink.only().throwable()).hasMessage("x");
        assertThat(bridge.sink.breadcrumbs).isEmpty();
    }

    @Test
    void throwingSink_doesNotReachTheCaller() {
        bridge.sink.onSend = () -> {
            throw new IllegalStateException("sink");
        };

        assertThat(capture(new IOException("x"))).isEmpty();
        assertThat(bridge.accounting.drops(DropReason.ENCODING_FAILED)).isEqualTo(1);
    }

    // --- what is on it

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

    // --- events of others

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

    // --- log lines

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
