/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.scrub.Scrubber;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A local trace as the JSON of one transaction, with its own ids and times.
 *
 * @param json complete
 * @param name of the transaction
 * @param source how good the name is
 * @param spans inside, the root included
 * @param pruned how many did not fit
 */
record TransactionJson(String json, String name, String source, int spans, int pruned) {
    private static final int MAX_NAME = 200;
    private static final int MAX_CONTEXT_TEXT = 1_024;

    static TransactionJson of(LocalTrace trace) {
        SpanData root = trace.root();
        Attributed attributes = new Attributed(root.getAttributes());
        SpanMapping mapping = SpanMapping.of(root, attributes, true);
        String name = Scrubber.cut(mapping.description(), MAX_NAME);
        Pruning spans = Pruning.of(trace.children());

        Map<String, Object> json = new LinkedHashMap<>();
        json.put("event_id", UUID.randomUUID().toString().replace("-", ""));
        json.put("type", "transaction");
        json.put("platform", "java");
        json.put("transaction", name);
        json.put("transaction_info", Map.of("source", mapping.source()));
        SpanJson.times(json, root);
        json.put("contexts", contexts(trace, attributes, spans.pruned()));
        json.put("tags", tags(attributes));
        if (root.getKind() == SpanKind.SERVER && attributes.has("http.request.method", "http.method")) {
            json.put("request", request(attributes));
        }
        // the children are JSON already
        String open = JsonText.of(json);
        String closed = open.substring(0, open.length() - 1) + ",\"spans\":[" + String.join(",", spans.spans()) + "]}";
        return new TransactionJson(closed, name, mapping.source(), spans.spans().size() + 1, spans.pruned());
    }

    private static Map<String, Object> contexts(LocalTrace trace, Attributed attributes, int pruned) {
        SpanData root = trace.root();
        Map<String, Object> context = SpanJson.context(root, attributes, true, MAX_CONTEXT_TEXT);
        @SuppressWarnings("unchecked")
        Map<String, Object> data = (Map<String, Object>) context.get("data");
        if (data != null && pruned > 0) {
            data.put("tracebridge.spans_pruned", pruned);
        }
        if (data != null && trace.followUp()) {
            data.put("tracebridge.follow_up", true);
        }
        Map<String, Object> otel = new LinkedHashMap<>();
        otel.put("attributes", SpanAttributes.data(root.getAttributes(), MAX_CONTEXT_TEXT));
        otel.put("resource", SpanAttributes.data(root.getResource().getAttributes(), MAX_CONTEXT_TEXT));
        Map<String, Object> contexts = new LinkedHashMap<>();
        contexts.put("trace", context);
        contexts.put("otel", otel);
        return contexts;
    }

    private static Map<String, String> tags(Attributed attributes) {
        Map<String, String> tags = new LinkedHashMap<>();
        tag(tags, "kept_because", attributes.text("tracebridge.kept_because"));
        tag(tags, "pipeline", attributes.text("pipeline", "pipeline.name"));
        tag(tags, "app.project_id", attributes.text("project.id"));
        return tags;
    }

    private static void tag(Map<String, String> tags, String key, @Nullable String value) {
        if (value != null) {
            tags.put(key, Scrubber.cut(value, Texts.MAX_TAG));
        }
    }

    private static Map<String, Object> request(Attributed attributes) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("method", attributes.text("http.request.method", "http.method"));
        String url = url(attributes);
        if (url != null) {
            request.put("url", Scrubber.cut(SpanMapping.withoutQuery(url), MAX_CONTEXT_TEXT));
        }
        return request;
    }

    private static @Nullable String url(Attributed attributes) {
        String full = attributes.text("url.full", "http.url");
        if (full != null) {
            return full;
        }
        String path = attributes.text("url.path", "http.target");
        String host = attributes.text("server.address", "net.host.name");
        if (path == null || host == null) {
            return path;
        }
        String scheme = attributes.text("url.scheme", "http.scheme");
        Long port = attributes.number("server.port", "net.host.port");
        return (scheme == null ? "http" : scheme) + "://" + host + (port == null ? "" : ":" + port) + path;
    }
}
