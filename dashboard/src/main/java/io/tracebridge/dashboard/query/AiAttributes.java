/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import org.jspecify.annotations.Nullable;

/** What a span says about its call to a model, whichever of the vocabularies it speaks. */
record AiAttributes(
        @Nullable String operation,
        @Nullable String provider,
        @Nullable String requestModel,
        @Nullable String responseModel,
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long cacheRead,
        @Nullable Long cacheWrite,
        @Nullable Long reasoning,
        @Nullable Double firstTokenMillis,
        @Nullable String conversation) {

    static AiAttributes of(Attributes attributes) {
        Double seconds = attributes.number(
                "gen_ai.response.time_to_first_chunk",
                "gen_ai.response.time_to_first_token",
                "gen_ai.server.time_to_first_token");
        return new AiAttributes(
                attributes.text("gen_ai.operation.name"),
                attributes.text("gen_ai.provider.name", "gen_ai.system", "llm.provider", "llm.system"),
                attributes.text("gen_ai.request.model", "ai.model", "llm.model_name", "ai.model_id"),
                attributes.text("gen_ai.response.model"),
                attributes.count(
                        "gen_ai.usage.input_tokens",
                        "gen_ai.usage.prompt_tokens",
                        "ai.tokens.prompt",
                        "ai.prompt_tokens.used",
                        "llm.token_count.prompt"),
                attributes.count(
                        "gen_ai.usage.output_tokens",
                        "gen_ai.usage.completion_tokens",
                        "ai.tokens.completion",
                        "ai.completion_tokens.used",
                        "llm.token_count.completion"),
                attributes.count("gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.input_tokens.cached"),
                attributes.count(
                        "gen_ai.usage.cache_write.input_tokens",
                        "gen_ai.usage.cache_creation.input_tokens",
                        "gen_ai.usage.input_tokens.cache_write"),
                attributes.count("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.output_tokens.reasoning"),
                seconds == null ? null : (Double) (seconds * 1_000),
                attributes.text("gen_ai.conversation.id"));
    }
}
