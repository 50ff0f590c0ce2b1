/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sentry's transactions and spans to span records: a transaction is the segment root of the spans it carries. */
final class SentrySpans {
    private static final int MAX_SPANS = 10_000;

    private final SentryTime time;
    private final Context context;
    private final @Nullable Double envelopeWeight;

    /**
     * A reader for one envelope.
     * @param sampleRate of the envelope's trace header, or null
     */
    SentrySpans(SentryTime time, @Nullable String sampleRate, Context context) {
        this.time = time;
        this.context = context;
        this.envelopeWeight = SampleWeight.ofRate(sampleRate);
    }

    void transaction(ObjectNode transaction, Decoded into) {
        SenderFacts sender = SentrySender.of(transaction, context);
        JsonNode trace = transaction.path("contexts").path("trace");
        String traceId = Ids.hex(Json.text(trace, "trace_id"), Ids.TRACE_BYTES);
        String spanId = Ids.hex(Json.text(trace, "span_id"), Ids.SPAN_BYTES);
        if (traceId == null || spanId == null) {
            into.reject("transaction without trace_id and span_id in contexts.trace");
            return;
        }
        Attributes attributes = context.attributes();
        Plain.flatten(transaction.path("contexts").path("otel").path("attributes"), attributes);
        Plain.flatten(trace.path("data"), attributes);
        SentrySender.tags(transaction, attributes);
        measurements(transaction.path("measurements"), attributes);
        sdk(transaction.path("sdk"), attributes);
        String name = Json.text(transaction, "transaction", "");
        Double weight = weight(attributes, sampleRate(transaction));
        into.add(record(new Common(traceId, spanId, sender, name, trace, transaction, true, weight), attributes)
                .build());
        int count = 0;
        for (JsonNode span : transaction.path("spans")) {
            if (count++ == MAX_SPANS) {
                into.reject("more than " + MAX_SPANS + " spans in a transaction");
                return;
            }
            child(span, traceId, sender, weight, into);
        }
    }

    /** A span sent alone, in the shape of those inside a transaction. */
    void standalone(ObjectNode span, Decoded into) {
        String traceId = Ids.hex(Json.text(span, "trace_id"), Ids.TRACE_BYTES);
        if (traceId == null) {
            into.reject("span without trace_id");
            return;
        }
        child(span, traceId, SentrySender.of(span, context), envelopeWeight, into);
    }

    /** A span of version 2: typed attributes, its own name and times. */
    void version2(JsonNode span, Decoded into) {
        String traceId = Ids.hex(Json.text(span, "trace_id"), Ids.TRACE_BYTES);
        String spanId = Ids.hex(Json.text(span, "span_id"), Ids.SPAN_BYTES);
        if (traceId == null || spanId == null) {
            into.reject("span without trace_id and span_id");
            return;
        }
        Attributes attributes = context.attributes();
        Plain.typed(span.path("attributes"), attributes);
        SenderFacts sender = TypedItems.sender(attributes);
        boolean segment = span.path("is_segment").asBoolean(false) || Json.text(span, "parent_span_id") == null;
        Double weight = weight(attributes, null);
        into.add(record(
                        new Common(traceId, spanId, sender, Json.text(span, "name", ""), span, span, segment, weight),
                        attributes)
                .links(links(span.path("links")))
                .build());
    }

    private void child(JsonNode span, String traceId, SenderFacts sender, @Nullable Double weight, Decoded into) {
        String ownTrace = Ids.hex(Json.text(span, "trace_id"), Ids.TRACE_BYTES);
        String spanId = Ids.hex(Json.text(span, "span_id"), Ids.SPAN_BYTES);
        if (spanId == null) {
            into.reject("span without span_id");
            return;
        }
        Attributes attributes = context.attributes();
        Plain.flatten(span.path("data"), attributes);
        SentrySender.tags(span, attributes);
        measurements(span.path("measurements"), attributes);
        String name = Json.text(span, "description", "");
        boolean segment = span.path("is_segment").asBoolean(false);
        into.add(record(
                        new Common(
                                ownTrace == null ? traceId : ownTrace,
                                spanId,
                                sender,
                                name,
                                span,
                                span,
                                segment,
                                weight),
                        attributes)
                .build());
    }

    /**
     * What the three shapes share.
     * @param about the object with parent, op, status and origin
     * @param timed the object with the times
     */
    private record Common(
            String traceId,
            String spanId,
            SenderFacts sender,
            String name,
            JsonNode about,
            JsonNode timed,
            boolean segment,
            @Nullable Double weight) {}

