/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Headers;
import okhttp3.Protocol;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OpenTelemetry's own exporters over the spool, their bytes decoded at the other end. */
class SpoolingSendersTest {
    @TempDir
    Path spool;

    private final Accounting accounting = new Accounting();
    private final MockWebServer backend = new MockWebServer();
    private Delivery delivery;

    @BeforeEach
    void start() {
        delivery = delivery();
    }

    @AfterEach
    void stop() {
        delivery.close(Duration.ZERO);
        backend.close();
    }

    @Test
    void httpBatch_isRepeatedAfterAFailure_withHeadersAndCompression_onceTheExporterIsGone() throws Exception {
        backend.enqueue(new MockResponse.Builder().code(503).build());
        backend.enqueue(new MockResponse.Builder().code(200).build());
        startBackend();
        SpanExporter exporter = rebuild(http("secret-token"));

        assertThat(exporter.export(List.of(span("step")))
                        .join(5, TimeUnit.SECONDS)
                        .isSuccess())
                .isTrue();
        exporter.shutdown().join(5, TimeUnit.SECONDS);

        RecordedRequest first = backend.takeRequest(10, TimeUnit.SECONDS);
        RecordedRequest second = backend.takeRequest(10, TimeUnit.SECONDS);
        assertThat(second.getTarget()).isEqualTo("/v1/traces");
        assertThat(second.getHeaders().get("Authorization")).isEqualTo("secret-token");
        assertThat(second.getHeaders().get("Content-Encoding")).isEqualTo("gzip");
        assertThat(second.getHeaders().get("traceparent")).isNull();
        assertThat(second.getBody()).isEqualTo(first.getBody());
        assertThat(spanNames(gunzip(second))).containsExactly("step");
    }

    @Test
    void httpBatch_survivesTheProcess_andNoCredentialIsOnDisk() throws Exception {
        startBackend();
        backend.enqueue(new MockResponse.Builder().code(503).build());
        rebuild(http("secret-token")).export(List.of(span("left behind")));
        backend.takeRequest(10, TimeUnit.SECONDS);
        delivery.close(Duration.ofMillis(300));

        try (Stream<Path> paths = Files.walk(spool)) {
            for (Path file : paths.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("secret-token");
            }
        }
        backend.enqueue(new MockResponse.Builder().code(200).build());
        delivery = delivery();
        rebuild(http("secret-token"));

        assertThat(spanNames(gunzip(backend.takeRequest(10, TimeUnit.SECONDS)))).containsExactly("left behind");
    }

    @Test
    void grpcBatch_isRepeatedAfterAFailure() throws Exception {
        backend.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
        backend.enqueue(grpc(14));
        backend.enqueue(grpc(0));
        startBackend();
        SpanExporter exporter = rebuild(OtlpGrpcSpanExporter.builder()
                .setEndpoint("http://127.0.0.1:" + backend.getPort())
                .build());

        assertThat(exporter.export(List.of(span("step")))
                        .join(5, TimeUnit.SECONDS)
                        .isSuccess())
                .isTrue();
        exporter.shutdown();

        backend.takeRequest(10, TimeUnit.SECONDS);
        RecordedRequest second = backend.takeRequest(10, TimeUnit.SECONDS);
        assertThat(second.getTarget()).isEqualTo("/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        byte[] frame = second.getBody().toByteArray();
        assertThat(spanNames(Arrays.copyOfRange(frame, 5, frame.length))).containsExactly("step");
    }

    @Test
    void exportersOwnRetry_isOff() throws Exception {
        for (int i = 0; i < 10; i++) {
            backend.enqueue(new MockResponse.Builder().code(503).build());
        }
        startBackend();
        rebuild(http("t")).export(List.of(span("step")));

        // with OpenTelemetry's retry on, one attempt of ours would be five requests
        await().until(() -> delivery.state().get(0).retries() > 0);
        int requests = backend.getRequestCount();
        long retries = delivery.state().get(0).retries();
        assertThat((long) requests).isLessThanOrEqualTo(retries + 1);
    }

    @Test
    void spansThatTheBackendRefused_areCounted() {
        byte[] answer = ExportTraceServiceResponse.newBuilder()
                .setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                        .setErrorMessage("too old")
                        .setRejectedSpans(300))
                .build()
                .toByteArray();
        backend.enqueue(new MockResponse.Builder()
                .code(200)
                .body(new Buffer().write(answer))
                .build());
        startBackend();
        rebuild(http("t")).export(List.of(span("step")));

        await().until(() -> accounting.drops(DropReason.REJECTED) == 300);
        assertThat(delivery.state().get(0).delivered()).isEqualTo(1);
    }

