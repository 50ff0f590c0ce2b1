/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a gRPC client is told when something is wrong; {@link ForeignClientsTest} shows that all is well else. */
class OtlpGrpcTest extends WithIngestServer {
    @Test
    void spanWithoutIds_isRefusedInThePartialSuccess() throws Exception {
        ExportTraceServiceRequest.Builder request =
                ExportTraceServiceRequest.parseFrom(OtlpConformanceTest.t1Protobuf()).toBuilder();
        request.getResourceSpansBuilder(0)
                .getScopeSpansBuilder(0)
                .addSpansBuilder()
                .setName("no ids");
        AggregatedHttpResponse answer = export(frame(0, request.build().toByteArray()), "identity");

        assertThat(status(answer)).isEqualTo("0");
        byte[] body = answer.content().array();
        assertThat(ByteBuffer.wrap(body).getInt(1)).isEqualTo(body.length - 5);
        assertThat(ExportTraceServiceResponse.parseFrom(Arrays.copyOfRange(body, 5, body.length))
                        .getPartialSuccess()
                        .getRejectedSpans())
                .isEqualTo(1);
        assertThat(server.spans()).hasSize(1);
    }

    @Test
    void everyFailure_hasItsStatus_andNothingIsStored() {
        byte[] message = OtlpConformanceTest.t1Protobuf();
        byte[] tooLong = frame(0, message);
        tooLong[4]++;

        assertThat(status(export(new byte[3], "identity"))).isEqualTo("3");
        assertThat(status(export(tooLong, "identity"))).isEqualTo("3");
        assertThat(status(export(frame(0, new byte[] {-1, -1, -1}), "identity")))
                .isEqualTo("3");
        assertThat(status(export(frame(1, message), "gzip"))).isEqualTo("3");
        AggregatedHttpResponse unknown = export(frame(1, message), "snappy");
        assertThat(status(unknown)).isEqualTo("12");
        assertThat(unknown.headers().get("grpc-message")).contains("content%20encoding%20must%20be");
        assertThat(status(export(frame(1, IngestServer.gzip(new byte[65 << 20])), "gzip")))
                .isEqualTo("8");
        assertThat(server.spans()).isEmpty();
        assertThat(server.counted("otlp-grpc", "span_request", "malformed")).isEqualTo(4);
    }

    @Test
    void otherTypes_areNotTaken() {
        AggregatedHttpResponse answer = WebClient.of("h2c://127.0.0.1:" + server.port())
                .execute(HttpRequest.of(
                        RequestHeaders.of(HttpMethod.POST, PATH, "content-type", "application/json"),
                        HttpData.ofUtf8("{}")))
                .aggregate()
                .join();
        assertThat(answer.status().code()).isEqualTo(415);
    }

    private static final String PATH = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private static AggregatedHttpResponse export(byte[] body, String encoding) {
        return WebClient.of("h2c://127.0.0.1:" + server.port())
                .execute(HttpRequest.of(
                        RequestHeaders.of(
                                HttpMethod.POST,
                                PATH,
                                "content-type",
                                "application/grpc",
                                "grpc-encoding",
                                encoding,
                                "te",
                                "trailers"),
                        HttpData.wrap(body)))
                .aggregate()
                .join();
    }

    /** In the trailers, or in the headers when there is nothing else. */
    private static String status(AggregatedHttpResponse answer) {
        String trailer = answer.trailers().get("grpc-status");
        return trailer == null ? answer.headers().get("grpc-status") : trailer;
    }

    private static byte[] frame(int flag, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flag)
                .putInt(message.length)
                .put(message)
                .array();
    }
}
