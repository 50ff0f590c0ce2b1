/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.AiQuery;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredSpan;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call to a model with its texts.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class AiCallDetails {
    private final Store store;
    private final AiQuestions questions;

    AiCallDetails(Store store, AiQuestions questions) {
        this.store = store;
        this.questions = questions;
    }

    /**
     * A call with the texts that went in and came out, where the application sent them.
     * @param samePrompt calls of this trace with exactly this prompt and model, this one included; 0 when the prompt was not sent
     */
    public record CallDetail(
            AiQuestions.Call call, @Nullable Messages messages, long samePrompt) {}

    /** Texts, as parsed JSON where they are JSON. */
    public record Messages(
            @Nullable JsonNode input,
            @Nullable JsonNode output,
            @Nullable JsonNode system,
            Map<String, String> raw) {}

    /**
     * The call of a span, or null.
     * @param traceId null looks through the newest calls
     */
    public @Nullable CallDetail call(String spanId, @Nullable String traceId) {
        List<AiCall> candidates = traceId == null
                ? store.ai().calls(new AiQuery(Selection.ALL, null, null, null, null, AiQuery.Order.START), 20_000, 0)
                : store.ai().callsOfTraces(List.of(traceId));
        for (AiCall call : candidates) {
            if (call.spanId().equals(spanId)) {
                return detail(call);
            }
        }
        return null;
    }

    private CallDetail detail(AiCall call) {
        SpanRecord span = store.traces().spans(call.traceId(), call.spanId()).stream()
                .map(StoredSpan::span)
                .findFirst()
                .orElse(null);
        Attributes attributes = Attributes.of(span == null ? null : span.attributes());
        Map<String, String> raw = new LinkedHashMap<>();
        for (String key : AiQuestions.CONTENT) {
            String text = attributes.text(key);
            if (text != null) {
                raw.put(key, text);
            }
        }
        Messages messages = raw.isEmpty()
                ? null
                : new Messages(
                        list(attributes.text("gen_ai.input.messages", "gen_ai.request.messages", "ai.input_messages")),
                        list(attributes.text("gen_ai.output.messages", "gen_ai.response.text", "ai.responses")),
                        list(attributes.text("gen_ai.system_instructions")),
                        raw);
        return new CallDetail(questions.call(call, attributes, span), messages, samePrompt(attributes, call.traceId()));
    }

    private long samePrompt(Attributes attributes, String traceId) {
        String prompt = prompt(attributes);
        return prompt == null
                ? 0
                : store.analysis().spans(List.of(traceId), Long.MIN_VALUE).stream()
                        .filter(span -> span.aiAttributes() != null)
                        .filter(span -> prompt.equals(prompt(Attributes.of(span.aiAttributes()))))
                        .count();
    }

    /** What was asked of which model; null when the texts were not sent. */
    private static @Nullable String prompt(Attributes attributes) {
        String input = attributes.text(
                "gen_ai.input.messages", "gen_ai.request.messages", "gen_ai.prompt", "ai.input_messages");
        return input == null
                ? null
                : AiAttributes.of(attributes).requestModel() + "\n" + attributes.text("gen_ai.system_instructions")
                        + "\n" + input;
    }

    private static @Nullable JsonNode list(@Nullable String text) {
        if (text == null) {
            return null;
        }
        JsonNode parsed = Attributes.tree(text);
        return parsed.isArray() ? parsed : Attributes.object().arrayNode().add(text);
    }
}
