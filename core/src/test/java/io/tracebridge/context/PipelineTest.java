/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import static io.tracebridge.context.Attrs.attrs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.error.TestBridge;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

class PipelineTest {
    private TestBridge bridge;

    @BeforeEach
    void start() {
        bridge = TestBridge.start();
    }

    @AfterEach
    void stop() {
        bridge.close();
        MDC.clear();
    }

    @Test
    void current_isNeverNull() {
        assertThat(Pipeline.current().put("k", 1).tag("t", 1).step("s").name()).isEmpty();
        Pipeline.run("scene", () -> assertThat(Pipeline.current().name()).isEqualTo("scene"));
        assertThat(Pipeline.current().name()).isEmpty();
    }

    @Test
    void data_isSeenByEveryStepAndOnTheRootSpan() {
        Pipeline.run("scene", attrs("project.id", "p1"), pipeline -> {
            Steps.run(
                    "brain",
                    null,
                    () -> Pipeline.current().put("tool.name", "layout").tag("tier", "free"));
            return pipeline;
        });

        SpanData root = bridge.span("scene");
        assertThat(root.getAttributes().get(AttributeKey.stringKey("project.id")))
                .isEqualTo("p1");
        assertThat(root.getAttributes().get(AttributeKey.stringKey("tool.name")))
                .isEqualTo("layout");
        assertThat(root.getAttributes().get(AttributeKey.stringKey("tier"))).isEqualTo("free");
    }

    @Test
    void outermostStep_isAPipelineOfItsOwn() {
        Steps.run("generation.generateScene", attrs("project.id", "p1"), () -> {
            Steps.run("brain", null, () -> assertThat(Pipeline.current().name()).isEqualTo("generation.generateScene"));
            assertThat(Place.here().origin().data()).containsEntry("project.id", "p1");
            assertThat(Place.here().origin().path())
                    .extracting(StepTime::name)
                    .containsExactly("generation.generateScene", "brain");
        });
    }

    @Test
    void nestedPipeline_startsWithTheOuterData() {
        Pipeline.run("outer", attrs("a", 1), () -> {
            Pipeline.current().tag("t", "v");
            Pipeline.run("inner", attrs("b", 2), () -> {
                assertThat(Place.here().origin().data()).containsEntry("a", 1L).containsEntry("b", 2L);
                assertThat(Place.here().origin().tags()).containsEntry("t", "v");
            });
            assertThat(Place.here().origin().data()).doesNotContainKey("b");
        });
    }

    @Test
    void data_isBounded() {
        Pipeline.run("big", pipeline -> {
            for (int i = 0; i < 1_000; i++) {
                pipeline.put("key" + i, "v".repeat(10)).step("step" + i).tag("tag" + i, "v".repeat(1_000));
            }
            pipeline.put("key0", "x".repeat(5_000));
            Origin here = Place.here().origin();
            assertThat(here.data()).hasSize(64);
            assertThat(here.data().get("key0").toString()).hasSizeLessThanOrEqualTo(1_024);
            assertThat(here.path()).hasSize(100);
            assertThat(here.path().get(99).name()).isEqualTo("step999");
            assertThat(here.tags())
                    .hasSize(64)
                    .allSatisfy((key, value) -> assertThat(value).hasSize(200));
            assertThat(here.dropped()).isPositive();
            return 1;
        });
    }

    @Test
    void dataTotal_isBounded() {
        Pipeline.run("big", pipeline -> {
            for (int i = 0; i < 64; i++) {
                pipeline.put("key" + i, "v".repeat(1_024));
            }
            assertThat(Place.here().origin().data()).hasSize(16);
            assertThat(Place.here().origin().dropped()).isEqualTo(48);
            return 1;
        });
    }

    @Test
    void longText_isScrubbedBeforeItIsCut() {
        Pipeline.run("secret", pipeline -> {
            pipeline.put("text", "x".repeat(1_010) + " jane.doe@example.com");
            assertThat(Place.here().origin().data().get("text").toString()).doesNotContain("jane");
            return 1;
        });
    }

    @Test
    void mdc_mirrorsIdsAndRestoresWhatWasThere() {
        MDC.put("trace_id", "mine");
        MDC.put("pipeline", "mine too");
        Pipeline.run("scene of jane@example.com", () -> {
            SpanIds.assertMdcIsCurrentSpan();
            assertThat(MDC.get("pipeline")).startsWith("scene of").doesNotContain("jane@");
            String outerSpan = MDC.get("span_id");
            Steps.run("inner", null, () -> {
                SpanIds.assertMdcIsCurrentSpan();
                assertThat(MDC.get("span_id")).isNotEqualTo(outerSpan);
            });
            assertThat(MDC.get("span_id")).isEqualTo(outerSpan);
        });

        assertThat(MDC.get("trace_id")).isEqualTo("mine");
        assertThat(MDC.get("pipeline")).isEqualTo("mine too");
        assertThat(MDC.get("span_id")).isNull();
    }

    @Test
    void resume_goesOnInTheSameTrace() {
        Map<String, String> headers = new HashMap<>();
        Pipeline.run(
                "send", attrs("customer", "secret"), () -> Snapshot.capture().toHeaders(headers::put));

        Pipeline.resume("queue.process", headers::get, () -> SpanIds.assertMdcIsCurrentSpan());

        SpanData sent = bridge.span("send");
        SpanData resumed = bridge.span("queue.process");
        assertThat(resumed.getTraceId()).isEqualTo(sent.getTraceId());
        assertThat(resumed.getParentSpanId()).isEqualTo(sent.getSpanId());
        assertThat(resumed.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(headers).containsOnlyKeys("traceparent");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "00-zz-zz-01",
                "00-00000000000000000000000000000000-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "\u0000\uffff",
                "ff-ff-ff-ff"
            })
    void malformedHeaders_startANewTrace(String traceparent) {
        Pipeline.resume("queue.process", name -> traceparent, () -> {});
        Pipeline.resume(
                "queue.throwing",
                name -> {
                    throw new IllegalStateException("closed");
                },
                () -> {});
        Pipeline.resume("queue.none", null, () -> {});

        assertThat(List.of(bridge.span("queue.process"), bridge.span("queue.throwing"), bridge.span("queue.none")))
                .allSatisfy(span ->
                        assertThat(span.getParentSpanContext().isValid()).isFalse());
    }

    @Test
    void data_staysOutOfBaggageAndHeaders() {
        Pipeline.run("scene", attrs("project.id", "acme-secret"), () -> {
            Map<String, String> headers = new HashMap<>();
            Snapshot.capture().toHeaders(headers::put);
            assertThat(Baggage.current().isEmpty()).isTrue();
            assertThat(headers.toString()).doesNotContain("acme-secret");
        });
    }

    @Test
    void snapshotOfTheSetter_mayThrow() {
        Throwable caught = catchThrowable(() -> Pipeline.run(
                "scene",
                () -> Snapshot.capture().toHeaders((k, v) -> {
                    throw new IllegalStateException("full");
                })));

        assertThat(caught).isNull();
    }

    /** What MDC and OpenTelemetry say about the current span. */
    private static final class SpanIds {
        static void assertMdcIsCurrentSpan() {
            assertThat(MDC.get("trace_id"))
                    .isEqualTo(Span.current().getSpanContext().getTraceId());
            assertThat(MDC.get("span_id"))
                    .isEqualTo(Span.current().getSpanContext().getSpanId());
        }
    }
}
