/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With real threads: nothing behind the decision reaches the application. */
class HostSafetyTest {
    private final Accounting accounting = new Accounting();

    /** Who waits for the exporter waits for ever. */
    @Test
    @Timeout(60)
    void hangingExporter_changesNothingForTheApplicationNorForTheOthers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Collecting healthy = new Collecting();
        TailSampling sampling = sampling(1.0);
        sampling.addTraceExporter("hanging", new Collecting() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                awaitQuietly(never);
                return CompletableResultCode.ofSuccess();
            }
        });
        sampling.addBatchExporter("healthy", healthy);
        String text = "x".repeat(4_000);
        try (SdkTracerProvider provider = provider(sampling)) {
            Tracer tracer = provider.get("test");
            for (int i = 0; i < 10_000; i++) {
                Span span = tracer.spanBuilder("request").startSpan();
                span.setAttribute("text", text);
                span.end();
                if (i % 500 == 0) {
                    sampling.flushLater(); // keeps the decision in step, as minutes of traffic would
                }
            }
            org.awaitility.Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> healthy.spans.size() + accounting.drops(DropReason.MEMORY_PRESSURE) >= 10_000);
            assertThat(healthy.spans).hasSizeGreaterThan(1_000);
            assertThat(accounting.drops(DropReason.QUEUE_FULL)).isPositive();
            assertThat(sampling.shutdown(Duration.ofMillis(300))).isFalse();
            assertThat(accounting.drops(DropReason.SHUTDOWN)).isPositive();
        } finally {
            never.countDown();
        }
    }

    @Test
    void throwingExporter_losesOnlyItsOwnSpans_counted() {
        Collecting healthy = new Collecting();
        TailSampling sampling = sampling(1.0);
        sampling.addTraceExporter("throwing", new Collecting() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                throw new NoClassDefFoundError("gone");
            }
        });
        sampling.addTraceExporter("failing", new Collecting() {
            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                return CompletableResultCode.ofFailure();
            }
        });
        sampling.addTraceExporter("healthy", healthy);
        try (SdkTracerProvider provider = provider(sampling)) {
            provider.get("test").spanBuilder("request").startSpan().end();
            sampling.flush(Duration.ofSeconds(10));
            assertThat(healthy.spans).hasSize(1);
            assertThat(accounting.drops(DropReason.EXPORT_FAILED)).isEqualTo(2);
        }
    }

    @Test
    void throwingScrubber_losesTheSpan_counted() {
        Collecting exporter = new Collecting();
        Scrubber throwing = new Scrubber() {
            @Override
            public String text(String text) {
                throw new IllegalStateException("no");
            }

            @Override
            public @Nullable Object value(String key, @Nullable Object value) {
                throw new IllegalStateException("no");
            }
        };
        TailSampling sampling = TailSampling.builder()
                .settings(Settings.builder().build())
                .accounting(accounting)
                .scrubber(throwing)
                .build();
        sampling.addTraceExporter("exporter", exporter);
        try (SdkTracerProvider provider = provider(sampling)) {
            Span span = provider.get("test").spanBuilder("request").startSpan();
            assertThatCode(span::end).doesNotThrowAnyException();
            sampling.flush(Duration.ofSeconds(10));
            assertThat(exporter.spans).isEmpty();
            assertThat(accounting.drops(DropReason.ENCODING_FAILED)).isEqualTo(1);
        }
    }

    @Test
    void racingThreads_loseNoErrorAndDoubleNone() throws Exception {
        Collecting exporter = new Collecting();
        TailSampling sampling = sampling(0.1);
        sampling.addTraceExporter("exporter", exporter);
        Map<String, Set<String>> expected = new ConcurrentHashMap<>();
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try (SdkTracerProvider provider = provider(sampling)) {
            Tracer tracer = provider.get("test");
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                Span root = tracer.spanBuilder("root").setNoParent().startSpan();
                Set<String> ids = ConcurrentHashMap.newKeySet();
                String traceId = root.getSpanContext().getTraceId();
                int how = i % 3;
                for (int s = 0; s < 4; s++) {
                    Span step = tracer.spanBuilder("step")
                            .setParent(Context.root().with(root))
                            .startSpan();
                    ids.add(step.getSpanContext().getSpanId());
                    boolean fails = s == 0 && how == 0;
                    futures.add(pool.submit(() -> {
                        if (fails) {
                            step.setStatus(StatusCode.ERROR);
                        }
                        step.end();
                    }));
                }
                ids.add(root.getSpanContext().getSpanId());
                futures.add(pool.submit(() -> root.end()));
                if (how == 1) {
                    futures.add(pool.submit(() -> {
                        if (ThreadLocalRandom.current().nextInt(20) == 0) {
                            sampling.flushLater();
                        }
                        assertThat(sampling.keep(traceId, "captured_error", "f" + traceId))
                                .isTrue();
                    }));
                }
                if (how < 2) {
                    expected.put(traceId, ids);
                }
            }
            for (Future<?> future : futures) {
                future.get(30, TimeUnit.SECONDS);
            }
            assertThat(sampling.flush(Duration.ofSeconds(30))).isTrue();
            Map<String, List<String>> exported = new ConcurrentHashMap<>();
            exporter.spans.forEach(span -> exported.computeIfAbsent(span.getTraceId(), id -> new ArrayList<>())
                    .add(span.getSpanId()));
            expected.forEach((traceId, ids) ->
                    assertThat(exported.get(traceId)).as(traceId).containsExactlyInAnyOrderElementsOf(ids));
            Set<String> others = new HashSet<>(exported.keySet());
            others.removeAll(expected.keySet());
            assertThat(others).hasSizeBetween(60, 150); // 1,000 at a tenth
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void shutdown_exportsWhatIsKept_evenWithOpenSpans() {
        Collecting exporter = new Collecting();
        TailSampling sampling = sampling(1.0);
        sampling.addBatchExporter("exporter", exporter);
        SdkTracerProvider provider = provider(sampling);
        Tracer tracer = provider.get("test");
        Span root = tracer.spanBuilder("root").startSpan();
        tracer.spanBuilder("step")
                .setParent(Context.root().with(root))
                .startSpan()
                .end();
        assertThat(provider.shutdown().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
        assertThat(exporter.spans).extracting(SpanData::getName).containsExactly("step");
        assertThat(exporter.isShutdown).isTrue();
        assertThatCode(root::end).doesNotThrowAnyException();
        assertThat(sampling.shutdown(Duration.ofSeconds(1))).isTrue();
    }

    private TailSampling sampling(double rate) {
        return TailSampling.builder()
                .settings(Settings.builder().samplingRate(rate).build())
                .accounting(accounting)
                .firstTraces(0)
                .errorTracesPerMinute(Integer.MAX_VALUE)
                .build();
    }

    private static SdkTracerProvider provider(TailSampling sampling) {
        return SdkTracerProvider.builder()
                .setSampler(sampling.sampler(null))
                .addSpanProcessor(sampling.spanProcessor())
                .build();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static class Collecting implements SpanExporter {
        final Queue<SpanData> spans = new ConcurrentLinkedQueue<>();
        volatile boolean isShutdown;

        @Override
        public CompletableResultCode export(Collection<SpanData> batch) {
            spans.addAll(batch);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            isShutdown = true;
            return CompletableResultCode.ofSuccess();
        }
    }
}
