/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.tracebridge.examples.ai.ChatClient;
import io.tracebridge.examples.ai.ChatStub;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A scene generator as a team could have it: HTTP front, queue, workers, tools, an AI call, a database. Listens on
 * 127.0.0.1. Nothing in it is made for the demo but the faults that a request may ask for.
 */
public final class SceneApp implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BODY = 64 * 1024;
    private static final String TAKEN_PROJECT = "demo";

    private final HttpServer server;
    private final ExecutorService threads;
    private final @Nullable ChatStub stub;
    private final SceneStore store;
    private final JobQueue queue;

    private SceneApp(
            HttpServer server, ExecutorService threads, @Nullable ChatStub stub, SceneStore store, JobQueue queue) {
        this.server = server;
        this.threads = threads;
        this.stub = stub;
        this.store = store;
        this.queue = queue;
    }

    /**
     * Starts everything. {@code AI_BASE_URL}, {@code AI_API_KEY} and {@code AI_MODEL} choose a real provider; without
     * them a built-in stub answers.
     * @param port 0 for a free one
     * @param slowTools by tool name, how many milliseconds longer it takes
     */
    public static SceneApp start(OpenTelemetry openTelemetry, int port, Map<String, Integer> slowTools)
            throws IOException, SQLException {
        String baseUrl = System.getenv("AI_BASE_URL");
        String model = System.getenv().getOrDefault("AI_MODEL", "stub-scene-1");
        ChatStub stub = baseUrl == null ? ChatStub.start() : null;
        ChatClient ai = new ChatClient(
                openTelemetry,
                stub == null ? String.valueOf(baseUrl) : stub.baseUrl(),
                System.getenv("AI_API_KEY"),
                model);
        SceneStore store = SceneStore.open(openTelemetry);
        ScenePipeline pipeline = new ScenePipeline(ai, store, slowTools);
        pipeline.takeSlug(TAKEN_PROJECT);
        JobQueue queue = new JobQueue(pipeline, store, 8);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        ExecutorService threads = Executors.newFixedThreadPool(16, work -> {
            Thread thread = new Thread(work, "scene-http");
            thread.setDaemon(true);
            return thread;
        });
        SceneApp app = new SceneApp(server, threads, stub, store, queue);
        HttpSpans spans = new HttpSpans(openTelemetry);
        server.setExecutor(threads);
        server.createContext("/api/generate", spans.around("POST", "/api/generate", app::generate));
        server.createContext("/api/jobs/", spans.around("GET", "/api/jobs/{id}", app::job));
        server.createContext("/api/scenes/", spans.around("GET", "/api/scenes/{id}", app::scene));
        server.createContext("/healthz", exchange -> Responses.json(exchange, 200, "status", "ok"));
        server.createContext("/", SceneApp::page);
        server.start();
        return app;
    }

    /** Where it listens, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        queue.close();
        store.close();
        if (stub != null) {
            stub.close();
        }
    }

    private void generate(HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            Responses.json(exchange, 405, "error", "POST only");
            return;
        }
        SceneRequest request = parse(exchange);
        String jobId = UUID.randomUUID().toString();
        try {
            store.insertJob(jobId, Span.current().getSpanContext().getTraceId());
            var done = queue.publish(jobId, request);
            if (!"wait=1".equals(exchange.getRequestURI().getQuery())) {
                Responses.json(exchange, 202, "jobId", jobId);
                return;
            }
            done.join();
            SceneStore.JobRow row = store.findJob(jobId);
            boolean failed = row == null || row.sceneId() == null;
            Responses.json(
                    exchange,
                    failed ? 500 : 200,
                    "jobId",
                    jobId,
                    "sceneId",
                    row == null ? null : row.sceneId(),
                    "error",
                    row == null ? "lost" : row.error());
        } catch (SQLException broken) {
            throw new IOException("The database refused a job", broken);
        }
    }

    private static SceneRequest parse(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("body: at most " + MAX_BODY + " bytes");
        }
        JsonNode json;
        try {
            json = JSON.readTree(body);
        } catch (JsonProcessingException malformed) {
            throw new IllegalArgumentException("body: not JSON", malformed);
        }
        List<String> images = new ArrayList<>();
        json.path("images").forEach(image -> images.add(image.asText()));
        Fault fault = Fault.of(json.path("fault").asText(null));
        String project = json.path("projectId").asText("");
        return new SceneRequest(
                fault == Fault.DB_CONSTRAINT ? TAKEN_PROJECT : project,
                json.path("message").asText(""),
                images,
                fault);
    }

    private void job(HttpExchange exchange) throws IOException {
        try {
            SceneStore.JobRow row = store.findJob(lastSegment(exchange));
            if (row == null) {
                Responses.json(exchange, 404, "error", "no such job");
                return;
            }
            Responses.json(
                    exchange,
                    200,
                    "id",
                    row.id(),
                    "status",
                    row.status(),
                    "traceId",
                    row.traceId(),
                    "sceneId",
                    row.sceneId(),
                    "error",
                    row.error());
        } catch (SQLException broken) {
            throw new IOException("The database refused a question", broken);
        }
    }

    private void scene(HttpExchange exchange) throws IOException {
        try {
            String svg = store.findSvg(lastSegment(exchange));
            if (svg == null) {
                Responses.json(exchange, 404, "error", "no such scene");
                return;
            }
            Responses.send(exchange, 200, "image/svg+xml", svg.getBytes(StandardCharsets.UTF_8));
        } catch (SQLException broken) {
            throw new IOException("The database refused a question", broken);
        }
    }

    private static String lastSegment(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void page(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String file = path.equals("/") ? "index.html" : path.equals("/page.js") ? "page.js" : null;
        try (exchange) {
            if (file == null) {
                Responses.json(exchange, 404, "error", "no such page");
                return;
            }
            Responses.send(
                    exchange,
                    200,
                    file.endsWith(".js") ? "text/javascript" : "text/html; charset=utf-8",
                    resource(file));
        }
    }

    private static byte[] resource(String file) {
        try (InputStream stream = SceneApp.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException(file + " is missing in the jar");
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
