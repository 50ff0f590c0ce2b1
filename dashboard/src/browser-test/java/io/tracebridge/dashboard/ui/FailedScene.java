/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import static io.tracebridge.dashboard.ui.Scenes.HOSTILE;
import static io.tracebridge.dashboard.ui.Sender.attributes;
import static io.tracebridge.dashboard.ui.Sender.json;
import static io.tracebridge.dashboard.ui.Sender.object;
import static java.util.Comparator.comparingLong;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request that failed after six seconds: four services, twelve queries in a row, three attempts at a model, a span that came
 * late, one whose parent never came, one whose clock is wrong, and markup wherever an application could have put it.
 */
final class FailedScene {
    static final String TRACE = "5b8efff798038103d269b633813fc60c";
    static final String EVENT = "9ec79c33ec9942ab8353589fcb2e04dc";
    private static final long DURATION_MICROS = 6_209_769;
    private static final String OVERLOADED = "529 overloaded_error: the model is temporarily overloaded";
    private static final String FAILED = "Layout failed after 3 attempts for project prj_7f3a91";

    /** Number, parent's number, start and duration in µs, service, OTLP kind, failed or not, name. The parent 99 never comes. */
    private static final String SPANS = """
             1  0       0 6209769 scene-api    2 error POST /api/scenes/generate
             2 99    2000     800 scene-api    3 ok    cache.get fonts
             3  1   45000 6130769 scene-api    1 error generation.generateScene
             4  3   52000   63000 scene-api    1 ok    project.load
             5  4   56000   22000 scene-api    3 ok    SELECT project
             6  4   82000    1400 scene-api    3 ok    cache.get fonts
             7  3  117000 1825339 scene-api    1 ok    brain.makeDecision
             8  7  137000 1785339 scene-worker 3 ok    ai.generateStructured
             9  8  147000 1765339 scene-worker 3 ok    POST api.model.local
            10  3 1944339 4225430 scene-worker 1 error tool.layout
            11 10 1944339   48000 scene-worker 1 ok    layout.measureText
            12 10 1954339   33000 scene-worker 3 ok    GET api.fonts.local
            13 10 1994339  412430 scene-worker 1 ok    assets.resolve
            14 13 1994339   29207 postgres     3 ok    SELECT asset
            15 13 2024546   28609 postgres     3 ok    SELECT asset
            16 13 2054155   34269 postgres     3 ok    SELECT asset
            17 13 2089424   34900 postgres     3 ok    SELECT asset
            18 13 2125324   27398 postgres     3 ok    SELECT asset
            19 13 2153722   39751 postgres     3 ok    SELECT asset
            20 13 2194473   38896 postgres     3 ok    SELECT asset
            21 13 2234369   29978 postgres     3 ok    SELECT asset
            22 13 2265347   38235 postgres     3 ok    SELECT asset
            23 13 2304582   28678 postgres     3 ok    SELECT asset
            24 13 2334260   37116 postgres     3 ok    SELECT asset
            25 13 2372376   33393 postgres     3 ok    SELECT asset
            26 10 2406769  912000 scene-worker 3 error ai.generateStructured
            27 10 3319769  250000 scene-worker 1 ok    retry.backoff
            28 10 3571769 1004000 scene-worker 3 error ai.generateStructured
            29 10 4576769  500000 scene-worker 1 ok    retry.backoff
            30 10 5078769 1012000 scene-worker 3 error ai.generateStructured
            31 10 1900000   76000 scene-worker 1 ok    evil %s
            32  1 6177769   12000 scene-api    4 ok    queue.publish scene-ready
            """.formatted(HOSTILE);

    private final long startMillis;

    FailedScene(long endMillis) {
        startMillis = endMillis - DURATION_MICROS / 1000;
    }

    static String id(int number) {
        return "61085d28000000%02x".formatted(number);
    }

