/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP traces to span records; exceptions recorded on spans become events. */
final class OtlpSpans {
    private static final int MAX_EVENTS = 128;
    private static final int MAX_LINKS = 128;
    private static final int FLAG_HAS_IS_REMOTE = 0x100;
    private static final int FLAG_IS_REMOTE = 0x200;

    private final Context context;
    private final Decoded into;

    private OtlpSpans(Context context, Decoded into) {
        this.context = context;
        this.into = into;
    }

    static void read(ExportTraceServiceRequest request, Context context, Decoded into) {
        OtlpSpans reader = new OtlpSpans(context, into);
        for (ResourceSpans resource : request.getResourceSpansList()) {
            SenderFacts sender = context.sender(resource.getResource());
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList().forEach(span -> reader.span(span, scope.getScope(), sender));
            }
        }
    }

    private void span(Span span, InstrumentationScope scope, SenderFacts sender) {
        String traceId = Ids.hex(span.getTraceId(), Ids.TRACE_BYTES);
        String spanId = Ids.hex(span.getSpanId(), Ids.SPAN_BYTES);
        if (traceId == null) {
            into.reject("trace id: expected 32 hex digits, not all zero");
            return;
        }
        if (spanId == null) {
            into.reject("span id: expected 16 hex digits, not all zero");
            return;
        }
        int parentBytes = span.getParentSpanId().size();
        if (parentBytes != 0 && parentBytes != Ids.SPAN_BYTES) {
            into.reject("parent span id: expected 16 hex digits or none");
            return;
        }
        if (span.getStartTimeUnixNano() < 0 || span.getEndTimeUnixNano() < 0) {
            into.reject("start or end time: past the year 2262");
            return;
        }
        String parentId = Ids.hex(span.getParentSpanId(), Ids.SPAN_BYTES);
        Attributes attributes = context.attributes();
        OtlpAttributes.read(span.getAttributesList(), attributes);
        scope(scope, attributes);
        String kind = kind(span.getKind());
        String category = Semantics.category("", kind, attributes);
        String operation = Semantics.operation(span.getName(), kind, category, attributes);
        // a start that was never set would make it the longest span there is
        boolean timed = span.getStartTimeUnixNano() != 0;
        long duration = timed ? span.getEndTimeUnixNano() - span.getStartTimeUnixNano() : 0;
        SpanRecord.Builder record = SpanRecord.builder(traceId, spanId)
                .parentId(parentId)
                .service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .name(context.text(span.getName(), Context.MAX_NAME))
                .operation(context.operation(sender.service(), context.text(operation, Context.MAX_NAME)))
                .kind(kind)
                .category(category)
                .startNanos(span.getStartTimeUnixNano())
                .durationNanos(Math.max(0, duration))
                .status(status(span.getStatus()))
                .segmentRoot(isSegmentRoot(span, parentId, kind))
                .sources(Source.OTLP)
                .weight(SampleWeight.ofTraceState(span.getTraceState()))
                .keptBecause(attributes.text("tracebridge.kept_because"))
                .statusMessage(blankToNull(context.text(span.getStatus().getMessage(), Attributes.MAX_TEXT)))
                .resource(sender.resource());
        SpanRecord withoutDetail = record.build();
        String errorType = attributes.text("error.type");
        String events = events(span, withoutDetail, sender);
        if (errorType == null && withoutDetail.status() == SpanStatus.ERROR) {
            errorType = statusCode(attributes);
        }
        into.add(record.errorType(errorType)
                .events(events)
                .links(links(span))
                .attributes(attributes.json())
                .build());
    }

    private @Nullable String events(Span span, SpanRecord record, SenderFacts sender) {
        if (span.getEventsCount() == 0) {
            return null;
        }
        List<Map<String, Object>> events = new ArrayList<>();
        for (Span.Event event : span.getEventsList()) {
            if (event.getName().equals("exception")) {
                OtlpExceptions.ofSpan(event, record, sender, context, into);
            }
            if (events.size() == MAX_EVENTS) {
                context.overflow("span_event");
                continue;
            }
            Attributes attributes = context.attributes();
            OtlpAttributes.read(event.getAttributesList(), attributes);
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("t", event.getTimeUnixNano());
            json.put("name", context.text(event.getName(), Context.MAX_NAME));
            json.put("attributes", attributes.values());
            events.add(json);
        }
        return Attributes.json(events);
    }

    private @Nullable String links(Span span) {
        List<Map<String, Object>> links = new ArrayList<>();
        for (Span.Link link : span.getLinksList()) {
            String traceId = Ids.hex(link.getTraceId(), Ids.TRACE_BYTES);
            String spanId = Ids.hex(link.getSpanId(), Ids.SPAN_BYTES);
            if (traceId == null || spanId == null || links.size() == MAX_LINKS) {
                context.overflow("span_link");
                continue;
            }
            Attributes attributes = context.attributes();
            OtlpAttributes.read(link.getAttributesList(), attributes);
            links.add(Map.of("traceId", traceId, "spanId", spanId, "attributes", attributes.values()));
        }
        return links.isEmpty() ? null : Attributes.json(links);
    }

    static void scope(InstrumentationScope scope, Attributes into) {
        into.putIfAbsent("otel.scope.name", blankToNull(scope.getName()));
        into.putIfAbsent("otel.scope.version", blankToNull(scope.getVersion()));
    }

    private static boolean isSegmentRoot(Span span, @Nullable String parentId, String kind) {
        boolean remoteParent = (span.getFlags() & FLAG_HAS_IS_REMOTE) != 0 && (span.getFlags() & FLAG_IS_REMOTE) != 0;
        return parentId == null || remoteParent || kind.equals("server") || kind.equals("consumer");
    }

    private static String kind(Span.SpanKind kind) {
        return switch (kind) {
            case SPAN_KIND_SERVER -> "server";
            case SPAN_KIND_CLIENT -> "client";
            case SPAN_KIND_PRODUCER -> "producer";
            case SPAN_KIND_CONSUMER -> "consumer";
            default -> "internal";
        };
    }

    private static SpanStatus status(Status status) {
        return switch (status.getCode()) {
            case STATUS_CODE_OK -> SpanStatus.OK;
            case STATUS_CODE_ERROR -> SpanStatus.ERROR;
            default -> SpanStatus.UNSET;
        };
    }

    private static @Nullable String statusCode(Attributes attributes) {
        return attributes.text("http.response.status_code", "http.status_code", "rpc.grpc.status_code");
    }

    static @Nullable String blankToNull(String text) {
        return text.isBlank() ? null : text;
    }
}
