/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static io.tracebridge.dashboard.ingest.IngestServer.SPAN;
import static io.tracebridge.dashboard.ingest.IngestServer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.tracebridge.dashboard.ingest.IngestServer.Answer;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** The cases of the protocol checklist, T1 to T15, M1 to M4, L1 and L2, over a real connection; each looks at what is stored. */
class OtlpConformanceTest extends WithIngestServer {
    private static final String T1 = """
            {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"demo"}}]},
             "scopeSpans":[{"scope":{"name":"t"},"spans":[{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174",
             "name":"GET /scenes/{id}","kind":2,"startTimeUnixNano":"1763817600000000000","endTimeUnixNano":1763817601440000000,
             "attributes":[{"key":"http.response.status_code","value":{"intValue":"500"}}],
             "events":[{"timeUnixNano":"1763817601000000000","name":"exception","attributes":[
               {"key":"exception.type","value":{"stringValue":"com.acme.SceneGenerationException"}},
               {"key":"exception.message","value":{"stringValue":"529 overloaded"}},
               {"key":"exception.stacktrace","value":{"stringValue":"com.acme.SceneGenerationException: 529 overloaded\\n\\tat com.acme.scene.SceneService.generateScene(SceneService.java:112)\\n"}}]}],
             "status":{"code":2},"futureField":true}]}]}]}
            """;

