/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an event in the shape Sentry sends: exceptions thrown first, frames newest call first. Missing parts are empty.
 * @since 0.1
 */
public final class EventJson {
    private static final int MAX_FRAMES = 500;

    private EventJson() {}

    /** One exception of the chain. */
    public record Thrown(
            String type,
            String fullType,
            String message,
            String relation,
            boolean rootCause,
            @Nullable String spanId,
            @Nullable String spanName,
            List<Frame> frames) {}

    /** One call. */
    public record Frame(
            String function,
            @Nullable String module,
            @Nullable String file,
            @Nullable Integer line,
            boolean inApp,
            @Nullable Source context) {}

    /** Lines of source around a call. */
    public record Source(int firstLine, List<String> lines) {}

    /** One breadcrumb; time in milliseconds, or null. */
    public record Crumb(
            @Nullable Double at,
            @Nullable String level,
            @Nullable String category,
            @Nullable String type,
            @Nullable String message,
            Map<String, String> data) {}

    /** One step of a pipeline. */
    public record Step(
            String name, @Nullable String status, @Nullable Double durationMs) {}

    static List<Thrown> exceptions(JsonNode event) {
        JsonNode values = values(event.path("exception"));
        List<Thrown> chain = new ArrayList<>();
        // sent innermost cause first
        for (int i = values.size() - 1; i >= 0; i--) {
            JsonNode value = values.get(i);
            String module = value.path("module").asText("");
            String type = value.path("type").asText("");
            boolean suppressed =
                    value.path("mechanism").path("source").asText("").contains("suppressed");
            chain.add(new Thrown(
                    type,
                    module.isEmpty() || type.startsWith(module) ? type : module + "." + type,
                    value.path("value").asText(""),
                    chain.isEmpty() ? "thrown" : suppressed ? "suppressed" : "caused by",
                    i == 0 && values.size() > 1,
                    null,
                    null,
                    frames(value.path("stacktrace").path("frames"))));
        }
        return chain;
    }

    private static List<Frame> frames(JsonNode sent) {
        List<Frame> frames = new ArrayList<>();
        for (int i = sent.size() - 1; i >= 0 && frames.size() < MAX_FRAMES; i--) {
            JsonNode frame = sent.get(i);
            frames.add(new Frame(
                    frame.path("function").asText(""),
                    text(frame, "module"),
                    frame.hasNonNull("filename") ? text(frame, "filename") : text(frame, "abs_path"),
                    frame.path("lineno").isNumber()
                            ? (Integer) frame.path("lineno").asInt()
                            : null,
                    frame.path("in_app").asBoolean(false),
                    source(frame)));
        }
        return frames;
    }

    private static @Nullable Source source(JsonNode frame) {
        if (!frame.hasNonNull("context_line")) {
            return null;
        }
        List<String> lines = new ArrayList<>();
        frame.path("pre_context").forEach(line -> lines.add(line.asText("")));
        int first = frame.path("lineno").asInt(1) - lines.size();
        lines.add(frame.path("context_line").asText(""));
        frame.path("post_context").forEach(line -> lines.add(line.asText("")));
        return new Source(first, lines);
    }

    /** The newest own frame of the innermost cause, else its newest frame. */
    static JsonNode culpritFrame(JsonNode event) {
        JsonNode values = values(event.path("exception"));
        JsonNode frames = values.path(0).path("stacktrace").path("frames");
        for (int i = frames.size() - 1; i >= 0; i--) {
            if (frames.get(i).path("in_app").asBoolean(false)) {
                return frames.get(i);
            }
        }
        return frames.isEmpty() ? MissingNode.getInstance() : frames.get(frames.size() - 1);
    }

    static List<Crumb> breadcrumbs(JsonNode event) {
        List<Crumb> crumbs = new ArrayList<>();
        for (JsonNode crumb : values(event.path("breadcrumbs"))) {
            crumbs.add(new Crumb(
                    Times.millis(crumb.path("timestamp")),
                    text(crumb, "level"),
                    text(crumb, "category"),
                    text(crumb, "type"),
                    text(crumb, "message"),
                    TraceDetails.texts(crumb.path("data"))));
        }
        return crumbs;
    }

    /** Steps of the pipeline context: objects, or texts such as {@code tool.layout}. */
    static List<Step> steps(JsonNode event) {
        JsonNode pipeline = event.path("contexts").path("pipeline");
        JsonNode sent = pipeline.path("steps").isArray() ? pipeline.path("steps") : pipeline.path("path");
        List<Step> steps = new ArrayList<>();
        for (JsonNode step : sent) {
            if (step.isObject()) {
                steps.add(new Step(
                        step.path("name").asText(step.path("step").asText("")),
                        text(step, step.has("status") ? "status" : "outcome"),
                        firstNumber(step, "duration_ms", "durationMs", "ms")));
            } else {
                steps.add(new Step(step.asText(""), null, null));
            }
        }
        return steps;
    }

    private static @Nullable Double firstNumber(JsonNode object, String... names) {
        for (String name : names) {
            if (object.path(name).isNumber()) {
                return object.path(name).asDouble();
            }
        }
        return null;
    }

    /** A list, whether it is sent as such or inside {@code values}. */
    private static JsonNode values(JsonNode node) {
        return node.isArray() ? node : node.path("values");
    }

    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.isValueNode() ? value.asText() : value.toString();
    }
}