    void sendTo(Sender sender) {
        Map<String, List<Object>> spans = new LinkedHashMap<>();
        Map<String, List<Object>> logs = new LinkedHashMap<>();
        // as SDKs do: a span is sent when it has ended, so children come before their parents
        SPANS.lines().map(line -> line.strip().split(" +", 8)).sorted(comparingLong(FailedScene::end)).forEach(span -> {
            spans.computeIfAbsent(span[4], service -> new ArrayList<>()).add(span(span));
            if (Integer.parseInt(span[0]) % 4 == 1) {
                logs.computeIfAbsent(span[4], service -> new ArrayList<>()).add(log(span));
            }
        });
        sender.event(EVENT, error(EVENT, TRACE, id(30), startMillis + 6_090, 0));
        spans.forEach(sender::spans);
        logs.forEach(sender::logs);
    }

    private static long end(String[] row) {
        return Long.parseLong(row[2]) + Long.parseLong(row[3]);
    }

    private Map<String, Object> span(String[] row) {
        int number = Integer.parseInt(row[0]);
        boolean fails = row[6].equals("error");
        Map<String, Object> span = object(
                "traceId", TRACE,
                "spanId", id(number),
                // kept for certain because of its error: it stands for itself alone
                "traceState", "ot=th:0",
                "flags", 1,
                "parentSpanId", row[1].equals("0") ? "" : id(Integer.parseInt(row[1])),
                "name", row[7],
                "kind", Integer.parseInt(row[5]),
                "startTimeUnixNano", nanos(Long.parseLong(row[2])),
                "endTimeUnixNano", nanos(end(row)),
                "attributes", attributesOf(number, row[7]),
                "status", object("code", fails ? 2 : 1, "message", fails ? OVERLOADED : ""));
        // the tool lets the last attempt's exception through, so its span tells it a second time
        if (fails && (row[7].startsWith("ai.") || number == 10)) {
            span.put("events", List.of(exception(end(row) - 1_500)));
        }
        return span;
    }

    private Map<String, Object> exception(long atMicros) {
        return object(
                "timeUnixNano", nanos(atMicros),
                "name", "exception",
                "attributes", attributes(
                        "exception.type", "com.acme.ai.AiOverloadedException",
                        "exception.message", OVERLOADED,
                        "exception.stacktrace",
                        "com.acme.ai.AiOverloadedException: " + OVERLOADED
                                + "\n\tat com.acme.ai.AiClient.generateStructured(AiClient.java:148)"
                                + "\n\tat com.acme.tools.LayoutTool.run(LayoutTool.java:84)"));
    }

    private static List<Map<String, ?>> attributesOf(int number, String name) {
        if (name.startsWith("SELECT")) {
            return attributes(
                    "db.system.name", "postgresql",
                    "db.query.text", name + " WHERE id = ?",
                    "thread.name", HOSTILE);
        }
        if (name.startsWith("ai.")) {
            return modelCall("claude-sonnet-4", number == 8 ? HOSTILE : "Once more");
        }
        return switch (number) {
            case 1 -> attributes(
                    "http.request.method", "POST",
                    "http.route", "/api/scenes/generate",
                    "tracebridge.kept_because", "error");
            case 2, 6 -> attributes("db.system.name", "redis", "cache.hit", true);
            case 9 -> attributes("http.request.method", "POST", "server.address", "api.model.local");
            case 10 -> attributes("tool.name", "layout", "tool.confidence", 0.91, HOSTILE, HOSTILE);
            case 12 -> attributes("http.request.method", "GET", "tracebridge.late", true);
            case 32 -> attributes("messaging.system", "kafka", "messaging.operation.type", "publish");
            default -> attributes("project.id", "prj_7f3a91");
        };
    }

    /** A call to a model with 1,834 tokens in and 612 out; with its messages if there is a prompt. */
    static List<Map<String, ?>> modelCall(String model, String prompt) {
        List<Map<String, ?>> list = new ArrayList<>(attributes(
                "gen_ai.operation.name", "chat",
                "gen_ai.provider.name", model.startsWith("gpt") ? "openai" : "anthropic",
                "gen_ai.request.model", model,
                "gen_ai.response.model", model,
                "gen_ai.request.temperature", 0.7,
                "gen_ai.usage.input_tokens", 1_834,
                "gen_ai.usage.output_tokens", 612));
        if (!prompt.isEmpty()) {
            list.addAll(attributes(
                    "gen_ai.input.messages", messages("user", object("type", "text", "content", prompt)),
                    "gen_ai.output.messages", messages(
                            "assistant",
                            object("type", "text", "content", "{\"elements\":[{\"type\":\"circle\"}]}"),
                            object("type", "tool_call", "name", "layout", "arguments", "{\"width\":1920}"))));
        }
        return list;
    }

