/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Failure;
import io.tracebridge.context.Note;
import io.tracebridge.context.Origin;
import io.tracebridge.context.StepTime;
import io.tracebridge.scrub.Scrubber;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the scrubbed and bounded parts of an event out of where it happened. Stateless. */
final class EventData {
    static final int MAX_TAG = 200;
    static final int MAX_TAGS = 50;
    static final int MAX_CONTEXT = 8_192;
    static final int MAX_BREADCRUMBS = 100;
    static final int MAX_MESSAGE = 8_192;
    private static final String DEFAULT_GROUPING = "{{ default }}";

    private final Scrubber scrubber;
    private final Origin origin;

    EventData(Scrubber scrubber, Origin origin) {
        this.scrubber = scrubber;
        this.origin = origin;
    }

    /** The tags of the pipeline and of the place; a null value leaves a tag out. */
    Map<String, String> tags(@Nullable String errorType, @Nullable Boolean traceKept) {
        Map<String, String> tags = new LinkedHashMap<>();
        tag(tags, "trace_id", origin.traceId());
        tag(tags, "error_type", errorType);
        tag(tags, "pipeline", origin.pipeline());
        tag(tags, "step", origin.step());
        tag(tags, "tool", tool());
        tag(tags, "ai_model", first("ai.model", "gen_ai.request.model", "gen_ai.response.model"));
        tag(tags, "app.project_id", first("project.id", "app.project_id"));
        tag(tags, "trace_kept", traceKept);
        origin.tags().forEach((key, value) -> tag(tags, key, value));
        return tags;
    }

    /** Adds a tag, scrubbed and cut; the first one of a name stays. */
    void tag(Map<String, String> tags, String key, @Nullable Object value) {
        if (value == null || tags.size() >= MAX_TAGS || tags.containsKey(key)) {
            return;
        }
        Object scrubbed = scrubber.value(key, value);
        String text =
                scrubbed == null ? "" : scrubbed.toString().replace('\n', ' ').replace('\r', ' ');
        if (!text.isBlank()) {
            tags.put(key, Scrubber.cut(text, MAX_TAG));
        }
    }

    private @Nullable Object tool() {
        Object tool = first("tool.name", "gen_ai.tool.name");
        String step = origin.step();
        return tool == null && step != null && step.startsWith("tool.") ? step.substring("tool.".length()) : tool;
    }

