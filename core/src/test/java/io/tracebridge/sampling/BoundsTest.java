/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Memory stays flat whatever comes, and every loss is counted. */
class BoundsTest {
    private static final AttributeKey<Boolean> PARTIAL = AttributeKey.booleanKey("tracebridge.partial");
    private static final AttributeKey<String> KEPT_BECAUSE = AttributeKey.stringKey("tracebridge.kept_because");
    private static final long MIB = 1L << 20;

    @Test
    void active_staysFlat_underAMillionTracesThatNeverEnd() {
        try (Bench bench = new Bench(0.1, 1, options -> options.activeBytes(MIB))) {
            for (int i = 0; i < 1_000_000; i++) {
                bench.root("never ending");
                if (i % 100_000 == 0) {
                    bench.tick();
                    assertThat(bench.sampling.health().activeBytes()).isLessThanOrEqualTo(2 * MIB + 1_000);
                }
            }
            assertThat(bench.sampling.health().activeTraces()).isLessThan(5_000);
            assertThat(bench.sampling.health().degraded()).isTrue();
            assertThat(bench.sampling.health().degradedTraces()).isGreaterThan(800_000);
        }
    }

    @Test
    void flood_ofForeignSampledTraces_staysFlatAndIsCounted() {
        try (Bench bench = new Bench(
                0.1, 2, options -> options.activeBytes(MIB).heldBytes(MIB).incomingSampledPerSecond(100))) {
            Bench.SeededIds ids = new Bench.SeededIds(2);
            for (int i = 0; i < 50_000; i++) {
                bench.fromRemote(ids.generateTraceId(), true, TraceState.getDefault(), "flood")
                        .end();
                if (i % 1_000 == 0) {
                    bench.tick();
                    bench.traces.calls.clear();
                    bench.batches.calls.clear();
                    assertThat(bench.sampling.health().activeBytes()).isLessThanOrEqualTo(2 * MIB + 1_000);
                    assertThat(bench.sampling.health().heldBytes()).isLessThanOrEqualTo(MIB);
                }
            }
            bench.tick();
            var health = bench.sampling.health();
            assertThat(health.keptTraces()).isBetween(100 + 5_000 - 250L, 100 + 5_000 + 250L);
            assertThat(health.keptTraces()
                            + health.heldTraces()
                            + health.lost().getOrDefault(DropReason.HELD_EVICTED, 0L)
                            + health.lost().getOrDefault(DropReason.MEMORY_PRESSURE, 0L))
                    .as("every trace is accounted for")
                    .isEqualTo(50_000);
        }
    }

    @Test
    void idsOfZeros_areNotTracked() {
        try (Bench bench = new Bench(1.0, 3);
                SdkTracerProvider zeros = SdkTracerProvider.builder()
                        .setIdGenerator(new io.opentelemetry.sdk.trace.IdGenerator() {
                            @Override
                            public String generateSpanId() {
                                return "0000000000000000";
                            }

                            @Override
                            public String generateTraceId() {
                                return "00000000000000000000000000000000";
                            }
                        })
                        .setSampler(bench.sampling.sampler(null))
                        .addSpanProcessor(bench.sampling.spanProcessor())
                        .build()) {
            for (int i = 0; i < 10_000; i++) {
                zeros.get("test").spanBuilder("zero").startSpan().end();
            }
            bench.tick();
            assertThat(bench.sampling.health().activeTraces()).isZero();
            assertThat(bench.traces.calls).isEmpty();
        }
    }