    private SpanRecord.Builder record(Common span, Attributes attributes) {
        String sentOp = Json.text(span.about, "op");
        String typedOp = attributes.text("sentry.op");
        String op = sentOp != null ? sentOp : typedOp == null ? "" : typedOp;
        attributes.putIfAbsent("sentry.op", op.isEmpty() ? null : op);
        attributes.putIfAbsent("sentry.origin", Json.text(span.about, "origin"));
        String kind = kind(attributes, op);
        String category = Semantics.category(op, kind, attributes);
        String name = span.name.isEmpty() ? op : span.name;
        JsonNode start = span.timed.get("start_timestamp");
        JsonNode end = span.timed.has("end_timestamp") ? span.timed.get("end_timestamp") : span.timed.get("timestamp");
        long startNanos = time.corrected(start);
        if (time.correctionNanos() != 0) {
            attributes.put("tracebridge.clock_skew_ms", time.correctionNanos() / 1_000_000);
        }
        String statusWord = Json.text(span.about, "status", "");
        SpanStatus status = status(statusWord, kind, category, attributes);
        String errorType = attributes.text("error.type");
        SenderFacts sender = span.sender;
        String operation = context.text(Semantics.operation(name, kind, category, attributes), Context.MAX_NAME);
        return SpanRecord.builder(span.traceId, span.spanId)
                .parentId(Ids.hex(Json.text(span.about, "parent_span_id"), Ids.SPAN_BYTES))
                .service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .name(context.text(name, Context.MAX_NAME))
                .operation(context.operation(sender.service(), operation))
                .kind(kind)
                .category(category)
                .startNanos(startNanos)
                .durationNanos(end == null ? 0 : Math.max(0, time.corrected(end) - startNanos))
                .status(status)
                .errorType(errorType == null && status == SpanStatus.ERROR ? statusWord : errorType)
                .segmentRoot(span.segment)
                .sources(Source.SENTRY)
                .weight(span.weight)
                .keptBecause(attributes.text("tracebridge.kept_because", "trace_kept_because"))
                .attributes(attributes.json())
                .resource(sender.resource());
    }

    private static String kind(Attributes attributes, String op) {
        String stated = attributes.text("otel.kind", "span.kind", "sentry.kind");
        if (stated == null) {
            return Semantics.kindOf(op);
        }
        return switch (stated.toLowerCase(Locale.ROOT)) {
            case "server" -> "server";
            case "client" -> "client";
            case "producer" -> "producer";
            case "consumer" -> "consumer";
            default -> "internal";
        };
    }

    /** Sentry calls a 404 an error of the span; for a server it is an answer like others, as in OpenTelemetry. */
    private static SpanStatus status(String word, String kind, String category, Attributes attributes) {
        return switch (word) {
            case "ok" -> SpanStatus.OK;
            case "", "unset", "cancelled", "unknown" -> SpanStatus.UNSET;
            default -> {
                Double code = attributes.number("http.response.status_code");
                boolean clientsFault =
                        kind.equals("server") && category.equals("http") && code != null && code >= 400 && code < 500;
                yield clientsFault ? SpanStatus.UNSET : SpanStatus.ERROR;
            }
        };
    }

    private @Nullable Double weight(Attributes attributes, @Nullable String ownRate) {
        String threshold = attributes.text("tracebridge.tracestate", "otel.tracestate");
        Double byThreshold = threshold == null ? null : SampleWeight.ofTraceState(threshold);
        if (byThreshold != null) {
            return byThreshold;
        }
        Double byRate = SampleWeight.ofRate(ownRate);
        return byRate == null ? envelopeWeight : byRate;
    }

    private static @Nullable String sampleRate(JsonNode transaction) {
        for (JsonNode rates : transaction.path("_metrics").path("sample_rates")) {
            String rate = Json.text(rates, "rate");
            if (rate != null) {
                return rate;
            }
        }
        return Json.text(transaction.path("contexts").path("trace"), "client_sample_rate");
    }

    private static void measurements(JsonNode measurements, Attributes into) {
        for (Map.Entry<String, JsonNode> one : measurements.properties()) {
            into.put("measurement." + one.getKey(), Plain.of(one.getValue().path("value")));
        }
    }

    private static void sdk(JsonNode sdk, Attributes into) {
        into.put("telemetry.sdk.name", Json.text(sdk, "name"));
        into.put("telemetry.sdk.version", Json.text(sdk, "version"));
    }

    private @Nullable String links(JsonNode links) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (JsonNode link : links) {
            String traceId = Ids.hex(Json.text(link, "trace_id"), Ids.TRACE_BYTES);
            String spanId = Ids.hex(Json.text(link, "span_id"), Ids.SPAN_BYTES);
            if (traceId == null || spanId == null || json.size() == Attributes.MAX_COUNT) {
                context.overflow("span_link");
                continue;
            }
            Attributes attributes = context.attributes();
            Plain.typed(link.path("attributes"), attributes);
            json.add(Map.of("traceId", traceId, "spanId", spanId, "attributes", attributes.values()));
        }
        return json.isEmpty() ? null : Attributes.json(json);
    }
}
