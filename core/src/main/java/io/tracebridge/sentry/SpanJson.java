/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.scrub.Scrubber;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A span in the form of Sentry's protocol, as maps and lists; the same for a child and for the trace context. */
final class SpanJson {
    private static final int MAX_EVENTS = 50;
    private static final int MAX_LINKS = 100;

    /** Bytes of one span above which its texts are cut short: one of them must not push out all others. */
    private static final int LARGE_SPAN = 100_000;

    private static final int SHORT_TEXT = 256;

    private SpanJson() {}

    /** A child as JSON. */
    static String child(SpanData span) {
        String json = JsonText.of(child(span, Texts.MAX_TEXT));
        return json.length() <= LARGE_SPAN ? json : JsonText.of(child(span, SHORT_TEXT));
    }

    private static Map<String, Object> child(SpanData span, int maxText) {
        Map<String, Object> json = new LinkedHashMap<>();
        times(json, span);
        json.putAll(context(span, new Attributed(span.getAttributes()), false, maxText));
        return json;
    }

    /** What a span and a transaction's trace context have in common: ids, operation, status, data, links. */
    static Map<String, Object> context(SpanData span, Attributed attributes, boolean root, int maxText) {
        SpanMapping mapping = SpanMapping.of(span, attributes, root);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("trace_id", span.getTraceId());
        json.put("span_id", span.getSpanId());
        if (span.getParentSpanContext().isValid()) {
            json.put("parent_span_id", span.getParentSpanId());
        }
        json.put("op", mapping.op());
        json.put("description", Scrubber.cut(mapping.description(), maxText));
        json.put("status", SpanStatusMapping.of(span, attributes));
        json.put("origin", mapping.origin());
        json.put("data", data(span, attributes, mapping, maxText));
        if (!span.getLinks().isEmpty()) {
            json.put("links", links(span, maxText));
        }
        return json;
    }

    /** Start and end, in seconds; an end before the start, from a clock that was set back, becomes the start. */
    static void times(Map<String, Object> json, SpanData span) {
        json.put("start_timestamp", BigDecimal.valueOf(span.getStartEpochNanos(), 9));
        json.put("timestamp", BigDecimal.valueOf(Math.max(span.getStartEpochNanos(), span.getEndEpochNanos()), 9));
    }

    private static Map<String, Object> data(SpanData span, Attributed attributes, SpanMapping mapping, int maxText) {
        Map<String, Object> data = SpanAttributes.data(span.getAttributes(), maxText);
        data.put("otel.kind", span.getKind().name());
        data.put("otel.instrumentation.name", span.getInstrumentationScopeInfo().getName());
        String version = span.getInstrumentationScopeInfo().getVersion();
        if (version != null) {
            data.put("otel.instrumentation.version", version);
        }
        if (!span.getStatus().getDescription().isEmpty()) {
            data.put("sentry.status.message", Scrubber.cut(span.getStatus().getDescription(), maxText));
        }
        if (!mapping.description().equals(span.getName())) {
            data.put("otel.span.name", Scrubber.cut(span.getName(), maxText));
        }
        if (mapping.op().startsWith("gen_ai.")) {
            String operation = GenAi.operation(attributes);
            if (operation != null) {
                data.putIfAbsent("gen_ai.operation.name", operation);
            }
        }
        List<Object> events = events(span);
        if (!events.isEmpty()) {
            data.put("otel.events", Scrubber.cut(JsonText.of(events), maxText));
        }
        return data;
    }

    // an exception is an event of its own, sent where it was captured
    private static List<Object> events(SpanData span) {
        List<Object> events = new ArrayList<>();
        for (EventData event : span.getEvents()) {
            if (!event.getName().equals("exception") && events.size() < MAX_EVENTS) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("name", event.getName());
                json.put("timestamp", BigDecimal.valueOf(event.getEpochNanos(), 9));
                json.put("attributes", SpanAttributes.data(event.getAttributes(), SHORT_TEXT));
                events.add(json);
            }
        }
        return events;
    }

    private static List<Object> links(SpanData span, int maxText) {
        List<Object> links = new ArrayList<>();
        for (LinkData link : span.getLinks()) {
            if (links.size() < MAX_LINKS) {
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("trace_id", link.getSpanContext().getTraceId());
                json.put("span_id", link.getSpanContext().getSpanId());
                json.put("sampled", link.getSpanContext().isSampled());
                json.put("attributes", SpanAttributes.data(link.getAttributes(), maxText));
                links.add(json);
            }
        }
        return links;
    }
}
