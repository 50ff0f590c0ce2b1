/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The pages over answers from files, in the shape of {@code docs/dashboard-api.md}: every state a page can show, at once
 * and without waiting, with markup in many of the texts. Changes are sent by {@link #publish}.
 */
final class FixtureServer implements AutoCloseable {
    static final String TRACE = "5b8efff798038103d269b633813fc60c";
    static final String ISSUE = "5f0c1d9a2b3e4c57";
    static final String EVENT = "9ec79c33ec9942ab8353589fcb2e04dc";

    private static final Map<String, String> FILES = Map.ofEntries(
            Map.entry("filters", "filters"),
            Map.entry("overview", "overview"),
            Map.entry("issues", "issues"),
            Map.entry("issues/f3c0", "finding"),
            Map.entry("traces", "traces"),
            Map.entry("heatmap", "heatmap"),
            Map.entry("operations", "operations"),
            Map.entry("logs", "logs"),
            Map.entry("metrics", "metrics"),
            Map.entry("metrics/scene_generation_duration", "metric"),
            Map.entry("ai/calls", "calls"),
            Map.entry("health", "health"));

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<HttpResponseWriter> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong();
    private final Server server;

    FixtureServer() {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress("127.0.0.1", 0));
        WebPages.create().addTo(builder::service);
        builder.service("/api/v1/live", (context, request) -> live(context));
        builder.service("prefix:/api/v1", this::answer);
        server = builder.build();
        server.start().join();
    }

    String origin() {
        return "http://127.0.0.1:" + server.activeLocalPort();
    }

    int listeners() {
        return listeners.size();
    }

    /** Answers at this path, below {@code /api/v1/}, until {@link #reset}. */
    void answer(String path, String json) {
        answers.put(path, json);
    }

    void reset() {
        answers.clear();
        asked.clear();
    }

    void publish(String event, String json) {
        String frame = "id: " + sequence.incrementAndGet() + "\nevent: " + event + "\ndata: " + json + "\n\n";
        listeners.forEach(listener -> listener.tryWrite(HttpData.ofUtf8(frame)));
    }

    private HttpResponse live(ServiceRequestContext context) {
        context.clearRequestTimeout();
        HttpResponseWriter writer = HttpResponse.streaming();
        writer.write(ResponseHeaders.of(HttpStatus.OK, "content-type", "text/event-stream"));
        writer.write(HttpData.ofUtf8("retry: 200\nevent: hello\ndata: {\"storeEpoch\":\"one\",\"run\":\"r-17\"}\n\n"));
        listeners.add(writer);
        writer.whenComplete().whenComplete((done, failure) -> listeners.remove(writer));
        return writer;
    }

    private HttpResponse answer(ServiceRequestContext context, HttpRequest request) throws IOException {
        String path = context.path().substring("/api/v1/".length());
        asked.add(path + (context.query() == null ? "" : "?" + context.query()));
        String json = answers.get(path);
        if (json != null) {
            return json(json);
        }
        if (request.method() == HttpMethod.POST && request.headers().get("x-tracebridge") == null) {
            return HttpResponse.of(HttpStatus.FORBIDDEN);
        }
        if (path.equals("sample")) {
            return HttpResponse.of(
                    HttpStatus.ACCEPTED, MediaType.JSON_UTF_8, "{\"traceId\":\"" + TRACE + "\",\"accepted\":true}");
        }
        String file = FILES.getOrDefault(path, family(path));
        return file.isEmpty()
                ? HttpResponse.of(
                        HttpStatus.NOT_FOUND,
                        MediaType.JSON_UTF_8,
                        "{\"error\":{\"status\":404,\"code\":\"not_found\",\"message\":\"no such thing\"}}")
                : json(read(file));
    }

    private static String family(String path) {
        if (path.matches("issues/[^/]+/events/.+")) {
            return "event";
        }
        if (path.matches("traces/[^/]+/spans/.+")) {
            return "span";
        }
        if (path.equals("traces/" + TRACE)) {
            return "trace";
        }
        String parent = path.replaceAll("/[^/]+$", "");
        return Map.of("issues", "issue", "operations", "operation", "metrics", "metric-counter", "ai/calls", "call")
                .getOrDefault(parent, "");
    }

    static String read(String name) throws IOException {
        try (InputStream in = FixtureServer.class.getResourceAsStream("/api/" + name + ".json")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static HttpResponse json(String body) {
        return HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, body);
    }

    @Override
    public void close() {
        listeners.forEach(HttpResponseWriter::abort);
        server.closeAsync().orTimeout(Duration.ofSeconds(5).toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    }
}
