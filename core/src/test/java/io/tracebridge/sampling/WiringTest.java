/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.SdkLoggerProviderBuilder;
import io.opentelemetry.sdk.logs.internal.LoggerConfig;
import io.opentelemetry.sdk.logs.internal.SdkLoggerProviderUtil;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What the SDK around us may do to the promise, and what tracing off leaves. */
class WiringTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("io.tracebridge");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void anotherSampler_isReportedOnce() {
        try (Bench bench = new Bench(0.1, 1);
                SdkTracerProvider other = SdkTracerProvider.builder()
                        .setSampler(Sampler.alwaysOn())
                        .addSpanProcessor(bench.sampling.spanProcessor())
                        .build()) {
            for (int i = 0; i < 3; i++) {
                Span open = other.get("test").spanBuilder("request").startSpan();
                bench.advance(Duration.ofSeconds(2));
                bench.tick();
                open.end();
            }
            assertThat(lines.list)
                    .filteredOn(line -> line.getFormattedMessage().contains("sampler"))
                    .hasSize(1);
        }
    }

    @Test
    void ourSampler_isNotReported() {
        try (Bench bench = new Bench(0.1, 1)) {
            Span open = bench.root("request");
            bench.advance(Duration.ofSeconds(2));
            bench.tick();
            open.end();
            assertThat(lines.list).isEmpty();
        }
    }

    @Test
    void traceBasedLoggers_areReportedOnce() {
        try (Bench bench = new Bench(0.1, 1);
                SdkLoggerProvider plain = SdkLoggerProvider.builder()
                        .addLogRecordProcessor(bench.sampling.logRecordProcessor())
                        .build()) {
            assertThat(bench.sampling.checkLogs(plain)).isFalse();
            assertThat(bench.sampling.checkLogs(traceBased())).isTrue();
            assertThat(bench.sampling.checkLogs(traceBased())).isTrue();
            assertThat(lines.list)
                    .filteredOn(line -> line.getFormattedMessage().contains("trace_based"))
                    .hasSize(1);
        }
    }

    @Test
    void warnLogs_keepNothing() {
        try (Bench bench = new Bench(0, 1)) {
            Span root = bench.root("request");
            Logs.emit(bench.sampling, root.getSpanContext(), "logger", Severity.WARN);
            root.end();
            bench.tick();
            assertThat(bench.traces.calls).isEmpty();
        }
    }

    @Test
    void tracingOff_recordsNothing_butIdsGoOn() {
        try (TailSampling off = TailSampling.builder()
                        .settings(Settings.builder().tracing(false).build())
                        .build();
                SdkTracerProvider provider = SdkTracerProvider.builder()
                        .setSampler(off.sampler(null))
                        .addSpanProcessor(off.spanProcessor())
                        .build()) {
            Span root = provider.get("test").spanBuilder("request").startSpan();
            Span step = provider.get("test")
                    .spanBuilder("step")
                    .setParent(Context.root().with(root))
                    .startSpan();
            assertThat(root.isRecording()).isFalse();
            assertThat(root.getSpanContext().isValid()).isTrue();
            assertThat(root.getSpanContext().isSampled()).isFalse();
            assertThat(step.getSpanContext().getTraceId())
                    .isEqualTo(root.getSpanContext().getTraceId());
            assertThat(off.keep(root.getSpanContext().getTraceId(), "captured_error", "f"))
                    .isFalse();
            assertThat(off.health().activeTraces()).isZero();
        }
    }

    @Test
    void signalSpans_keepTheTrace_andAreNotExported() {
        try (Bench bench = new Bench(0, 1)) {
            Span root = bench.root("request");
            bench.provider
                    .get(TraceIntake.SIGNAL_SCOPE)
                    .spanBuilder("keep")
                    .setParent(Context.root().with(root))
                    .startSpan()
                    .end();
            root.end();
            bench.tick();
            assertThat(bench.traces.spans()).extracting(span -> span.getName()).containsExactly("request");
        }
    }

    /** What {@code trace_based: true} in the SDK's configuration file builds. */
    private static SdkLoggerProvider traceBased() {
        SdkLoggerProviderBuilder builder =
                SdkLoggerProvider.builder().addLogRecordProcessor(LogRecordProcessor.composite());
        return SdkLoggerProviderUtil.setLoggerConfigurator(
                        builder,
                        scope -> LoggerConfig.builder().setTraceBased(true).build())
                .build();
    }
}
