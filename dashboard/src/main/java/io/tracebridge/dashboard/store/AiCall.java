/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * One call to a model, read from a span's attributes. Numbers are null when the span does not say.
 *
 * @param startMicros Unix time in microseconds
 * @param kind {@code gen_ai.operation.name}: {@code chat}, {@code embeddings} …
 * @param requestModel as asked, or null
 * @param responseModel as answered, or null
 * @param inputTokens all tokens of the prompt, cached ones included
 * @param outputTokens all tokens of the answer, reasoning included
 * @param weight how many calls it stands for; null when unknown
 * @since 0.1
 */
public record AiCall(
        String traceId,
        String spanId,
        OperationRef operation,
        long startMicros,
        long durationMicros,
        String kind,
        @Nullable String provider,
        @Nullable String requestModel,
        @Nullable String responseModel,
        @Nullable Long inputTokens,
        @Nullable Long outputTokens,
        @Nullable Long cacheReadTokens,
        @Nullable Long cacheWriteTokens,
        @Nullable Long reasoningTokens,
        @Nullable Double firstTokenMillis,
        boolean error,
        @Nullable Double weight,
        @Nullable String environment,
        String runId) {}