    private @Nullable Object first(String... keys) {
        for (String key : keys) {
            Object value = origin.attributes().get(key);
            value = value == null ? origin.data().get(key) : value;
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** {@code pipeline} with its data and path; null outside of pipelines. */
    @Nullable
    Map<String, Object> pipeline() {
        if (origin.pipeline() == null) {
            return null;
        }
        BoundedContext context = new BoundedContext(scrubber, MAX_CONTEXT);
        context.put("name", origin.pipeline());
        context.put("step", origin.step());
        context.put("step_data", origin.stepAttributes().isEmpty() ? null : origin.stepAttributes());
        origin.data().forEach(context::put);
        context.put("path", path(context.room()));
        return context.build(origin.dropped());
    }

    /** The last steps that fit, oldest first. */
    private List<Map<String, Object>> path(int room) {
        List<Map<String, Object>> path = new ArrayList<>();
        int left = room;
        for (int i = origin.path().size() - 1; i >= 0; i--) {
            StepTime step = origin.path().get(i);
            left -= step.name().length() + 48;
            if (left < 0) {
                break;
            }
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("step", step.name());
            entry.put("ms", step.durationNanos() / 1_000_000);
            entry.put("outcome", step.outcome());
            path.add(0, entry);
        }
        return path;
    }

    /** {@code ai}: what the steps on the way said about an AI call; null when there was none. */
    @Nullable
    Map<String, Object> ai() {
        BoundedContext context = new BoundedContext(scrubber, MAX_CONTEXT);
        origin.attributes().forEach((key, value) -> {
            String name = aiName(key);
            if (name != null) {
                context.put(name, value);
            }
        });
        return context.isEmpty() ? null : context.build(0);
    }

    /** Sentry's server removes every key with "token" in it, numbers included: these have other names here. */
    private static @Nullable String aiName(String key) {
        return switch (key) {
            case "ai.tokens.prompt", "gen_ai.usage.input_tokens" -> "usage.input";
            case "ai.tokens.completion", "gen_ai.usage.output_tokens" -> "usage.output";
            case "ai.tokens.total" -> "usage.total";
            default ->
                key.startsWith("ai.")
                        ? key.substring("ai.".length())
                        : key.startsWith("gen_ai.") ? key.substring("gen_ai.".length()) : null;
        };
    }

    /** {@code error}: what the throwable says about itself. */
    Map<String, Object> error(Throwable throwable, String errorType) {
        Throwable failure = Failure.unwrap(throwable);
        BoundedContext context = new BoundedContext(scrubber, MAX_CONTEXT);
        context.put("type", typeName(failure));
        context.put("error_type", errorType);
        context.put("message", Failure.message(failure, scrubber, 1_024));
        context.put("sql_state", Failure.sqlState(failure));
        context.put("vendor_code", failure instanceof SQLException sql ? sql.getErrorCode() : null);
        List<Throwable> chain = Failure.chain(failure);
        if (chain.size() > 1) {
            Throwable root = chain.get(chain.size() - 1);
            context.put("root_cause_type", typeName(root));
            context.put("root_cause_message", Failure.message(root, scrubber, 1_024));
        }
        return context.build(0);
    }

    static String typeName(Throwable throwable) {
        return throwable instanceof RebuiltThrowable rebuilt ? rebuilt.originalType() : Failure.type(throwable);
    }

    /** A context of the caller's own. */
    Map<String, Object> context(Map<String, ?> values) {
        BoundedContext context = new BoundedContext(scrubber, MAX_CONTEXT);
        values.forEach(context::put);
        return context.build(0);
    }

    /** Default grouping, except where messages and stack traces say less than the step: AI calls and tools. */
    List<String> fingerprint(@Nullable Throwable throwable, @Nullable String errorType) {
        String step = origin.step();
        boolean database = throwable != null && Failure.unwrap(throwable) instanceof SQLException;
        return throwable == null || step == null || errorType == null || database || !isAiOrTool(step)
                ? List.of()
                : List.of(DEFAULT_GROUPING, step, errorType);
    }

    private boolean isAiOrTool(String step) {
        return step.startsWith("ai.")
                || step.startsWith("tool.")
                || origin.stepAttributes().keySet().stream()
                        .anyMatch(key -> key.startsWith("ai.") || key.startsWith("gen_ai.") || key.equals("tool.name"));
    }

    /** Starts and ends of steps, and notes, oldest first; the last {@value #MAX_BREADCRUMBS}. */
    List<ErrorBreadcrumb> breadcrumbs() {
        List<ErrorBreadcrumb> crumbs = new ArrayList<>();
        for (StepTime step : origin.path()) {
            addStep(crumbs, step);
        }
        for (Note note : origin.notes()) {
            crumbs.add(breadcrumb(scrubber, note));
        }
        crumbs.sort(Comparator.comparing(ErrorBreadcrumb::time)); // stable: a step's start stays before its end
        return crumbs.subList(Math.max(0, crumbs.size() - MAX_BREADCRUMBS), crumbs.size());
    }

    private void addStep(List<ErrorBreadcrumb> crumbs, StepTime step) {
        String name = scrubber.text(step.name(), MAX_TAG);
        boolean mark = step.outcome().equals("mark");
        crumbs.add(new ErrorBreadcrumb(
                step.started(), "pipeline.step", "info", mark ? name : name + " started", Map.of()));
        if (!mark && !step.outcome().equals("running")) {
            long millis = step.durationNanos() / 1_000_000;
            crumbs.add(new ErrorBreadcrumb(
                    step.started().plusNanos(step.durationNanos()),
                    "pipeline.step",
                    step.outcome().equals("failed") ? "error" : "info",
                    name + " " + step.outcome() + " after " + millis + " ms",
                    Map.of("ms", millis)));
        }
    }

    /** A note, scrubbed. */
    static ErrorBreadcrumb breadcrumb(Scrubber scrubber, Note note) {
        BoundedContext data = new BoundedContext(scrubber, 2_048);
        note.data().forEach(data::put);
        return new ErrorBreadcrumb(
                note.time(), note.category(), note.level(), scrubber.text(note.message(), 1_024), data.build(0));
    }
}
