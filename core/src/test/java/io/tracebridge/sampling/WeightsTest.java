/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the wire and the exported spans say about weights, also for incoming traces. */
class WeightsTest {
    private static final AttributeKey<String> KEPT_BECAUSE = AttributeKey.stringKey("tracebridge.kept_because");

    /** Randomness 0xf…f passes every threshold, 0x1 none but 0; the threshold of our rate is e6666666666666. */
    private static final String HIGH = "0af7651916cd43dd84ffffffffffffff";

    private static final String LOW = "0af7651916cd43dd8400000000000001";
    private static final String VENDOR = "v1";

    /** Incoming state, error or not; whether it is exported and with which ot; what the next service is told. */
    @ParameterizedTest(name = "{0} sampled={1} ot={2} error={3}")
    @CsvSource(
            nullValues = "none",
            value = {
                // trace, sampled, incoming ot, error, exported ot (none: not exported), outgoing flag, outgoing ot
                HIGH + ", true,  th:8,                      false, th:8,                      01, th:8",
                HIGH + ", true,  th:8,                      true,  th:0,                      01, th:0",
                HIGH
                        + ", true,  th:8;rv:ffffffffffff00,    false, th:8;rv:ffffffffffff00,    01, th:8;rv:ffffffffffff00",
                HIGH + ", true,  '',                        false, '',                        01, ''",
                HIGH + ", true,  '',                        true,  th:0,                      01, th:0",
                LOW + ",  true,  th:8,                      false, '',                        01, ''",
                LOW + ",  true,  th:8,                      true,  th:0,                      01, th:0",
                HIGH + ", false, '',                        false, none,                      00, ''",
                LOW + ",  false, '',                        false, none,                      00, ''",
                LOW + ",  false, '',                        true,  th:0,                      01, th:0",
                LOW
                        + ",  false, rv:00000000000005,         true,  th:0;rv:00000000000005,    01, th:0;rv:00000000000005",
                LOW + ",  false, th:8;rv:00000000000005,    false, none,                      00, rv:00000000000005",
            })
    void incomingTrace_isTreatedByTheTable(
            String traceId,
            boolean sampled,
            String incoming,
            boolean error,
            String exported,
            String outgoingFlag,
            String outgoing) {
        try (Bench bench = new Bench(0.1, 1)) {
            var state = TraceState.builder().put("vendor", VENDOR);
            if (!incoming.isEmpty()) {
                state.put("ot", incoming);
            }
            Span span = bench.fromRemote(traceId, sampled, state.build(), "request");
            Span step = bench.child(span, "step");
            if (error) {
                step.setStatus(StatusCode.ERROR);
            }
            step.end();
            Map<String, String> headers = inject(bench, span);
            span.end();
            bench.tick();

            assertThat(headers.get("traceparent")).endsWith("-" + outgoingFlag);
            assertThat(headers.get("tracestate"))
                    .isEqualTo((outgoing.isEmpty() ? "" : "ot=" + outgoing + ",") + "vendor=v1");
            if (exported == null) {
                assertThat(bench.traces.calls).isEmpty();
                return;
            }
            assertThat(bench.traces.spans()).hasSize(2).allSatisfy(kept -> {
                assertThat(kept.getSpanContext().isSampled()).isTrue();
                assertThat(kept.getSpanContext().getTraceState().get("vendor")).isEqualTo(VENDOR);
                assertThat(kept.getSpanContext().getTraceState().get("ot"))
                        .isEqualTo(exported.isEmpty() ? null : exported);
            });
        }
    }

    @Test
    void ownRoots_sayTheirProbability() {
        try (Bench bench = new Bench(0.1, 3)) {
            for (int i = 0; i < 200; i++) {
                Span root = bench.root("request");
                if (i % 4 == 0) {
                    root.setStatus(StatusCode.ERROR);
                }
                root.end();
            }
            bench.tick();
            List<SpanData> spans = bench.traces.spans();
            assertThat(spans)
                    .extracting(span -> span.getAttributes().get(KEPT_BECAUSE))
                    .contains("head", "error");
            assertThat(spans)
                    .allSatisfy(span -> assertThat(
                                    span.getSpanContext().getTraceState().get("ot"))
                            .isEqualTo(
                                    span.getStatus().getStatusCode() == StatusCode.ERROR
                                            ? "th:0"
                                            : "th:e6666666666666"));
            assertThat(bench.accounting.drops(io.tracebridge.metrics.DropReason.OVER_BUDGET))
                    .isZero();
        }
    }

