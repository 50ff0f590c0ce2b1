/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static io.tracebridge.dashboard.ingest.IngestServer.SPAN;
import static io.tracebridge.dashboard.ingest.IngestServer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.tracebridge.dashboard.ingest.IngestServer.Answer;
import io.tracebridge.dashboard.store.MetricPoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules O1 to O24 and the limits ask for beyond the cases of {@link OtlpConformanceTest}. */
class OtlpRulesTest extends WithIngestServer {
    private static final String SPANS = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"" + TRACE
            + "\",\"spanId\":\"" + SPAN + "\",\"name\":\"n\",\"startTimeUnixNano\":1,\"endTimeUnixNano\":2}]}]}]}";

    @Test
    void o2_otherContentType_isAnsweredByAStatusInJson() {
        for (String type : new String[] {"text/plain", null}) {
            Answer answer = server.post("/v1/logs", type, "{}".getBytes(StandardCharsets.UTF_8));
            assertThat(answer.code()).isEqualTo(415);
            assertThat(answer.contentType()).startsWith("application/json");
            assertThat(answer.text()).contains("\"code\":3", "\"message\":\"content type must be");
        }
        assertThat(server.counted("otlp-http", "log_request", "unsupported_type"))
                .isEqualTo(2);
    }

    @Test
    void o5_logsThatAreRefused_areCountedAsLogRecords() {
        Answer answer = server.otlp(
                "logs",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":25},{\"traceId\":\"ab\"},"
                        + "{\"severityNumber\":24,\"body\":{\"stringValue\":\"kept\"}}]}]}]}");
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).contains("\"rejectedLogRecords\":\"2\"", "\"errorMessage\":\"severityNumber");
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.body()).isEqualTo("kept");
            assertThat(log.level()).isEqualTo("fatal");
        });
    }

    /** Packs five to one, so that the limit of the body is what refuses it and not that of the ratio. */
    @Test
    void o8_limitHoldsForTheUnpackedBody() {
        byte[] line = new byte[64];
        new Random(1).nextBytes(line);
        byte[] body = new byte[OtlpHttpEndpoint.MAX_BODY + 1];
        Random random = new Random(2);
        for (int i = 0; i < body.length; i += 64) {
            line[random.nextInt(64)] = (byte) random.nextInt();
            System.arraycopy(line, 0, body, i, Math.min(64, body.length - i));
        }
        byte[] packed = IngestServer.gzip(body);
        assertThat(packed.length).isBetween(body.length / 50, 20_000_000);

        Answer answer = server.post("/v1/traces", "application/json", packed, "Content-Encoding", "gzip");
        assertThat(answer.code()).isEqualTo(413);
        assertThat(answer.text()).contains("\"code\":8", "larger than 67108864 bytes");
        // one byte less is read, and then found to be no JSON
        byte[] largest = IngestServer.gzip(Arrays.copyOf(body, OtlpHttpEndpoint.MAX_BODY));
        assertThat(server.post("/v1/traces", "application/json", largest, "Content-Encoding", "gzip")
                        .code())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd", "none", "identity"})
    void o9_everyEncoding_isUnpacked(String encoding) throws IOException {
        byte[] plain = SPANS.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        switch (encoding) {
            case "gzip" -> packed.writeBytes(IngestServer.gzip(plain));
            case "deflate" -> {
                try (OutputStream out = new DeflaterOutputStream(packed)) {
                    out.write(plain);
                }
            }
            case "zstd" -> {
                try (OutputStream out = new ZstdOutputStream(packed)) {
                    out.write(plain);
                }
            }
            default -> packed.writeBytes(plain);
        }
        Answer answer =
                server.post("/v1/traces", "application/json", packed.toByteArray(), "Content-Encoding", encoding);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void o9_unknownEncoding_isNamed() {
        Answer answer = server.otlp("traces", SPANS, "Content-Encoding", "lz4");
        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.text()).contains("\"code\":12", "content encoding must be");
        assertThat(server.spans()).isEmpty();
    }

    @Test
    void o13_namesWithUnderscores_areUnknownFields() {
        Answer answer = server.otlp("traces", SPANS.replace("traceId", "trace_id"));
        assertThat(answer.text()).contains("\"rejectedSpans\":\"1\"", "trace id");
        assertThat(server.spans()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"Infinity", "-Infinity", "NaN"})
    void o14_numbersThatAreNone_areTexts(String text) {
        assertThat(server.otlp(
                                "metrics",
                                metric("\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":1,\"asDouble\":\"" + text
                                        + "\"}]}"))
                        .text())
                .isEqualTo("{}");
        assertThat(server.points("m")).extracting(MetricPoint::value).containsExactly(Double.valueOf(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0000000000000000", "eee19b7ec3c1b1", "eee19b7ec3c1b1740", "eee19b7ec3c1b17g", ""})
    void o15_spanIdThatIsNone_isRejectedAlone(String id) {
        String second =
                SPANS.replace("\"spans\":[", "\"spans\":[{\"traceId\":\"" + TRACE + "\",\"spanId\":\"" + id + "\"},");
        Answer answer = server.otlp("traces", second);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).contains("\"rejectedSpans\":\"1\"", "expected 16 hex digits");
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void o18_histogramWithoutBuckets_isCountAndSum() {
        server.otlp(
                "metrics",
                metric(
                        "\"histogram\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":1,\"count\":\"4\",\"sum\":10}]}"));
        assertThat(server.points("m")).singleElement().satisfies(point -> {
            assertThat(point.count()).isEqualTo(4);
            assertThat(point.value()).isEqualTo(10);
            assertThat(point.buckets()).isNull();
        });
    }

    @Test
    void o21_eventName_isKept() {
        server.otlp(
                "logs",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"5\",\"eventName\":\"app.started\","
                        + "\"body\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{\"boolValue\":true}]}}}]}]}]}");
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.eventName()).isEqualTo("app.started");
            assertThat(log.body()).isEqualTo("[1,true]");
            assertThat(log.level()).isEqualTo("info");
        });
    }

    @Test
    void o22_exceptionOfALog_becomesAnIssue() {
        server.otlp(
                "logs",
                "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"1763817601000000000\",\"severityNumber\":17,"
                        + "\"body\":{\"stringValue\":\"job failed\"},\"attributes\":[{\"key\":\"exception.type\",\"value\":"
                        + "{\"stringValue\":\"com.acme.Boom\"}},{\"key\":\"exception.message\",\"value\":{\"stringValue\":\"no\"}}]}]}]}]}");
        assertThat(server.logs()).hasSize(1);
        assertThat(server.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.type()).isEqualTo("com.acme.Boom");
            assertThat(issue.message()).isEqualTo("no");
            assertThat(issue.level()).isEqualTo("error");
        });
    }

    @Test
    void s26_relaysPaths_takeEverySignalAndNoOtherType() {
        for (String signal : new String[] {"traces", "logs", "metrics"}) {
            String path = "/api/1/integration/otlp/v1/" + signal + "/";
            assertThat(server.post(path, "application/json", "{}".getBytes(StandardCharsets.UTF_8))
                            .code())
                    .isEqualTo(200);
            assertThat(server.post(path, "text/xml", new byte[0]).code()).isEqualTo(415);
        }
    }

    @Test
    void secrets_areNotStored() {
        server.otlp(
                "traces",
                SPANS.replace(
                        "\"name\":\"n\"",
                        "\"name\":\"GET /x?token=hunter2hunter2\",\"attributes\":[{\"key\":\"http.request.header.authorization\",\"value\":"
                                + "{\"stringValue\":\"Bearer abcdef0123456789\"}},{\"key\":\"db.password\",\"value\":{\"stringValue\":\"swordfish\"}},"
                                + "{\"key\":\"card\",\"value\":{\"stringValue\":\"4111 1111 1111 1111\"}}]"));
        assertThat(server.spans())
                .singleElement()
                .satisfies(span -> assertThat(span.toString())
                        .doesNotContain("hunter2", "abcdef0123456789", "swordfish", "4111 1111"));
    }

    @Test
    void depth_isBounded() {
        String deep = "{\"arrayValue\":{\"values\":[".repeat(40) + "{\"intValue\":1}" + "]}}".repeat(40);
        Answer answer = server.otlp(
                "traces",
                SPANS.replace(
                        "\"name\":\"n\"", "\"name\":\"n\",\"attributes\":[{\"key\":\"k\",\"value\":" + deep + "}]"));
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.text()).contains("\"code\":3");
        assertThat(server.spans()).isEmpty();
    }

    private static String metric(String data) {
        return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\"," + data + "}]}]}]}";
    }
}
