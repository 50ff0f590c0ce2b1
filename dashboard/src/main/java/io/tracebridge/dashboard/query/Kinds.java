/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.SpanFacts;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The eight kinds of span that pages tell apart, from what a span is and how it was called. */
final class Kinds {
    /** Operations of {@code gen_ai} that are one request to a model; the others only hold such requests. */
    private static final Set<String> MODEL_CALLS =
            Set.of("chat", "text_completion", "completion", "generate_content", "embeddings", "responses");

    private Kinds() {}

    static String of(SpanFacts span, @Nullable AiAttributes ai) {
        return of(span.category(), span.kind(), span.name(), ai);
    }

    /**
     * The kind.
     * @param category as the store has it
     * @param spanKind {@code server}, {@code client} …
     * @param ai what it says about a model, or null
     */
    static String of(String category, String spanKind, String name, @Nullable AiAttributes ai) {
        String aiOperation = ai == null ? null : ai.operation();
        if ("execute_tool".equals(aiOperation) || name.startsWith("tool.") || name.startsWith("execute_tool ")) {
            return "tool";
        }
        return switch (category) {
            case "db", "cache", "queue" -> category;
            case "http", "rpc" -> spanKind.equals("client") ? "client" : "http";
            case "ai" -> ai != null && isModelCall(ai) ? "ai" : "internal";
            default ->
                switch (spanKind) {
                    case "server" -> "http";
                    case "client" -> "client";
                    case "producer", "consumer" -> "queue";
                    default -> "internal";
                };
        };
    }

    /** Whether it is one request to a model: by its operation, or, where that is not named, because it names a model. */
    private static boolean isModelCall(AiAttributes ai) {
        return ai.operation() == null ? ai.requestModel() != null : MODEL_CALLS.contains(ai.operation());
    }
}