    @Test
    void t1_span_isStoredWithItsException() {
        Answer answer = server.otlp("traces", T1);

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(server.spans()).singleElement().satisfies(span -> {
            assertThat(span.spanId()).isEqualTo(SPAN);
            assertThat(span.service()).isEqualTo("demo");
            assertThat(span.kind()).isEqualTo("server");
            assertThat(span.durationNanos()).isEqualTo(1_440_000_000L);
            assertThat(span.status()).isEqualTo(SpanStatus.ERROR);
            assertThat(span.errorType()).isEqualTo("500");
            assertThat(span.attributes()).contains("\"http.response.status_code\":500");
            assertThat(span.segmentRoot()).isTrue();
            assertThat(span.weight()).isNull();
        });
        assertThat(server.issues()).hasSize(1);
        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("com.acme.SceneGenerationException");
            assertThat(event.message()).isEqualTo("529 overloaded");
            assertThat(event.culprit()).isEqualTo("SceneService.generateScene");
            assertThat(event.traceId()).isEqualTo(TRACE);
            assertThat(event.spanId()).isEqualTo(SPAN);
            assertThat(event.sources()).isEqualTo(Source.OTLP);
            assertThat(event.payload()).contains("\"lineno\":112", "\"in_app\":true");
        });
    }

    @Test
    void t2_emptyRequest_isSuccess() {
        for (String signal : new String[] {"traces", "metrics", "logs"}) {
            Answer json = server.otlp(signal, "{}");
            assertThat(json.code()).isEqualTo(200);
            assertThat(json.text()).isEqualTo("{}");
            assertThat(server.post("/v1/" + signal, "application/x-protobuf", new byte[0])
                            .code())
                    .isEqualTo(200);
        }
    }

    @Test
    void t3_brokenJson_isRefusedInItsOwnEncoding() {
        Answer answer = server.otlp("traces", "{\"resourceSpans\":[");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.text()).contains("\"code\":3", "\"message\":");
    }

    @Test
    void t4_zeroTraceId_isRejectedAlone() {
        Answer answer = server.otlp("traces", T1.replace("5B8EFFF798038103D269B633813FC60C", "0".repeat(32)));
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).contains("\"partialSuccess\":", "\"rejectedSpans\":\"1\"", "trace id");
        assertThat(server.events()).isEmpty();
        assertThat(server.counted("otlp-http", "span", "invalid")).isEqualTo(1);
    }

    @Test
    void t5_base64Id_isRejectedWithAHint() {
        Answer answer =
                server.otlp("traces", T1.replace("5B8EFFF798038103D269B633813FC60C", "W47/95gDgQPSabYzgT/GDA=="));
        assertThat(answer.text()).contains("\"rejectedSpans\":\"1\"", "expected 32 hex digits");
    }

    @Test
    void t6_enumByName_isKeptWithAWarning() {
        Answer answer = server.otlp("traces", T1.replace("\"kind\":2", "\"kind\":\"SPAN_KIND_SERVER\""));
        assertThat(answer.text()).contains("\"rejectedSpans\":\"0\"", "kind");
        assertThat(server.spans()).extracting(SpanRecord::kind).containsExactly("server");
        assertThat(server.counted("otlp-http", "span", "warning")).isEqualTo(1);
    }

    @Test
    void t7_protobufGzip_isAnsweredEmpty() {
        Answer answer = server.post(
                "/v1/traces", "application/x-protobuf", IngestServer.gzip(t1Protobuf()), "Content-Encoding", "gzip");
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.contentType()).startsWith("application/x-protobuf");
        assertThat(answer.body()).isEmpty();
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void t8_brokenProtobuf_isAnsweredByAStatus() throws IOException {
        Answer answer = server.post("/v1/traces", "application/x-protobuf", new byte[] {-1, -1, -1});
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.contentType()).startsWith("application/x-protobuf");
        CodedInputStream status = CodedInputStream.newInstance(answer.body());
        assertThat(status.readTag() >>> 3).isEqualTo(1);
        assertThat(status.readInt32()).isEqualTo(3);
        assertThat(status.readTag() >>> 3).isEqualTo(2);
        assertThat(status.readString()).contains("traces");
    }

    @Test
    void partialSuccess_isProtobuf_whenTheRequestWas() throws IOException {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.parseFrom(t1Protobuf()).toBuilder();
        request.getResourceSpansBuilder(0)
                .getScopeSpansBuilder(0)
                .addSpansBuilder()
                .setName("no ids");
        Answer answer = server.post(
                "/v1/traces", "application/x-protobuf", request.build().toByteArray());
        var partial = ExportTraceServiceResponse.parseFrom(answer.body()).getPartialSuccess();
        assertThat(partial.getRejectedSpans()).isEqualTo(1);
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void t9_otherContentType_isNotTaken() {
        Answer answer = server.post("/v1/traces", "text/xml", T1.getBytes(StandardCharsets.UTF_8));
        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(server.spans()).isEmpty();
    }

    @Test
    void contentTypeParameters_areAllowed() {
        assertThat(server.post("/v1/traces", "application/json; charset=utf-8", T1.getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(200);
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void t10_largeBody_isRefused() {
        byte[] large = new byte[65 * 1024 * 1024];
        Answer packed =
                server.post("/v1/traces", "application/json", IngestServer.gzip(large), "Content-Encoding", "gzip");
        assertThat(packed.code()).isEqualTo(413);
        assertThat(server.counted("otlp-http", "span_request", "too_large")).isEqualTo(1);
    }

    @Test
    void t12_get_isNotAllowed() {
        Answer answer =
                server.send(new Request.Builder().url(server.url("/v1/traces")).get());
        assertThat(answer.code()).isEqualTo(405);
        assertThat(answer.headers().get("Allow")).isEqualTo("POST");
        assertThat(server.post("/v1development/profiles", "application/json", new byte[0])
                        .code())
                .isEqualTo(501);
    }

    @Test
    void t13_sameSpanTwice_countsOnce() {
        server.otlp("traces", T1);
        server.store.flush();
        server.otlp("traces", T1);
        assertThat(server.spans()).hasSize(1);
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(1));
    }

    @Test
    void t14_childBeforeItsParent_findsIt() {
        String child = in("0000000000000000000000000000e140", T1)
                .replace("EEE19B7EC3C1B174", "00000000000000c1")
                .replace("\"name\":\"GET", "\"parentSpanId\":\"EEE19B7EC3C1B174\",\"name\":\"GET")
                .replace("\"kind\":2", "\"kind\":1");
        server.otlp("traces", child);
        server.store.flush();
        server.otlp("traces", in("0000000000000000000000000000e140", T1));
        assertThat(server.spans("0000000000000000000000000000e140"))
                .filteredOn(span -> span.spanId().equals("00000000000000c1"))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.parentId()).isEqualTo(SPAN);
                    assertThat(span.segmentRoot()).isFalse();
                });
        assertThat(server.spans("0000000000000000000000000000e140")).hasSize(2);
    }

    @Test
    void t15_childThatStartsFirst_keepsItsTime() {
        server.otlp("traces", in("0000000000000000000000000000e150", T1));
        server.otlp(
                "traces",
                in("0000000000000000000000000000e150", T1)
                        .replace("EEE19B7EC3C1B174", "00000000000000c1")
                        .replace("\"name\":\"GET", "\"parentSpanId\":\"EEE19B7EC3C1B174\",\"name\":\"GET")
                        .replace("1763817600000000000", "1763817599700000000"));
        assertThat(server.spans("0000000000000000000000000000e150").get(0).startNanos())
                .isEqualTo(1_763_817_599_700_000_000L);
    }

    @Test
    void integrationPath_isTheSame() {
        assertThat(server.post("/api/1/integration/otlp/v1/traces", "application/x-protobuf", t1Protobuf())
                        .code())
                .isEqualTo(200);
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void weight_isReadFromTheTracestate() {
        server.otlp("traces", T1.replace("\"name\":\"GET", "\"traceState\":\"x=1,ot=rv:1;th:e\",\"name\":\"GET"));
        assertThat(server.spans()).extracting(SpanRecord::weight).containsExactly(8.0);
        server.reset();
        server.otlp("traces", T1.replace("\"name\":\"GET", "\"traceState\":\"ot=th:0\",\"name\":\"GET"));
        assertThat(server.spans()).extracting(SpanRecord::weight).containsExactly(1.0);
    }

    @Test
    void unusualValues_areKept() {
        server.otlp(
                "traces",
                T1.replace(
                        "\"attributes\":[{\"key\":\"http.response.status_code\"",
                        "\"attributes\":[{\"key\":\"list\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":1},{\"stringValue\":\"b\"}]}}},"
                                + "{\"key\":\"map\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"in\",\"value\":{\"boolValue\":true}}]}}},"
                                + "{\"key\":\"raw\",\"value\":{\"bytesValue\":\"AAEC\"}},"
                                + "{\"key\":\"not\",\"value\":{\"doubleValue\":\"NaN\"}},"
                                + "{\"key\":\"dup\",\"value\":{\"intValue\":\"1\"}},{\"key\":\"dup\",\"value\":{\"intValue\":2}},"
                                + "{\"key\":\"http.response.status_code\""));
        assertThat(server.spans().get(0).attributes())
                .contains("\"list\":[1,\"b\"]", "\"map.in\":true", "\"raw\":\"[3 bytes]\"", "\"dup\":2");
    }

    @Test
    void spansWithoutResource_areTaken() {
        server.otlp(
                "traces",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"" + TRACE + "\",\"spanId\":\"" + SPAN
                        + "\",\"name\":\"n\",\"startTimeUnixNano\":1,\"endTimeUnixNano\":2}]}]}]}");
        assertThat(server.spans())
                .singleElement()
                .satisfies(span -> assertThat(span.service()).isEmpty());
    }

    @Test
    void oneThrowOnItsWayUp_isOneError() {
        String child = in("0000000000000000000000000000e001", T1)
                .replace("EEE19B7EC3C1B174", "00000000000000c1")
                .replace("\"name\":\"GET", "\"parentSpanId\":\"EEE19B7EC3C1B174\",\"name\":\"GET");
        server.otlp("traces", child);
        server.otlp("traces", in("0000000000000000000000000000e001", T1));
        server.otlp(
                "logs",
                in(
                        "0000000000000000000000000000e001",
                        log(",\"attributes\":[{\"key\":\"exception.type\",\"value\":{\"stringValue\":"
                                + "\"com.acme.SceneGenerationException\"}},{\"key\":\"exception.message\",\"value\":{\"stringValue\":\"529 overloaded\"}},"
                                + "{\"key\":\"exception.stacktrace\",\"value\":{\"stringValue\":\"com.acme.SceneGenerationException: 529 overloaded\\n"
                                + "\\tat com.acme.scene.SceneService.generateScene(SceneService.java:112)\\n\"}}]")));

        assertThat(server.spans("0000000000000000000000000000e001")).hasSize(2);
        assertThat(server.logs()).hasSize(1);
        assertThat(server.events())
                .singleElement()
                .satisfies(event -> assertThat(event.spanId()).isEqualTo("00000000000000c1"));
    }

    @Test
    void twoFailedAttempts_areTwoErrors() {
        for (String id : new String[] {"00000000000000c1", "00000000000000c2"}) {
            server.otlp(
                    "traces",
                    in("0000000000000000000000000000e002", T1)
                            .replace("EEE19B7EC3C1B174", id)
                            .replace("\"name\":\"GET", "\"parentSpanId\":\"EEE19B7EC3C1B174\",\"name\":\"GET"));
        }
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(2));
    }

    @Test
    void m1_sum_isStoredAsSent() {
        for (int value : new int[] {10, 15, 3}) {
            server.otlp(
                    "metrics",
                    metric("\"sum\":{\"isMonotonic\":true,\"aggregationTemporality\":2,\"dataPoints\":["
                            + "{\"timeUnixNano\":\"%d\",\"asInt\":\"%d\"}]}"
                                    .formatted((1_763_817_600L + value) * 1_000_000_000L, value)));
        }
        assertThat(server.points("m")).hasSize(3).allSatisfy(point -> {
            assertThat(point.type()).isEqualTo("counter");
            assertThat(point.delta()).isFalse();
        });
        assertThat(server.points("m")).extracting(MetricPoint::value).containsExactlyInAnyOrder(10.0, 15.0, 3.0);
    }

    @Test
    void m2_histogram_keepsItsBuckets() {
        server.otlp(
                "metrics",
                metric("\"histogram\":{\"aggregationTemporality\":1,\"dataPoints\":[{\"timeUnixNano\":\"1\","
                        + "\"count\":\"10\",\"sum\":4200.5,\"max\":2000,\"bucketCounts\":[\"1\",\"2\",3,4],\"explicitBounds\":[100,500,1000],"
                        + "\"exemplars\":[{\"timeUnixNano\":\"2\",\"asDouble\":1.5,\"traceId\":\"" + TRACE
                        + "\",\"spanId\":\""
                        + SPAN + "\"}]}]}"));
        assertThat(server.points("m")).singleElement().satisfies(point -> {
            assertThat(point.type()).isEqualTo("histogram");
            assertThat(point.delta()).isTrue();
            assertThat(point.count()).isEqualTo(10);
            assertThat(point.value()).isEqualTo(4200.5);
            assertThat(point.max()).isEqualTo(2000.0);
            assertThat(point.min()).isNull();
            assertThat(point.buckets()).isEqualTo("{\"bounds\":[100.0,500.0,1000.0],\"counts\":[1,2,3,4]}");
            assertThat(point.exemplars()).contains(TRACE);
        });
    }

    @Test
    void m3_bucketsThatDoNotFit_areRejected() {
        Answer answer = server.otlp(
                "metrics",
                metric("\"histogram\":{\"dataPoints\":[{\"timeUnixNano\":\"1\","
                        + "\"count\":\"3\",\"bucketCounts\":[1,1,1],\"explicitBounds\":[1,2,3]}]}"));
        assertThat(answer.text()).contains("\"rejectedDataPoints\":\"1\"");
        assertThat(server.points("m")).isEmpty();
    }

    @Test
    void m4_notANumber_isAGap() {
        Answer answer = server.otlp(
                "metrics", metric("\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1\",\"asDouble\":\"NaN\"}]}"));
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(server.points("m"))
                .singleElement()
                .satisfies(point -> assertThat(point.value()).isNaN());
    }

    @Test
    void exponentialHistogram_keepsItsBuckets() {
        server.otlp(
                "metrics",
                metric(
                        "\"exponentialHistogram\":{\"aggregationTemporality\":2,\"dataPoints\":[{\"timeUnixNano\":\"1\","
                                + "\"count\":6,\"sum\":9,\"scale\":3,\"zeroCount\":\"1\",\"positive\":{\"offset\":-2,\"bucketCounts\":[\"2\",3]}}]}"));
        assertThat(server.points("m"))
                .singleElement()
                .satisfies(point -> assertThat(point.buckets())
                        .contains("\"scale\":3", "\"zero\":1", "\"offset\":-2", "\"counts\":[2,3]"));
    }

    @Test
    void l1_log_joinsItsSpan() {
        server.otlp("logs", log(""));
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.level()).isEqualTo("error");
            assertThat(log.traceId()).isEqualTo(TRACE);
            assertThat(log.spanId()).isEqualTo(SPAN);
            assertThat(log.body()).isEqualTo("no luck");
            assertThat(log.logger()).isEqualTo("com.acme.Scene");
            assertThat(log.service()).isEqualTo("demo");
        });
    }

    @Test
    void l2_timeThatIsZero_isTheObservedTime() {
        server.otlp(
                "logs",
                log("").replace(
                                "\"timeUnixNano\":\"1763817601000000000\"",
                                "\"timeUnixNano\":\"0\",\"observedTimeUnixNano\":\"1763817602000000000\""));
        assertThat(server.logs())
                .singleElement()
                .satisfies(log -> assertThat(log.timeNanos()).isEqualTo(1_763_817_602_000_000_000L));
    }

    @Test
    void logBodyOfAnyShape_isText() {
        server.otlp(
                "logs",
                log("").replace(
                                "{\"stringValue\":\"no luck\"}",
                                "{\"kvlistValue\":{\"values\":[{\"key\":\"a\",\"value\":{\"intValue\":1}}]}}"));
        assertThat(server.logs())
                .singleElement()
                .satisfies(log -> assertThat(log.body()).isEqualTo("{\"a\":1}"));
    }

    @Test
    void timesPastWhatFits_areRejected() {
        String never = "\"timeUnixNano\":\"18446744073709551615\"";

        assertThat(server.otlp("logs", "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{" + never + "}]}]}]}")
                        .text())
                .contains("\"rejectedLogRecords\":\"1\"");
        assertThat(server.otlp(
                                "metrics",
                                "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"never\",\"gauge\":{\"dataPoints\":[{"
                                        + never + ",\"asInt\":1}]}}]}]}]}")
                        .text())
                .contains("\"rejectedDataPoints\":\"1\"");
        assertThat(server.logs()).isEmpty();
        assertThat(server.points("never")).isEmpty();
    }

    @Test
    void exceptionWithoutTime_isPlacedAtTheEndOfItsSpan() {
        server.otlp(
                "traces",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"" + TRACE
                        + "\",\"spanId\":\"00000000000000e1\",\"name\":\"x\",\"startTimeUnixNano\":\"1763817600000000000\","
                        + "\"endTimeUnixNano\":\"1763817601000000000\",\"events\":[{\"name\":\"exception\",\"attributes\":["
                        + "{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"com.acme.NoTime\"}}]}]}]}]}]}");

        assertThat(server.events())
                .singleElement()
                .satisfies(event -> assertThat(event.timeNanos()).isEqualTo(1_763_817_601_000_000_000L));
    }

    @Test
    void operationsWithoutBound_shareOneName() {
        StringBuilder spans = new StringBuilder();
        for (int i = 0; i < 2_100; i++) {
            spans.append(i == 0 ? "" : ",")
                    .append("{\"traceId\":\"" + TRACE
                            + "\",\"spanId\":\"%016x\",\"name\":\"op%s\"}"
                                    .formatted(i + 1, Integer.toString(i, 36) + "x"));
        }
        server.otlp("traces", "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[" + spans + "]}]}]}");
        assertThat(server.spans().stream().map(SpanRecord::operation).distinct().count())
                .isLessThanOrEqualTo(KnownNames.MAX_OPERATIONS + 1);
        assertThat(server.spans())
                .anySatisfy(span -> assertThat(span.operation()).isEqualTo("__other__"));
        assertThat(server.counted("all", "operation", "overflow")).isGreaterThanOrEqualTo(100);

        server.reset(); // as when the data are cleared
        server.otlp(
                "traces",
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"" + TRACE
                        + "\",\"spanId\":\"00000000000000ff\",\"name\":\"of another day\"}]}]}]}");
        assertThat(server.spans())
                .singleElement()
                .satisfies(span -> assertThat(span.operation()).isEqualTo("of another day"));
    }

    /** The same in another trace, so that no test meets throws that another one told. */
    private static String in(String traceId, String json) {
        return json.replace("5B8EFFF798038103D269B633813FC60C", traceId).replace(TRACE, traceId);
    }

    static byte[] t1Protobuf() {
        ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
        try {
            OtlpJsonReader.read(T1.getBytes(StandardCharsets.UTF_8), request);
        } catch (RejectedException e) {
            throw new AssertionError(e);
        }
        return request.build().toByteArray();
    }

    private static String metric(String data) {
        return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"unit\":\"ms\"," + data
                + "}]}]}]}";
    }

    private static String log(String more) {
        return "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\"demo\"}}]},"
                + "\"scopeLogs\":[{\"scope\":{\"name\":\"com.acme.Scene\"},\"logRecords\":[{\"timeUnixNano\":\"1763817601000000000\","
                + "\"severityNumber\":17,\"body\":{\"stringValue\":\"no luck\"},\"traceId\":\"" + TRACE
                + "\",\"spanId\":\""
                + SPAN + "\"" + more + "}]}]}]}";
    }
}