    @Test
    void held_dropsTheOldestFirst_andCountsIt() {
        try (Bench bench = new Bench(0, 4, options -> options.firstTraces(0).heldBytes(64 * 1024))) {
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                Span root = bench.root("request");
                ids.add(root.getSpanContext().getTraceId());
                root.end();
                bench.tick();
            }
            var health = bench.sampling.health();
            assertThat(health.heldBytes()).isBetween(60L * 1024, 64L * 1024);
            assertThat(bench.accounting.drops(DropReason.HELD_EVICTED)).isEqualTo(2_000 - health.heldTraces());
            int held = (int) health.heldTraces();
            assertThat(bench.sampling.keep(ids.get(2_000 - held), "signal", "a"))
                    .isTrue();
            assertThat(bench.sampling.keep(ids.get(2_000 - held - 1), "signal", "b"))
                    .isFalse();
        }
    }

    @Test
    void held_forgetsAfter30Seconds_andCountsIt() {
        try (Bench bench = new Bench(0, 5)) {
            Span root = bench.root("request");
            root.end();
            bench.tick();
            bench.advance(Duration.ofSeconds(29));
            bench.tick();
            assertThat(bench.sampling.health().heldTraces()).isOne();
            assertThat(bench.sampling.health().heldHorizon()).isEqualTo(Duration.ofSeconds(29));
            assertThat(bench.accounting.drops(DropReason.SAMPLED_OUT)).isZero();
            bench.advance(Duration.ofSeconds(2));
            bench.tick();
            assertThat(bench.sampling.health().heldTraces()).isZero();
            assertThat(bench.accounting.drops(DropReason.SAMPLED_OUT)).isOne();
            assertThat(bench.sampling.keep(root.getSpanContext().getTraceId(), "signal", "f"))
                    .isFalse();
        }
    }

    @Test
    void hugeTrace_waitsAsBytes_andArrivesWholeInOneCall() {
        try (Bench bench = new Bench(0, 6, options -> options.firstTraces(0).heldBytes(8 * MIB))) {
            Set<String> ids = new HashSet<>();
            Span root = bench.root("batch");
            for (int i = 0; i < 9_000; i++) {
                Span step = bench.child(root, "step");
                ids.add(step.getSpanContext().getSpanId());
                step.setAttribute("index", i);
                step.end();
                if (i % 1_000 == 0) {
                    bench.tick();
                    assertThat(bench.sampling.health().activeBytes()).isLessThan(MIB);
                }
            }
            root.setStatus(StatusCode.ERROR);
            root.end();
            ids.add(root.getSpanContext().getSpanId());
            bench.tick();
            assertThat(bench.traces.calls).hasSize(1);
            assertThat(bench.traces.spans().stream().map(SpanData::getSpanId)).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(bench.traces.spans())
                    .allMatch(span ->
                            "th:0".equals(span.getSpanContext().getTraceState().get("ot")));
            assertThat(bench.batches.calls).allMatch(batch -> batch.size() <= 512);
            assertThat(bench.batches.spans()).hasSize(9_001);
            assertThat(bench.sampling.health().heldBytes()).isZero();
        }
    }

    @Test
    void claimBeforeTheNextRequestOfTheTrace_keepsBoth() {
        try (Bench bench = new Bench(0, 6)) {
            String traceId = new Bench.SeededIds(6).generateTraceId();
            bench.fromRemote(traceId, false, TraceState.getDefault(), "first").end();
            bench.tick();
            assertThat(bench.sampling.keep(traceId, "captured_error", "f")).isTrue();
            // not yet seen by the worker, while the second request grows so large that it waits as bytes too
            Span second = bench.fromRemote(traceId, false, TraceState.getDefault(), "second");
            for (int i = 0; i < 1_000; i++) {
                bench.child(second, "step").end();
            }
            bench.tick();
            second.end();
            bench.tick();
            assertThat(bench.traces.spans().stream().map(SpanData::getSpanId).distinct())
                    .hasSize(1_002);
            assertThat(bench.traces.spans()).hasSize(1_002);
            assertThat(bench.sampling.health().heldTraces()).isZero();
        }
    }

    @Test
    void hugeTraceThatIsKept_isExportedInParts_beyond10000Spans() {
        try (Bench bench = new Bench(1.0, 7, options -> options.firstTraces(0).heldBytes(8 * MIB))) {
            Span root = bench.root("batch");
            for (int i = 0; i < 25_000; i++) {
                bench.child(root, "step").end();
                if (i % 500 == 0) {
                    bench.tick();
                }
            }
            assertThat(bench.traces.calls).isNotEmpty();
            root.end();
            bench.tick();
            assertThat(bench.traces.spans().stream().map(SpanData::getSpanId).distinct())
                    .hasSize(25_001);
            assertThat(bench.traces.spans()).hasSize(25_001);
        }
    }

    @Test
    void openPartThatHadToGo_makesTheTracePartial() {
        try (Bench bench = new Bench(0, 8, options -> options.firstTraces(0).heldBytes(32 * 1024))) {
            Span root = bench.root("batch");
            for (int i = 0; i < 4_000; i++) {
                bench.child(root, "step").end();
                bench.tick();
            }
            root.setStatus(StatusCode.ERROR);
            root.end();
            bench.tick();
            assertThat(bench.accounting.drops(DropReason.HELD_EVICTED)).isPositive();
            assertThat(bench.traces.spans())
                    .isNotEmpty()
                    .allMatch(span -> span.getAttributes().get(PARTIAL) != null);
            assertThat(bench.sampling.health().partialTraces()).isOne();
        }
    }

    @Test
    void pressure_fallsBackToTheHeadDecision_andRecovers() {
        try (Bench bench = new Bench(0.5, 9, options -> options.firstTraces(0).activeBytes(200_000))) {
            List<Span> open = new ArrayList<>();
            while (!bench.sampling.health().degraded()) {
                open.add(bench.root("never ending"));
            }
            int recorded = 0;
            for (int i = 0; i < 200; i++) {
                Span root = bench.root("request");
                assertThat(root.isRecording()).isEqualTo(root.getSpanContext().isSampled());
                assertThat(bench.child(root, "step").isRecording()).isEqualTo(root.isRecording());
                recorded += root.isRecording() ? 1 : 0;
                root.setStatus(StatusCode.ERROR);
                root.end();
            }
            assertThat(recorded).isBetween(70, 130);
            open.forEach(Span::end);
            bench.advance(Duration.ofSeconds(3));
            bench.tick();
            assertThat(bench.traces.spans())
                    .filteredOn(span -> span.getStatus().getStatusCode() == StatusCode.ERROR)
                    .isNotEmpty()
                    .allMatch(span ->
                            "th:8".equals(span.getSpanContext().getTraceState().get("ot")));
            assertThat(bench.sampling.health().degraded()).isFalse();
            assertThat(bench.root("request").isRecording()).isTrue();
        }
    }

    @Test
    void slowTraces_areKeptOncePerSecondAndOperation() {
        try (Bench bench = new Bench(0, 10)) {
            for (int i = 0; i < 5; i++) {
                Span first = bench.root("a");
                Span second = bench.root(i == 0 ? "a" : "b");
                bench.advance(Duration.ofSeconds(10));
                first.end();
                second.end();
                bench.tick();
            }
            assertThat(bench.traces.spans())
                    .extracting(SpanData::getName)
                    .containsExactlyInAnyOrder("a", "a", "a", "a", "a", "b", "b", "b", "b");
            assertThat(bench.traces.spans())
                    .allMatch(span -> "slow".equals(span.getAttributes().get(KEPT_BECAUSE)));
        }
    }

    @Test
    void firstTenTraces_areKept() {
        try (Bench bench = new Bench(0, 11, options -> options)) {
            for (int i = 0; i < 30; i++) {
                bench.root("request-" + i).end();
            }
            bench.tick();
            assertThat(bench.traces.spans())
                    .extracting(SpanData::getName)
                    .containsExactly(java.util.stream.IntStream.range(0, 10)
                            .mapToObj(i -> "request-" + i)
                            .toArray(String[]::new));
        }
    }

    @Test
    void forgottenRoot_isDecidedAfterTenMinutes() {
        try (Bench bench = new Bench(1.0, 12)) {
            Span root = bench.root("never ending");
            bench.child(root, "step").end();
            bench.advance(Duration.ofMinutes(9));
            bench.tick();
            assertThat(bench.traces.calls).isEmpty();
            bench.advance(Duration.ofMinutes(2));
            bench.tick();
            bench.advance(Duration.ofMinutes(11));
            bench.tick();
            assertThat(bench.traces.spans()).extracting(SpanData::getName).containsExactly("step");
            assertThat(bench.sampling.health().activeTraces()).isZero();
            assertThat(bench.sampling.health().partialTraces()).isOne();
        }
    }
}
