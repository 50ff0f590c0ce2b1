/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** Sentry and an OTLP backend on one loopback port; keeps what they received, decoded by parsers that are not ours. */
public final class FakeBackends implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    public final List<Envelope> envelopes = new CopyOnWriteArrayList<>();
    public final List<Span> spans = new CopyOnWriteArrayList<>();
    public final List<RecordedRequest> otlpRequests = new CopyOnWriteArrayList<>();
    public final MockWebServer server = new MockWebServer();

    /** One item with its envelope's header. */
    public record Envelope(JsonNode header, String type, JsonNode payload) {}

    public FakeBackends() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                try {
                    receive(request);
                } catch (IOException unreadable) {
                    throw new UncheckedIOException(unreadable);
                }
                return new MockResponse.Builder().body("{}").build();
            }
        });
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    public String dsn() {
        return "http://key@127.0.0.1:" + server.getPort() + "/42";
    }

    public List<JsonNode> events() {
        return payloads("event");
    }

    public List<JsonNode> transactions() {
        return payloads("transaction");
    }

    private List<JsonNode> payloads(String type) {
        return envelopes.stream()
                .filter(item -> item.type().equals(type))
                .map(Envelope::payload)
                .toList();
    }

    public List<Span> spans(String traceId) {
        return spans.stream()
                .filter(span -> hex(span.getTraceId().toByteArray()).equals(traceId))
                .toList();
    }

    public static String hex(byte[] bytes) {
        StringBuilder hex = new StringBuilder();
        for (byte b : bytes) {
            hex.append(String.format(Locale.ROOT, "%02x", b));
        }
        return hex.toString();
    }

    private void receive(RecordedRequest request) throws IOException {
        byte[] body =
                request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
        if ("gzip".equals(request.getHeaders().get("Content-Encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        String path = request.getTarget();
        if (path.endsWith("/v1/traces")) {
            otlpRequests.add(request);
            ExportTraceServiceRequest.parseFrom(body)
                    .getResourceSpansList()
                    .forEach(resource ->
                            resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList())));
        } else if (path.contains("/envelope/")) {
            envelope(body);
        }
    }

    private void envelope(byte[] body) throws IOException {
        int end = lineEnd(body, 0);
        JsonNode header = JSON.readTree(body, 0, end);
        int position = end + 1;
        while (position < body.length) {
            end = lineEnd(body, position);
            JsonNode item = JSON.readTree(body, position, end - position);
            int length = item.get("length").asInt();
            ByteArrayOutputStream payload = new ByteArrayOutputStream();
            payload.write(body, end + 1, length);
            String text = payload.toString(StandardCharsets.UTF_8);
            String type = item.get("type").asText();
            boolean json = text.startsWith("{");
            envelopes.add(new Envelope(header, type, json ? JSON.readTree(text) : JSON.createObjectNode()));
            position = end + 1 + length + 1;
        }
    }

    private static int lineEnd(byte[] body, int from) {
        int end = from;
        while (end < body.length && body[end] != '\n') {
            end++;
        }
        return end;
    }

    @Override
    public void close() {
        server.close();
    }
}
