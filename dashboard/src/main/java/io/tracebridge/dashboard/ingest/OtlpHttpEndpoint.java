/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.google.protobuf.Message;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP over HTTP, one signal: Protobuf or JSON in, the same encoding out. */
final class OtlpHttpEndpoint implements HttpService {
    static final int MAX_BODY = 64 * 1024 * 1024;
    private static final String PROTOCOL = "otlp-http";

    /** An exporter waits this long at least, then tries again; its queue holds more than a second's spans. */
    private static final String RETRY_AFTER_SECONDS = "1";

    private final OtlpSignal signal;
    private final OtlpIntake intake;
    private final Receiver receiver;

    OtlpHttpEndpoint(OtlpSignal signal, OtlpIntake intake, Receiver receiver) {
        this.signal = signal;
        this.intake = intake;
        this.receiver = receiver;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
        RequestHeaders headers = request.headers();
        if (headers.method() != HttpMethod.POST) {
            return HttpResponse.of(ResponseHeaders.builder(HttpStatus.METHOD_NOT_ALLOWED)
                    .set(HttpHeaderNames.ALLOW, "POST")
                    .build());
        }
        Encoding encoding = Encoding.of(headers.contentType());
        return receiver.receive(request, false, new Receiver.Work() {
            @Override
            public void before() throws RejectedException {
                if (encoding == null) {
                    throw new RejectedException(
                            RejectReason.UNSUPPORTED_TYPE,
                            "content type must be application/x-protobuf or application/json");
                }
                receiver.keys().checkOtlp(headers);
                intake.checkRoom(signal);
            }

            @Override
            public HttpResponse handle(byte[] body) throws RejectedException {
                byte[] bytes = ContentCoding.unpack(body, headers.get(HttpHeaderNames.CONTENT_ENCODING), MAX_BODY);
                return accept(bytes, encoding == Encoding.JSON);
            }

            @Override
            public HttpResponse refuse(RejectedException rejected, byte[] body) {
                intake.refused(signal, PROTOCOL, rejected, body);
                return refusal(rejected, encoding == Encoding.PROTOBUF);
            }
        });
    }

    private HttpResponse accept(byte[] bytes, boolean json) throws RejectedException {
        Message request;
        String warning = null;
        if (json) {
            Message.Builder builder = signal.request();
            warning = OtlpJsonReader.read(bytes, builder);
            request = builder.build();
        } else {
            request = signal.parse(bytes);
        }
        Decoded decoded = intake.store(signal, PROTOCOL, request, warning);
        String message = decoded.message();
        byte[] answer = json ? jsonAnswer(decoded.rejected(), message) : protobufAnswer(decoded.rejected(), message);
        ResponseHeadersBuilder response = response(HttpStatus.OK, json ? MediaType.JSON : MediaType.X_PROTOBUF);
        return HttpResponse.of(response.build(), HttpData.wrap(answer));
    }

    private byte[] protobufAnswer(long rejected, @Nullable String message) {
        return message == null ? new byte[0] : signal.answer(rejected, message).toByteArray();
    }

    private byte[] jsonAnswer(long rejected, @Nullable String message) {
        if (message == null) {
            return "{}".getBytes(StandardCharsets.UTF_8);
        }
        // a 64-bit integer is a string in Protobuf's JSON
        return Attributes.json(Map.of(
                        "partialSuccess",
                        Map.of(signal.rejectedField(), Long.toString(rejected), "errorMessage", message)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static HttpResponse refusal(RejectedException rejected, boolean protobuf) {
        HttpStatus status = Receiver.status(rejected.reason(), HttpStatus.SERVICE_UNAVAILABLE);
        ResponseHeadersBuilder response = response(status, protobuf ? MediaType.X_PROTOBUF : MediaType.JSON);
        if (status.equals(HttpStatus.SERVICE_UNAVAILABLE)) {
            response.set(HttpHeaderNames.RETRY_AFTER, RETRY_AFTER_SECONDS);
        }
        RpcStatus body = RpcStatus.of(rejected);
        return HttpResponse.of(response.build(), HttpData.wrap(protobuf ? body.protobuf() : body.json()));
    }

    private static ResponseHeadersBuilder response(HttpStatus status, MediaType type) {
        return ResponseHeaders.builder(status).set(HttpHeaderNames.CONTENT_TYPE, type.toString());
    }

    private enum Encoding {
        PROTOBUF,
        JSON;

        static @Nullable Encoding of(@Nullable MediaType type) {
            if (type == null) {
                return null;
            }
            return switch (type.nameWithoutParameters()) {
                case "application/x-protobuf", "application/protobuf" -> PROTOBUF;
                case "application/json" -> JSON;
                default -> null;
            };
        }
    }
}
