/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static io.tracebridge.dashboard.ui.Sender.attributes;
import static io.tracebridge.dashboard.ui.Sender.object;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Ten minutes of a scene generator as its SDKs send them: requests that differ in duration, one in four failing, with logs,
 * metrics and errors over both protocols. One request, {@link #TRACE}, is told in full ({@link FailedScene}).
 */
final class Scenes {
    static final String TRACE = FailedScene.TRACE;
    static final String EVENT = FailedScene.EVENT;
    static final String HOSTILE = "<img src=x onerror=window.hacked=1>";

    /** How many requests there are besides the one that is told in full, and how many of all failed. */
    static final int ORDINARY = 39;

    static final int FAILED = 11;

    private final Sender sender;
    private final Random random = new Random(17);
    private final long end = System.currentTimeMillis() - 20_000;
    private String issue = "";
    private String finding = "";
    private String operation = "";

    private Scenes(Sender sender) {
        this.sender = sender;
    }

    /** Sends everything and returns when the server has analysed it. */
    static Scenes sentTo(String origin) {
        Scenes scenes = new Scenes(new Sender(origin));
        scenes.send();
        scenes.waitUntilAnalysed();
        return scenes;
    }

    /**
     * A path with its {@code {event}}, {@code {trace}} and so on replaced by what this server made of them; {@code {half}} are the
     * last five of the ten minutes, whenever it is looked at.
     */
    String path(String pattern) {
        return pattern.replace("{half}", "from=" + (end - 300_000) + "&to=" + end)
                .replace("{event}", "/issues/" + issue + "/events/" + EVENT)
                .replace("{finding}", "/issues/" + finding)
                .replace("{trace}", TRACE)
                .replace("{operation}", operation)
                .replace("{call}", "/ai/calls/" + FailedScene.id(8) + "?trace=" + TRACE);
    }

    Sender sender() {
        return sender;
    }

    private void send() {
        FailedScene told = new FailedScene(end);
        told.sendTo(sender);
        for (int i = 0; i < ORDINARY; i++) {
            ordinary(i, end - 590_000 + i * 15_000L, i % 4 == 3 || i == 0);
        }
        sender.spans(HOSTILE, List.of(span(
                "%032x".formatted(0xbad), "%016x".formatted(0xbad), "", HOSTILE, 1, end, 3, "ok")));
        metrics();
        // refused, with a reason that health names
        sender.spans("scene-api", List.of(span("no id", "no id", "", HOSTILE, 1, end, 3, "ok")));
    }

    /** A request with the steps of every scene, between 60 ms and 4 s. */
    private void ordinary(int index, long at, boolean fails) {
        String trace = "%032x".formatted(0x5ce0000L + index);
        long took = Math.round(60 * Math.pow(66, random.nextDouble()));
        List<Map<String, Object>> spans = new ArrayList<>();
        String status = fails ? "error" : "ok";
        spans.add(span(trace, id(index, 1), "", "POST /api/scenes/generate", 2, at, took, status));
        spans.add(span(trace, id(index, 2), id(index, 1), "generation.generateScene", 1, at + 1, took - 2, status));
        Map<String, Object> call =
                span(trace, id(index, 3), id(index, 2), "ai.generateStructured", 3, at + 2, took * 2 / 3, status);
        call.put("attributes", FailedScene.modelCall(index % 3 == 0 ? "gpt-4o" : "claude-sonnet-4", ""));
        spans.add(call);
        Map<String, Object> save =
                span(trace, id(index, 4), id(index, 2), "INSERT scene", 3, at + 3 + took * 2 / 3, took / 6, "ok");
        save.put("attributes", attributes("db.system.name", "postgresql", "db.collection.name", "scene"));
        spans.add(save);
        if (fails) {
            String event = "%032x".formatted(0xe4e0000L + index);
            sender.event(event, FailedScene.error(event, trace, id(index, 3), at + took - 3, index % 6));
        }
        sender.spans("scene-api", spans);
    }

    private void metrics() {
        String from = (end - 600_000) + "000000";
        List<Map<String, ?>> durations = new ArrayList<>();
        List<Map<String, ?>> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String at = (end - 580_000 + i * 30_000L) + "000000";
            durations.add(object(
                    "startTimeUnixNano", from, "timeUnixNano", at, "count", "4", "sum", 4_000.0 + i * 100,
                    "explicitBounds", List.of(100, 500, 1_000, 2_000, 5_000),
                    "bucketCounts", List.of("0", "1", "1", "1", "1", "0"),
                    "attributes", attributes("ok", i % 4 != 3),
                    "exemplars", List.of(object(
                            "timeUnixNano", at, "asDouble", 900.0 + i, "traceId", TRACE, "spanId", FailedScene.id(2)))));
            tokens.add(object(
                    "startTimeUnixNano", from, "timeUnixNano", at, "asInt", String.valueOf(2_446 * (i + 1)),
                    "attributes", attributes("model", HOSTILE)));
        }
        sender.metrics("scene-api", List.of(
                object("name", "scene_generation_duration", "unit", "ms",
                        "histogram", object("aggregationTemporality", 1, "dataPoints", durations)),
                object("name", "ai_token_usage", "unit", "{token}",
                        "sum", object("aggregationTemporality", 2, "isMonotonic", true, "dataPoints", tokens))));
    }

    static Map<String, Object> span(
            String trace, String id, String parent, String name, int kind, long atMillis, long millis, String status) {
        return object(
                "traceId", trace, "spanId", id, "parentSpanId", parent, "name", name, "kind", kind,
                "startTimeUnixNano", atMillis + "000000", "endTimeUnixNano", (atMillis + millis) + "000000",
                "status", Map.of("code", status.equals("error") ? 2 : 1));
    }

    private static String id(int trace, int span) {
        return "%016x".formatted(0xace000L + trace * 16L + span);
    }

    private static String queries(JsonNode findings) {
        for (JsonNode one : findings) {
            if (one.path("type").asText().equals("N+1 query")) {
                return one.path("id").asText();
            }
        }
        return "";
    }

    private void waitUntilAnalysed() {
        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(200)).until(() -> {
            issue = sender.ask("issues?kind=error&q=SceneGenerationException").path("items").path(0).path("id").asText("");
            finding = queries(sender.ask("issues?kind=finding").path("items"));
            operation = sender.ask("operations?kind=ai").path("items").path(0).path("key").asText("");
            return !issue.isEmpty()
                    && !finding.isEmpty()
                    && sender.ask("traces?limit=100").path("items").size() == ORDINARY + 2
                    && sender.ask("bottlenecks").path("items").size() == 3;
        });
    }
}