    private static String messages(String role, Object... parts) {
        return json(List.of(object("role", role, "parts", List.of(parts))));
    }

    private Map<String, Object> log(String[] row) {
        int number = Integer.parseInt(row[0]);
        String nanos = nanos(Long.parseLong(row[2]) + 1_200);
        return object(
                "timeUnixNano", nanos,
                "severityNumber", number == 29 ? 13 : 9,
                "severityText", number == 29 ? "WARN" : "INFO",
                "body", Map.of("stringValue", switch (number) {
                    case 1 -> HOSTILE;
                    case 29 -> "529 overloaded_error, next try in 500 ms";
                    default -> row[7] + " begun";
                }),
                "traceId", TRACE,
                "spanId", id(number),
                "attributes", attributes("thread.name", HOSTILE, "logger.name", "com.acme.scene.Steps"));
    }

    private String nanos(long micros) {
        return String.valueOf((startMillis * 1_000 + micros) * 1_000);
    }

    /** The error of a scene in Sentry's form: three exceptions, breadcrumbs, the pipeline's data. */
    static Map<String, Object> error(String id, String trace, String span, long atMillis, int variant) {
        return object(
                "event_id", id,
                "timestamp", atMillis / 1_000.0,
                "platform", "java",
                "level", "error",
                "logger", "com.acme.scene",
                "server_name", "box",
                "release", "1.4.2",
                "environment", "development",
                "transaction", "POST /api/scenes/generate",
                "exception", object("values", List.of(
                        thrown("com.acme.ai", "AiOverloadedException", OVERLOADED, "AiClient", "generateStructured", 148),
                        thrown("com.acme.tools", "ToolException", HOSTILE, "LayoutTool", "run", 84),
                        thrown("com.acme.scene", "SceneGenerationException", FAILED, "SceneService", "generateScene", 112))),
                "breadcrumbs", List.of(
                        object("timestamp", (atMillis - 4_000) / 1_000.0, "category", "step", "message", "project.load 63 ms"),
                        object("timestamp", (atMillis - 900) / 1_000.0, "category", "step", "message", HOSTILE)),
                "tags", object("step", "tool.layout", "ai_model", "claude-sonnet-4", "project", "prj_" + variant),
                "extra", object(HOSTILE, HOSTILE),
                "contexts", object(
                        "trace", object("trace_id", trace, "span_id", span, "op", "gen_ai.chat"),
                        "pipeline", object(
                                "name", "scene-generation",
                                "project.id", "prj_7f3a91",
                                "step", "tool.layout",
                                "path", List.of(
                                        object("step", "project.load", "ms", 63, "outcome", "ok"),
                                        object("step", "brain.makeDecision", "ms", 1_820, "outcome", "ok"),
                                        object("step", "tool.layout", "ms", 4_150, "outcome", "error"))),
                        "otel", object("attributes", object("service.name", "scene-worker"))));
    }

    private static Map<String, Object> thrown(
            String module, String type, String message, String owner, String method, int line) {
        return object(
                "type", type,
                "module", module,
                "value", message,
                "stacktrace", object("frames", List.of(
                        frame("io.netty.channel.AbstractChannel", "channelRead", 301, false),
                        frame("com.linecorp.armeria.server.HttpServerHandler", "handle", 100, false),
                        frame(module + "." + owner, method, line, true))));
    }

    private static Map<String, Object> frame(String module, String function, int line, boolean own) {
        return object(
                "module", module,
                "function", function,
                "filename", module.substring(module.lastIndexOf('.') + 1) + ".java",
                "lineno", line,
                "in_app", own);
    }
}
