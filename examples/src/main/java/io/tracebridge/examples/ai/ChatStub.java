/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.ai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Answers {@code POST /v1/chat/completions} like an OpenAI-compatible API, on this machine, the same for the same
 * prompt. The header {@value #FAULT_HEADER} asks for a failure: {@code notjson} gives prose where JSON was asked for.
 */
public final class ChatStub implements AutoCloseable {
    static final String FAULT_HEADER = "X-Stub-Fault";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_REQUEST = 1 << 20;

    private final HttpServer server;
    private final ExecutorService threads;

    private ChatStub(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    /** Listens on a free port of 127.0.0.1. */
    public static ChatStub start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newFixedThreadPool(4, ChatStub::daemon);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", ChatStub::complete);
        server.start();
        return new ChatStub(server, threads);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "chat-stub");
        thread.setDaemon(true);
        return thread;
    }

    /** For {@code AI_BASE_URL}. */
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void complete(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody().readNBytes(MAX_REQUEST));
            String prompt = request.at("/messages/0/content").asText("");
            boolean prose = "notjson".equals(exchange.getRequestHeaders().getFirst(FAULT_HEADER));
            String content = prose
                    ? "Sure! Here is a lovely scene for you."
                    : scene(prompt).toString();
            byte[] body = JSON.writeValueAsBytes(answer(request.path("model").asText("stub"), prompt, content));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        } catch (UncheckedIOException cut) {
            throw cut.getCause();
        }
    }

    private static ObjectNode answer(String model, String prompt, String content) {
        ObjectNode answer = JSON.createObjectNode();
        answer.put("id", "chatcmpl-" + HexFormat.of().formatHex(digest(prompt), 0, 8));
        answer.put("object", "chat.completion");
        answer.put("model", model + "-2026-05");
        ObjectNode choice = answer.putArray("choices").addObject();
        choice.put("index", 0).put("finish_reason", "stop");
        choice.putObject("message").put("role", "assistant").put("content", content);
        int asked = prompt.length() / 4 + 1;
        int answered = content.length() / 4 + 1;
        ObjectNode usage = answer.putObject("usage");
        usage.put("prompt_tokens", asked).put("completion_tokens", answered).put("total_tokens", asked + answered);
        usage.putObject("prompt_tokens_details").put("cached_tokens", asked / 3);
        return answer;
    }

    /** A title from the prompt and three layers whose timing comes from the prompt's hash. */
    private static ObjectNode scene(String prompt) {
        byte[] hash = digest(prompt);
        ObjectNode scene = JSON.createObjectNode();
        scene.put("title", prompt.length() <= 40 ? prompt : prompt.substring(0, 40));
        scene.put("seconds", 3 + Math.floorMod(hash[0], 8));
        ArrayNode layers = scene.putArray("layers");
        for (int i = 0; i < 3; i++) {
            layers.addObject()
                    .put("box", i)
                    .put("effect", new String[] {"fade", "slide", "grow"}[Math.floorMod(hash[i + 1], 3)])
                    .put("delay", i * 0.4);
        }
        return scene;
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("Every Java platform has SHA-256", missing);
        }
    }
}