    @Test
    void refusedBatch_countsItsSpans() {
        backend.enqueue(new MockResponse.Builder().code(400).build());
        startBackend();
        rebuild(http("t")).export(List.of(span("one"), span("two"), span("three")));

        await().until(() -> accounting.drops(DropReason.REJECTED) == 3);
    }

    @Test
    void spansOfABatch_areCountedOverResourcesAndScopes() {
        byte[] request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder().setDroppedAttributesCount(2))
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .setSchemaUrl("http://schema")
                                .addSpans(io.opentelemetry.proto.trace.v1.Span.newBuilder()
                                        .setName("a"))
                                .addSpans(io.opentelemetry.proto.trace.v1.Span.newBuilder()
                                        .setName("b")))
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(io.opentelemetry.proto.trace.v1.Span.newBuilder()
                                        .setName("c"))))
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(io.opentelemetry.proto.trace.v1.Span.newBuilder()
                                        .setName("d"))))
                .build()
                .toByteArray();

        assertThat(Batches.spans(request)).isEqualTo(4);
        assertThat(Batches.spans(Arrays.copyOf(request, request.length - 1))).isEqualTo(1);
    }

    @Test
    void lengthBelowZero_doesNotReadForEver() {
        byte[] hostile = {0x12, (byte) 0xFA, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F};

        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
            assertThat(PartialSuccess.rejectedSpans(hostile)).isZero();
            assertThat(Batches.spans(hostile)).isEqualTo(1);
        });
    }

    @Test
    void answersThatAreNoProtobuf_refuseNothing() {
        assertThat(PartialSuccess.rejectedSpans(null)).isZero();
        assertThat(PartialSuccess.rejectedSpans(new byte[0])).isZero();
        assertThat(PartialSuccess.rejectedSpans("<html>gateway</html>".getBytes(StandardCharsets.UTF_8)))
                .isZero();
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            assertThat(PartialSuccess.rejectedSpans(noise)).isNotNegative();
        }
    }

    @Test
    void otherExporters_comeBackAsTheyAre() {
        InMemorySpanExporter other = InMemorySpanExporter.create();
        assertThat(SpoolingSenders.over(delivery).rebuild(other)).isSameAs(other);
    }

    @Test
    void identity_tellsTenantsApart_andHoldsNoCredential() {
        URI endpoint = URI.create("https://user:pass@otlp.example:443/v1/traces?key=hidden");
        String one = OtlpIdentity.of(endpoint, () -> Map.of("api-key", List.of("k1"), "User-Agent", List.of("1.0")));
        String same = OtlpIdentity.of(endpoint, () -> Map.of("Api-Key", List.of("k1"), "User-Agent", List.of("2.0")));
        String other = OtlpIdentity.of(endpoint, () -> Map.of("api-key", List.of("k2")));

        assertThat(one).isNotEqualTo(other).doesNotContain("k1", "pass", "hidden");
        assertThat(same).isEqualTo(one);
    }

    private void startBackend() {
        try {
            backend.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private SpanExporter rebuild(SpanExporter exporter) {
        return SpoolingSenders.over(delivery).rebuild(exporter);
    }

    private SpanExporter http(String token) {
        return OtlpHttpSpanExporter.builder()
                .setEndpoint("http://127.0.0.1:" + backend.getPort() + "/v1/traces")
                .addHeader("Authorization", token)
                .setCompression("gzip")
                .build();
    }

    private Delivery delivery() {
        return Delivery.open(spool, accounting, InstantSource.system());
    }

    private static MockResponse grpc(int status) {
        return new MockResponse.Builder()
                .addHeader("content-type", "application/grpc")
                .body(new Buffer().write(new byte[5]))
                .trailers(Headers.of("grpc-status", String.valueOf(status)))
                .build();
    }

    private static byte[] gunzip(RecordedRequest request) throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(request.getBody().toByteArray()))) {
            return in.readAllBytes();
        }
    }

    private static List<String> spanNames(byte[] body) throws IOException {
        return ExportTraceServiceRequest.parseFrom(body).getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .map(io.opentelemetry.proto.trace.v1.Span::getName)
                .toList();
    }

    private static SpanData span(String name) {
        return TestSpanData.builder()
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStartEpochNanos(1)
                .setEndEpochNanos(2)
                .setHasEnded(true)
                .setStatus(StatusData.unset())
                .build();
    }
}