    @Test
    void exportedSpans_keepTheRandomFlagAndTheirParent() {
        try (Bench bench = new Bench(0.1, 3)) {
            Span root = bench.root("request");
            Span step = bench.child(root, "step");
            step.setStatus(StatusCode.ERROR);
            step.end();
            root.end();
            bench.tick();
            SpanData kept = bench.traces.spans().get(0);
            assertThat(kept.getParentSpanId()).isEqualTo(root.getSpanContext().getSpanId());
            assertThat(kept.getSpanContext().getTraceFlags().asByte())
                    .isEqualTo((byte) (step.getSpanContext().getTraceFlags().asByte() | 1));
            assertThat(step.getSpanContext().isSampled())
                    .as("the live context stays as it was")
                    .isFalse();
        }
    }

    @Test
    void whatIsBroughtBackAfterTheDecision_saysNoWeight() {
        try (Bench bench = new Bench(0.1, 5)) {
            Span root = rejected(bench);
            root.end();
            bench.tick();
            assertThat(bench.traces.calls).isEmpty();
            assertThat(bench.sampling.keep(root.getSpanContext().getTraceId(), "captured_error", "f"))
                    .isTrue();
            bench.tick();
            assertThat(bench.traces.spans()).hasSize(1).allSatisfy(span -> {
                assertThat(span.getSpanContext().getTraceState().get("ot")).isNull();
                assertThat(span.getSpanContext().isSampled()).isTrue();
                assertThat(span.getAttributes().get(KEPT_BECAUSE)).isEqualTo("captured_error");
            });
        }
    }

    @Test
    void floodOfIncomingSampled_isCappedByOurOwnRate() {
        try (Bench bench = new Bench(0.1, 8, options -> options.firstTraces(0).incomingSampledPerSecond(50))) {
            java.util.Random random = new java.util.Random(8);
            for (int i = 0; i < 2_050; i++) {
                String id = io.opentelemetry.api.trace.TraceId.fromLongs(random.nextLong(), random.nextLong());
                bench.fromRemote(id, true, TraceState.getDefault(), "request").end();
            }
            bench.tick();
            // the burst of 50 passes; of the other 2,000 a tenth: 200, standard deviation 13.4
            assertThat(bench.traces.spans()).hasSizeBetween(50 + 160, 50 + 240);
            bench.advance(Duration.ofSeconds(1));
            int before = bench.traces.spans().size();
            for (int i = 0; i < 50; i++) {
                bench.fromRemote(LOW.substring(0, 30) + (10 + i), true, TraceState.getDefault(), "request")
                        .end();
            }
            bench.tick();
            assertThat(bench.traces.spans()).as("a second later 50 more pass").hasSize(before + 50);
        }
    }

    @Test
    void aConfiguredSampler_staysTheHeadDecision() {
        try (Bench bench = new Bench(1.0, 9, options -> options.firstTraces(0), Sampler.alwaysOff())) {
            Span root = bench.root("request");
            assertThat(root.isRecording()).isTrue();
            assertThat(root.getSpanContext().isSampled()).isFalse();
            root.end();
            Span failing = bench.root("request");
            failing.setStatus(StatusCode.ERROR);
            failing.end();
            bench.tick();
            assertThat(bench.traces.byTrace().keySet())
                    .containsExactly(failing.getSpanContext().getTraceId());
        }
    }

    @Test
    void aThrowingSampler_doesNotReachTheApplication() {
        Sampler throwing = new Sampler() {
            @Override
            public io.opentelemetry.sdk.trace.samplers.SamplingResult shouldSample(
                    Context parentContext,
                    String traceId,
                    String name,
                    io.opentelemetry.api.trace.SpanKind spanKind,
                    io.opentelemetry.api.common.Attributes attributes,
                    List<io.opentelemetry.sdk.trace.data.LinkData> parentLinks) {
                throw new IllegalStateException("not today");
            }

            @Override
            public String getDescription() {
                return "throwing";
            }
        };
        try (Bench bench = new Bench(1.0, 9, options -> options.firstTraces(0), throwing)) {
            Span root = bench.root("request");
            assertThat(root.isRecording()).isTrue();
            root.end();
        }
    }

    /** A root that the head decision does not want. */
    static Span rejected(Bench bench) {
        Span root = bench.root("request");
        while (root.getSpanContext().isSampled()) {
            root.end();
            root = bench.root("request");
        }
        bench.tick();
        bench.traces.calls.clear();
        return root;
    }

    private static Map<String, String> inject(Bench bench, Span span) {
        Map<String, String> headers = new HashMap<>();
        bench.sampling
                .propagator(W3CTraceContextPropagator.getInstance())
                .inject(Context.root().with(span), headers, Map::put);
        return headers;
    }
}
