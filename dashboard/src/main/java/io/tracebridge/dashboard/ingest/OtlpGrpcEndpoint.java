/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over gRPC, one signal: the unary {@code Export} call, plain or gzip. Hand-written because the small gRPC library
 * refuses compressed frames and the full one costs a second of start-up.
 */
final class OtlpGrpcEndpoint implements HttpService {
    private static final String PROTOCOL = "otlp-grpc";
    private static final int FRAME_HEADER = 5;

    private final OtlpSignal signal;
    private final OtlpIntake intake;
    private final Receiver receiver;

    OtlpGrpcEndpoint(OtlpSignal signal, OtlpIntake intake, Receiver receiver) {
        this.signal = signal;
        this.intake = intake;
        this.receiver = receiver;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        RequestHeaders headers = request.headers();
        MediaType type = headers.contentType();
        if (headers.method() != HttpMethod.POST
                || type == null
                || !type.nameWithoutParameters().startsWith("application/grpc")) {
            return HttpResponse.of(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
        }
        return receiver.receive(request, false, new Receiver.Work() {
            @Override
            public void before() throws RejectedException {
                receiver.keys().checkOtlp(headers);
                intake.checkRoom(signal);
            }

            @Override
            public HttpResponse handle(byte[] body) throws RejectedException {
                byte[] message = message(body, headers.get("grpc-encoding"));
                Decoded decoded = intake.store(signal, PROTOCOL, signal.parse(message), null);
                String said = decoded.message();
                return answer(
                        said == null
                                ? new byte[0]
                                : signal.answer(decoded.rejected(), said).toByteArray());
            }

            @Override
            public HttpResponse refuse(RejectedException rejected, byte[] body) {
                intake.refused(signal, PROTOCOL, rejected, body);
                return failure(RpcStatus.of(rejected));
            }
        });
    }

    /** The one message of a unary call: a flag, a length, and that many bytes. */
    static byte[] message(byte[] body, @Nullable String encoding) throws RejectedException {
        if (body.length < FRAME_HEADER) {
            throw new RejectedException(RejectReason.MALFORMED, "no gRPC frame");
        }
        int length = ByteBuffer.wrap(body).getInt(1);
        if (length != body.length - FRAME_HEADER || body[0] < 0 || body[0] > 1) {
            throw new RejectedException(RejectReason.MALFORMED, "gRPC frame length is wrong");
        }
        byte[] message = Arrays.copyOfRange(body, FRAME_HEADER, body.length);
        return body[0] == 0 ? message : ContentCoding.unpack(message, encoding, OtlpHttpEndpoint.MAX_BODY);
    }

    private static HttpResponse answer(byte[] message) {
        byte[] frame = ByteBuffer.allocate(FRAME_HEADER + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        return HttpResponse.of(
                ResponseHeaders.of(HttpStatus.OK, HttpHeaderNames.CONTENT_TYPE, "application/grpc"),
                HttpData.wrap(frame),
                HttpHeaders.of("grpc-status", "0"));
    }

    private static HttpResponse failure(RpcStatus status) {
        String message =
                URLEncoder.encode(status.message(), StandardCharsets.UTF_8).replace("+", "%20");
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .set(HttpHeaderNames.CONTENT_TYPE, "application/grpc")
                .set("grpc-status", Integer.toString(status.code()))
                .set("grpc-message", message)
                .build());
    }
}
