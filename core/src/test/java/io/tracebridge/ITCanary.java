/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.sentry.Breadcrumb;
import io.sentry.Sentry;
import io.sentry.SentryEvent;
import io.sentry.protocol.Message;
import io.tracebridge.context.Pipeline;
import io.tracebridge.error.ErrorReport;
import io.tracebridge.error.LogEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Puts a secret of its own into each place where text can enter, each beside a harmless marker. Every marker must come
 * out somewhere, no secret anywhere: in the bytes that were sent, in the files that were written, in what was printed.
 * The places are found from those bytes, not from a list.
 */
class ITCanary {
    @TempDir
    private Path spool;

    private final MockWebServer server = new MockWebServer();
    private final List<byte[]> sent = new CopyOnWriteArrayList<>();
    private final List<String> secrets = new ArrayList<>();
    private final List<String> markers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream errBefore = System.err;
    private final PrintStream outBefore = System.out;
    private volatile boolean refusing = true;

    @BeforeEach
    void start() throws Exception {
        GlobalOpenTelemetry.resetForTest();
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                sent.add((request.getTarget() + request.getHeaders()).getBytes(StandardCharsets.UTF_8));
                sent.add(decoded(request));
                return new MockResponse.Builder()
                        .code(refusing ? 503 : 200)
                        .body("{}")
                        .build();
            }
        });
        server.start();
        log.start();
        ((Logger) LoggerFactory.getLogger("io.tracebridge")).addAppender(log);
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        System.setErr(both);
        System.setOut(both);
    }

    @AfterEach
    void stop() {
        System.setErr(errBefore);
        System.setOut(outBefore);
        ((Logger) LoggerFactory.getLogger("io.tracebridge")).detachAppender(log);
        server.close();
        GlobalOpenTelemetry.resetForTest();
    }

    private static byte[] decoded(RecordedRequest request) {
        byte[] body =
                request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
        try {
            return "gzip".equals(request.getHeaders().get("Content-Encoding"))
                    ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                    : body;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Text with a marker that must arrive and a provider's key that must not. */
    private String text(String place) {
        String secret = String.format("Zq7Wk%02dLm9Xc4Vb8Nh2Jd6Fs3Ta5", secrets.size());
        secrets.add(secret);
        markers.add("mark-" + place);
        return "mark-" + place + " sk-proj-" + secret;
    }

    private Exception thrown() {
        Exception cause = new IllegalStateException(text("cause"));
        Exception thrown = new IllegalArgumentException(text("message"), cause);
        thrown.addSuppressed(new IOException(text("suppressed")));
        return thrown;
    }

    private void speakEverywhere() {
        Exception failure = thrown();
        Throwable left = catchThrowable(() -> Pipeline.run("generate " + text("pipeline-name"), p -> {
            p.put("prompt", text("pipeline-data"))
                    .tag("tier", text("pipeline-tag"))
                    .step(text("step-mark"));
            LogEvent.builder(Instant.now(), "error", "com.acme.Worker", text("log-message"))
                    .template("lost {}", List.of(text("log-argument")))
                    .mdc(Map.of("request", text("mdc")))
                    .keyValues(attrs("job", text("log-key-value")))
                    .build()
                    .capture();
            return withSpan("tool " + text("span-name"), attrs("note", text("attribute")), step -> {
                step.put("list", List.of(text("list-attribute")));
                Span.current().setAttribute("raw.note", text("raw-attribute"));
                Span.current().addEvent("raw", Attributes.of(AttributeKey.stringKey("n"), text("raw-event")));
                Sentry.addBreadcrumb(new Breadcrumb(text("sentry-breadcrumb")));
                ErrorReport.of(new IllegalStateException(text("report")))
                        .tag("own", text("report-tag"))
                        .context("own", Map.of("k", text("report-context")))
                        .send();
                captureError(new IllegalStateException(text("captured")), Map.of("detail", text("details")));
                throw failure;
            });
        }));
        assertThat(left).isSameAs(failure);
        rawSpan();
        rawSentry();
    }

    private void rawSpan() {
        SpanContext other = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        Span span = GlobalOpenTelemetry.getTracer("library")
                .spanBuilder("raw " + text("raw-name"))
                .addLink(other, Attributes.of(AttributeKey.stringKey("n"), text("raw-link")))
                .startSpan();
        span.recordException(new IllegalStateException(text("raw-exception")));
        span.setStatus(StatusCode.ERROR, text("raw-status"));
        span.end();
    }

    private void rawSentry() {
        SentryEvent event = new SentryEvent();
        Message message = new Message();
        message.setMessage(text("sentry-message"));
        event.setMessage(message);
        event.setTag("foreign", text("sentry-tag"));
        event.setExtra("foreign", text("sentry-extra"));
        event.getContexts().put("foreign", Map.of("k", text("sentry-context")));
        Sentry.captureEvent(event);
        Sentry.captureException(new IllegalStateException(text("sentry-exception")));
    }

    @Test
    void secrets_reachNoSink_andEveryMarkerDoes() throws Exception {
        try (Tracebridge bridge = Tracebridge.builder()
                .dsn("http://key@127.0.0.1:" + server.getPort() + "/1")
                .otlpEndpoint("http://127.0.0.1:" + server.getPort() + "/v1/traces")
                .environment("test")
                .tracing(true)
                .spoolDir(spool)
                .start()) {
            speakEverywhere();
            // a file may go while they are read
            await().ignoreExceptionsInstanceOf(UncheckedIOException.class)
                    .untilAsserted(() -> assertThat(missing(files())).isEmpty());
            assertClean(files(), "in a file of the spool");
            refusing = false;
        }
        // what the first bridge could not send in time, the next one does
        try (Tracebridge bridge = Tracebridge.builder()
                .dsn("http://key@127.0.0.1:" + server.getPort() + "/1")
                .otlpEndpoint("http://127.0.0.1:" + server.getPort() + "/v1/traces")
                .environment("test")
                .tracing(true)
                .spoolDir(spool)
                .start()) {
            await().untilAsserted(() -> assertThat(missing(sent)).isEmpty());
        }
        assertClean(sent, "in a request");
        assertClean(List.of(printed.toByteArray()), "in the terminal");
        for (ILoggingEvent line : log.list) {
            assertClean(List.of(line.getFormattedMessage().getBytes(StandardCharsets.UTF_8)), "in our log");
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("[tracebridge] error");
    }

    private List<byte[]> files() {
        try (Stream<Path> files = Files.walk(spool)) {
            List<byte[]> contents = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.add(Files.readAllBytes(file));
            }
            return contents;
        } catch (IOException vanished) {
            throw new UncheckedIOException(vanished);
        }
    }

    private List<String> missing(List<byte[]> contents) {
        List<String> texts = contents.stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
        return markers.stream()
                .filter(marker -> texts.stream().noneMatch(text -> text.contains(marker)))
                .toList();
    }

    private void assertClean(List<byte[]> contents, String where) {
        for (byte[] bytes : contents) {
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            for (int i = 0; i < secrets.size(); i++) {
                assertThat(text.contains(secrets.get(i)))
                        .as("secret of %s, %s", markers.get(i), where)
                        .isFalse();
            }
        }
    }
}
