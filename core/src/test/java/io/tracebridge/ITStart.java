/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Who owns the two SDKs, what start says, and bad input. */
class ITStart {
    @TempDir
    private Path spool;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private FakeBackends backends;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        backends = new FakeBackends();
        log.start();
        logger().addAppender(log);
        logger().setLevel(ch.qos.logback.classic.Level.INFO);
    }

    @AfterEach
    void stop() {
        logger().detachAppender(log);
        logger().setLevel(null);
        backends.close();
        GlobalOpenTelemetry.resetForTest();
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.tracebridge");
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    private Tracebridge.Builder builder() {
        return Tracebridge.builder().dsn(backends.dsn()).spoolDir(spool).samplingRate(1);
    }

    @Test
    void start_saysInOneLine_whatIsOnAndMissing_withoutTheKey() {
        try (Tracebridge bridge =
                builder().serviceName("orders").environment("qa").start()) {
            assertThat(lines())
                    .filteredOn(line -> line.startsWith("Tracebridge for "))
                    .containsExactly("Tracebridge for orders in qa: tracing on, 100 % of ordinary traces and all with"
                            + " errors are kept; errors and transactions go to 127.0.0.1/42; no OTLP_ENDPOINT, so traces"
                            + " go to Sentry alone");
        }
        assertThat(lines()).last().asString().startsWith("Tracebridge closed: ");
    }

    @Test
    void tracingOff_recordsNothing_butOneIdIsEverywhere() {
        try (Tracebridge bridge = builder().tracing(false).start()) {
            String traceId = withSpan("step", () -> {
                assertThat(Span.current().isRecording()).isFalse();
                captureError(new IllegalStateException("boom"));
                return Span.current().getSpanContext().getTraceId();
            });
            bridge.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(backends.events()).hasSize(1));
            assertThat(backends.events().get(0).at("/contexts/trace/trace_id").asText())
                    .isEqualTo(traceId);
            assertThat(backends.events().get(0).at("/contexts/trace_link").isMissingNode())
                    .isTrue();
            assertThat(backends.transactions()).isEmpty();
        }
    }

    @Test
    void disabled_stepsAside_andBusinessRuns() {
        try (Tracebridge bridge = builder().enabled(false).start()) {
            assertThat(withSpan("step", () -> Span.current().getSpanContext().isValid()))
                    .isFalse();
            assertThat(captureError(new IllegalStateException("boom"))).isEmpty();
        }
        assertThat(backends.envelopes).isEmpty();
    }

    @Test
    void restart_serves_tracersObtainedBefore() {
        builder().start().close();
        Tracer tracer = GlobalOpenTelemetry.getTracer("library");
        try (Tracebridge bridge = builder().start()) {
            tracer.spanBuilder("after restart").startSpan().end();
            bridge.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(backends.transactions()).hasSize(1));
        }
    }

    @Test
    void settingsInCode_replaceABridgeStartedWithout() {
        Tracebridge first = Tracebridge.start();
        try (Tracebridge second = builder().start()) {
            captureError(new IllegalStateException("for the second"));
            second.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(backends.events()).hasSize(1));
            first.close();
            assertThat(Tracebridge.isStarted()).isTrue();
        }
    }

    @Test
    void foreignSdk_isUsed_andTheMissingLinesNamed() {
        SdkTracerProvider provider = SdkTracerProvider.builder().build();
        GlobalOpenTelemetry.set(
                OpenTelemetrySdk.builder().setTracerProvider(provider).build());
        try (Tracebridge bridge = builder().start()) {
            assertThat(lines()).anyMatch(line -> line.contains(".setSampler(Tracebridge.sampler())"));
            assertThat(withSpan("step", () -> Span.current().getSpanContext().isValid()))
                    .isTrue();
        }
        assertThat(provider.get("still open").spanBuilder("x").startSpan().isRecording())
                .isTrue();
    }

    @Test
    void handBuiltSdk_withOurTwoLines_keepsWholeTraces() {
        System.setProperty("enable.tracing", "true");
        OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .setSampler(Tracebridge.sampler())
                        .addSpanProcessor(Tracebridge.spanProcessor())
                        .build())
                .build();
        GlobalOpenTelemetry.set(sdk);
        try (Tracebridge bridge = builder().start()) {
            assertThat(lines()).noneMatch(line -> line.contains(".setSampler("));
            assertThatThrownBy(() -> withSpan(
                            "root",
                            () -> withSpan("child", () -> {
                                throw new IllegalStateException("boom");
                            })))
                    .hasMessage("boom");
            captureError(new IllegalStateException("told"));
            bridge.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> {
                assertThat(backends.transactions()).hasSize(1);
                assertThat(backends.events()).hasSize(1);
            });
        }
        // its spans have the instance that its resource names, which is not known here
        assertThat(backends.events()
                        .get(0)
                        .at("/contexts/otel/resource/service.instance.id")
                        .isMissingNode())
                .isTrue();
        System.clearProperty("enable.tracing");
        sdk.close();
    }

    @Test
    void refusedOtelConfiguration_isNamedOnce_andSentryGoesOn() {
        System.setProperty("otel.exporter.otlp.endpoint", "not a url");
        try (Tracebridge bridge = builder().start()) {
            assertThatThrownBy(() -> withSpan("step", () -> {
                        captureError(new IllegalStateException("captured"));
                        throw new IllegalStateException("boom");
                    }))
                    .hasMessage("boom");
            bridge.flush(Duration.ofSeconds(10));
            await().untilAsserted(() -> assertThat(backends.transactions()).hasSize(1));
            assertThat(backends.events()).hasSize(1);
            assertThat(lines())
                    .filteredOn(line -> line.startsWith("OpenTelemetry "))
                    .hasSize(1);
        } finally {
            System.clearProperty("otel.exporter.otlp.endpoint");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "https://api.openai.com/v1/chat/completions, true, false",
        "https://my-team.openai.azure.com/openai, true, false",
        "https://shop.example/orders, true, true",
        "https://api.openai.com/v1/chat/completions, false, false",
        "https://shop.example/orders, false, true",
    })
    void aiProviders_getNoTraceHeaders(String url, boolean tracing, boolean expected) {
        try (Tracebridge bridge = builder().tracing(tracing).start()) {
            Span call = request(Context.root(), url);
            if (expected) {
                assertThat(headers(call)).containsKeys("traceparent", "sentry-trace");
            } else {
                assertThat(headers(call)).isEmpty();
            }
            // a proxy of theirs that calls back, for example: what is known of one request is not passed on to another
            Span inside = request(Context.root().with(call), "https://shop.example/orders");
            assertThat(headers(inside))
                    .containsKeys("traceparent")
                    .allSatisfy((name, value) -> assertThat(value).doesNotContain("openai"));
            inside.end();
            call.end();
        }
    }

    private static Span request(Context parent, String url) {
        return GlobalOpenTelemetry.getTracer("http client")
                .spanBuilder("POST")
                .setParent(parent)
                .setSpanKind(SpanKind.CLIENT)
                .setAttribute("url.full", url)
                .startSpan();
    }

    private static Map<String, String> headers(Span span) {
        Map<String, String> headers = new HashMap<>();
        GlobalOpenTelemetry.getPropagators()
                .getTextMapPropagator()
                .inject(Context.root().with(span), headers, Map::put);
        return headers;
    }

    static List<Arguments> badArguments() {
        return List.of(
                bad("TRACE_SAMPLING_RATE: \"1.5\" is not a number from 0 to 1", b -> b.samplingRate(1.5)),
                bad("SENTRY_DSN: is no DSN", b -> b.dsn("nonsense")),
                bad("OTLP_ENDPOINT: \"localhost:4318\" is not an http", b -> b.otlpEndpoint("localhost:4318")),
                bad("OTLP_HEADERS: has a line break", b -> b.otlpHeaders(Map.of("k", "a\r\nb"))),
                bad("SLOW_TRACE_MS: \"-1\" is not milliseconds", b -> b.slowTrace(Duration.ofMillis(-1))),
                bad("TRACE_URL_TEMPLATE: \"http://x\" is not", b -> b.traceUrlTemplate("http://x")));
    }

    private static Arguments bad(String message, Consumer<Tracebridge.Builder> call) {
        return Arguments.of(message, call);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badArguments")
    void badArgument_throwsAtOnce_namingSettingValueAndRange(String message, Consumer<Tracebridge.Builder> call) {
        assertThatThrownBy(() -> call.accept(Tracebridge.builder()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void badProperty_neverStopsTheHost_andIsNamedOnce() {
        System.setProperty("trace.sampling.rate", "ten");
        try (Tracebridge bridge =
                Tracebridge.builder().dsn(backends.dsn()).spoolDir(spool).start()) {
            assertThat(lines())
                    .filteredOn(line -> line.startsWith("TRACE_SAMPLING_RATE: \"ten\""))
                    .hasSize(1);
        } finally {
            System.clearProperty("trace.sampling.rate");
        }
    }
}
