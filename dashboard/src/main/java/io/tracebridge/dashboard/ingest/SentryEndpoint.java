/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tracebridge.dashboard.store.Admission;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sentry's endpoints: envelopes (also where Spotlight sends them) and the older plain events. Content types are not
 * looked at, because browsers send envelopes as plain text.
 */
final class SentryEndpoint implements HttpService {
    static final int MAX_UNPACKED = 100 * 1024 * 1024;
    private static final String PROTOCOL = "sentry";

    private final boolean plainEvent;
    private final SentryIntake intake;
    private final Receiver receiver;

    /**
     * An endpoint.
     * @param plainEvent whether the body is one event instead of an envelope
     */
    SentryEndpoint(boolean plainEvent, SentryIntake intake, Receiver receiver) {
        this.plainEvent = plainEvent;
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
        String coding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
        return receiver.receive(request, true, new Receiver.Work() {
            @Override
            public void before() {}

            @Override
            public HttpResponse handle(byte[] body) throws RejectedException {
                byte[] bytes = ContentCoding.unpack(body, coding, MAX_UNPACKED);
                Envelope envelope = plainEvent ? ofPlainEvent(bytes) : EnvelopeReader.read(bytes);
                String dsn = Json.text(envelope.header(), "dsn");
                receiver.keys().checkSentry(headers, QueryParams.fromQueryString(ctx.query()), dsn);
                return answer(intake.store(envelope));
            }

            @Override
            public HttpResponse refuse(RejectedException rejected, byte[] body) {
                receiver.refusals().count(PROTOCOL, "envelope", rejected.reason(), rejected.getMessage(), body, 1);
                if (rejected.reason() == RejectReason.QUEUE_FULL) {
                    return limited(Set.of("transaction", "span", "log_item", "trace_metric"));
                }
                HttpStatus status = Receiver.status(rejected.reason(), HttpStatus.TOO_MANY_REQUESTS);
                return detail(status, rejected.getMessage(), response(status));
            }
        });
    }

    private static Envelope ofPlainEvent(byte[] bytes) throws RejectedException {
        ItemLimits.check("event", bytes.length);
        ObjectNode none = Json.MAPPER.createObjectNode();
        Envelope.Item event = new Envelope.Item("event", none, bytes, 0, bytes.length);
        event.json(); // a body that is no event is refused before anything else looks at it
        return new Envelope(none, List.of(event));
    }

    private static HttpResponse answer(SentryIntake.Outcome outcome) {
        if (!outcome.accepted()) {
            return limited(outcome.limited());
        }
        ResponseHeadersBuilder response = response(HttpStatus.OK);
        if (!outcome.limited().isEmpty()) {
            response.set("x-sentry-rate-limits", rateLimits(outcome.limited()));
        }
        String id = outcome.eventId();
        return HttpResponse.of(response.build(), json(id == null ? Map.of() : Map.of("id", id)));
    }

    private static HttpResponse limited(Set<String> categories) {
        ResponseHeadersBuilder response = response(HttpStatus.TOO_MANY_REQUESTS)
                .set(HttpHeaderNames.RETRY_AFTER, Integer.toString(Admission.RETRY_AFTER_SECONDS))
                .set("x-sentry-rate-limits", rateLimits(categories));
        return detail(HttpStatus.TOO_MANY_REQUESTS, "ingest queue full", response);
    }

    /** Names what to hold back, so that the sender goes on with everything else: errors first of all. */
    private static String rateLimits(Set<String> categories) {
        return Admission.RETRY_AFTER_SECONDS + ":" + String.join(";", categories) + ":key:queue_full";
    }

    private static HttpResponse detail(HttpStatus status, String detail, ResponseHeadersBuilder response) {
        return HttpResponse.of(response.status(status).build(), json(Map.of("detail", detail, "causes", List.of())));
    }

    private static ResponseHeadersBuilder response(HttpStatus status) {
        return ResponseHeaders.builder(status).set(HttpHeaderNames.CONTENT_TYPE, MediaType.JSON.toString());
    }

    private static HttpData json(Map<String, ?> body) {
        return HttpData.wrap(Attributes.json(body).getBytes(StandardCharsets.UTF_8));
    }
}
