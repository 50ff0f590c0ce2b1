/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A client that speaks OTLP in JSON and Sentry's envelopes to a server, and asks its API; over HTTP, as any SDK. */
final class Sender {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private final HttpClient client = HttpClient.newHttpClient();
    private final String origin;

    Sender(String origin) {
        this.origin = origin;
    }

    void spans(String service, List<?> spans) {
        export("traces", "resourceSpans", "scopeSpans", "spans", service, spans);
    }

    void logs(String service, List<?> logs) {
        export("logs", "resourceLogs", "scopeLogs", "logRecords", service, logs);
    }

    void metrics(String service, List<?> metrics) {
        export("metrics", "resourceMetrics", "scopeMetrics", "metrics", service, metrics);
    }

    /** One error in an envelope, as an SDK sends it. */
    void event(String id, Map<String, ?> event) {
        String text = json(event);
        String envelope = "{\"event_id\":\"" + id + "\",\"sdk\":{\"name\":\"sentry.java\",\"version\":\"8.62.0\"}}\n"
                + "{\"type\":\"event\",\"content_type\":\"application/json\"}\n" + text + "\n";
        post("/api/1/envelope/?sentry_key=" + KEY, envelope, "application/x-sentry-envelope");
    }

    JsonNode ask(String path) {
        try {
            return JSON.readTree(send(HttpRequest.newBuilder(uri("/api/v1/" + path)).build()).body());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Attributes in OTLP's form, from keys and values in turn. */
    static List<Map<String, ?>> attributes(Object... pairs) {
        List<Map<String, ?>> list = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            list.add(Map.of("key", pairs[i], "value", value(pairs[i + 1])));
        }
        return list;
    }

    private static Map<String, ?> value(Object value) {
        if (value instanceof Boolean) {
            return Map.of("boolValue", value);
        }
        if (value instanceof Double) {
            return Map.of("doubleValue", value);
        }
        // OTLP/JSON writes 64-bit integers as texts
        return value instanceof Number ? Map.of("intValue", value.toString()) : Map.of("stringValue", value);
    }

    /** A map that keeps its order, from keys and values in turn. */
    static Map<String, Object> object(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put((String) pairs[i], pairs[i + 1]);
        }
        return map;
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void export(String path, String resources, String scopes, String items, String service, List<?> list) {
        Map<String, ?> resource = Map.of(
                "attributes",
                attributes(
                        "service.name", service,
                        "deployment.environment.name", "development",
                        "service.version", "1.4.2",
                        "tracebridge.run.id", "r-17"));
        Map<String, ?> scope = Map.of("scope", Map.of("name", "io.tracebridge", "version", "0.1"), items, list);
        post(
                "/v1/" + path,
                json(Map.of(resources, List.of(Map.of("resource", resource, scopes, List.of(scope))))),
                "application/json");
    }

    private void post(String path, String body, String type) {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        send(request);
    }

    private URI uri(String path) {
        return URI.create(origin + path);
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(request.uri() + " " + response.body()).isEqualTo(200);
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
