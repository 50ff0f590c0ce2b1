/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Grouping;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoreRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** One example of everything: a scene request that fails in a tool, twelve similar queries, three attempts at a model. Ended just now. */
final class Sample {
    static final String SERVICE = "tracebridge-sample";
    private static final String TYPE = "com.acme.ai.AiOverloadedException";
    private static final long DURATION_MILLIS = 2_400;

    private final long startNanos;
    private final String traceId = hex() + hex();
    private final String runId = "sample-" + hex().substring(0, 6);
    private final List<StoreRecord> rest = new ArrayList<>();
    private final EventRecord event;

    Sample(long nowNanos) {
        startNanos = nowNanos - DURATION_MILLIS * 1_000_000;
        String root = span("POST /api/scenes/generate", "server", "http", null, 0, DURATION_MILLIS, true, "{}");
        String scene = span(
                "generation.generateScene",
                "internal",
                "code",
                root,
                5,
                2_390,
                true,
                "{\"project.id\":\"prj_sample\"}");
        String brain = span("brain.makeDecision", "internal", "code", scene, 10, 610, false, "{\"prompt.length\":214}");
        span("chat gpt-4o-mini", "client", "ai", brain, 15, 600, false, model("gpt-4o-mini", 1834, 212, "stop"));
        String tool = span("tool.layout", "internal", "code", scene, 630, 2_380, true, "{\"tool.name\":\"layout\"}");
        String assets = span("assets.resolve", "internal", "code", tool, 640, 1_040, false, "{}");
        for (int i = 0; i < 12; i++) {
            span(
                    "SELECT asset",
                    "client",
                    "db",
                    assets,
                    645 + i * 32L,
                    675 + i * 32L,
                    false,
                    "{\"db.system.name\":\"h2\"}");
        }
        String failed = "";
        for (int attempt = 0; attempt < 3; attempt++) {
            long from = 1_050 + attempt * 440L;
            failed = span(
                    "ai.generateStructured",
                    "client",
                    "ai",
                    tool,
                    from,
                    from + 430,
                    true,
                    model("gpt-4o", 2210, 0, "error"));
            log(from + 430, "warn", 13, "attempt " + (attempt + 1) + " failed: 529 overloaded", failed);
        }
        log(2_385, "error", 17, "Layout failed after 3 attempts", tool);
        event = error(failed);
        metric("scene_generation_duration", "distribution", DURATION_MILLIS, "ms", "{}");
        metric("ai_token_usage", "counter", 4_256, "{token}", "{\"model\":\"gpt-4o\"}");
        metric("tool_executions", "counter", 1, null, "{\"success\":\"false\",\"tool\":\"layout\"}");
    }

    String traceId() {
        return traceId;
    }

    /** Offered apart, as every error is. */
    List<StoreRecord> event() {
        return List.of(event);
    }

    List<StoreRecord> rest() {
        return rest;
    }

    private static String hex() {
        // never all zeros, which is no id
        return String.format("%016x", ThreadLocalRandom.current().nextLong() | 1L);
    }

    private String span(
            String name,
            String kind,
            String category,
            @Nullable String parent,
            long from,
            long to,
            boolean failed,
            String attributes) {
        String id = hex();
        rest.add(SpanRecord.builder(traceId, id)
                .parentId(parent)
                .service(SERVICE)
                .environment("development")
                .release("1.0")
                .runId(runId)
                .name(name)
                .operation(name)
                .kind(kind)
                .category(category)
                .startNanos(startNanos + from * 1_000_000)
                .durationNanos((to - from) * 1_000_000)
                .status(failed ? SpanStatus.ERROR : SpanStatus.OK)
                .errorType(failed ? TYPE : null)
                .statusMessage(failed ? "529 overloaded" : null)
                .segmentRoot(parent == null)
                .sources(Source.OTLP)
                .weight(1.0)
                .keptBecause(parent == null ? "error" : null)
                .attributes(attributes)
                .build());
        return id;
    }

    private static String model(String name, int input, int output, String finish) {
        return "{\"gen_ai.operation.name\":\"chat\",\"gen_ai.provider.name\":\"openai\",\"gen_ai.request.model\":\""
                + name
                + "\",\"gen_ai.usage.input_tokens\":" + input + ",\"gen_ai.usage.output_tokens\":" + output
                + ",\"gen_ai.response.finish_reasons\":[\"" + finish + "\"]}";
    }

    private void log(long at, String level, int severity, String text, String span) {
        rest.add(LogRecord.builder(startNanos + at * 1_000_000)
                .service(SERVICE)
                .environment("development")
                .runId(runId)
                .level(level)
                .severity(severity)
                .body(text)
                .logger("com.acme.scene.LayoutTool")
                .thread("worker-1")
                .traceId(traceId)
                .spanId(span)
                .sources(Source.OTLP)
                .build());
    }

    private void metric(String name, String type, double value, @Nullable String unit, String attributes) {
        rest.add(MetricPoint.builder(name, type, startNanos + DURATION_MILLIS * 1_000_000)
                .service(SERVICE)
                .environment("development")
                .runId(runId)
                .unit(unit)
                .delta(true)
                .value(value)
                .count(1)
                .attributes(attributes)
                .sources(Source.SENTRY)
                .build());
    }

    private EventRecord error(String span) {
        String explanation =
                "{\"version\":\"sample\",\"by\":\"stack\",\"sentence\":\"Grouped by the exception type and one"
                        + " application frame.\",\"parts\":[{\"kind\":\"type\",\"value\":\"" + TYPE
                        + "\",\"counts\":true,\"why\":null},{\"kind\":\"frame\",\"value\":\"com.acme.ai.AiClient.generateStructured\","
                        + "\"counts\":true,\"why\":null}],\"fingerprint\":[\"{{ default }}\"],\"hash\":\"sample\"}";
        String payload = "{\"exception\":{\"values\":[{\"type\":\"AiOverloadedException\",\"module\":\"com.acme.ai\","
                + "\"value\":\"529 overloaded\",\"stacktrace\":{\"frames\":[{\"function\":\"run\",\"module\":"
                + "\"com.acme.scene.LayoutTool\",\"filename\":\"LayoutTool.java\",\"lineno\":84,\"in_app\":true},{\"function\":"
                + "\"generateStructured\",\"module\":\"com.acme.ai.AiClient\",\"filename\":\"AiClient.java\",\"lineno\":148,"
                + "\"in_app\":true}]}}]},\"contexts\":{\"pipeline\":{\"name\":\"scene-generation\",\"step\":\"tool.layout\","
                + "\"path\":[{\"step\":\"brain.makeDecision\",\"ms\":600,\"outcome\":\"ok\"},{\"step\":\"tool.layout\",\"ms\":"
                + "1750,\"outcome\":\"error\"}]}}}";
        return EventRecord.builder(hex() + hex(), new Grouping(1, List.of("tracebridge-sample"), explanation))
                .service(SERVICE)
                .environment("development")
                .release("1.0")
                .runId(runId)
                .type(TYPE)
                .message("529 overloaded")
                .culprit("AiClient.generateStructured")
                .level("error")
                .handled(false)
                .timeNanos(startNanos + 2_360L * 1_000_000)
                .traceId(traceId)
                .spanId(span)
                .transaction("POST /api/scenes/generate")
                .platform("java")
                .sources(Source.SENTRY)
                .tags("{\"pipeline\":\"scene-generation\",\"step\":\"tool.layout\"}")
                .payload(payload)
                .build();
    }
}
