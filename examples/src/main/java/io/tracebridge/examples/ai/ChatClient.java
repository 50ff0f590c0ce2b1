/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.ai;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.withSpan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.okhttp.v3_0.OkHttpTelemetry;
import io.tracebridge.context.Step;
import io.tracebridge.metrics.Metrics;
import java.io.IOException;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Asks an OpenAI-compatible API for JSON. Its HTTP spans come from OpenTelemetry's OkHttp instrumentation. */
public final class ChatClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final MediaType JSON_TYPE = MediaType.get("application/json");
    private static final double TEMPERATURE = 0.7;

    private final Call.Factory calls;
    private final String url;
    private final @Nullable String apiKey;
    private final String model;

    /** @param apiKey null for an API that wants none */
    public ChatClient(OpenTelemetry openTelemetry, String baseUrl, @Nullable String apiKey, String model) {
        calls = OkHttpTelemetry.builder(openTelemetry).build().createCallFactory(new OkHttpClient());
        url = baseUrl.replaceAll("/+$", "") + "/v1/chat/completions";
        this.apiKey = apiKey;
        this.model = model;
    }

    /**
     * Asks once and parses the answer.
     * @param fault what the stub shall do wrong; null for nothing
     * @throws InvalidStructuredOutputException when the answer is no JSON object
     * @throws IOException when the API could not be reached or refused
     */
    public JsonNode generateStructured(String prompt, @Nullable String fault) throws IOException {
        return withSpan(
                "ai.generateStructured",
                attrs("ai.model", model)
                        .and("ai.prompt.length", prompt.length())
                        .and("ai.temperature", TEMPERATURE)
                        .and("gen_ai.operation.name", "chat")
                        .and("gen_ai.provider.name", "openai")
                        .and("gen_ai.request.model", model),
                step -> {
                    long start = System.nanoTime();
                    JsonNode answer = post(prompt, fault);
                    describe(step, answer);
                    step.put("ai.duration.ms", (System.nanoTime() - start) / 1_000_000);
                    return parse(answer.at("/choices/0/message/content").asText());
                });
    }

    private JsonNode post(String prompt, @Nullable String fault) throws IOException {
        ObjectNode body = JSON.createObjectNode().put("model", model).put("temperature", TEMPERATURE);
        body.putObject("response_format").put("type", "json_object");
        body.putArray("messages").addObject().put("role", "user").put("content", prompt);
        Request.Builder request =
                new Request.Builder().url(url).post(RequestBody.create(JSON.writeValueAsBytes(body), JSON_TYPE));
        if (apiKey != null) {
            request.header("Authorization", "Bearer " + apiKey);
        }
        if (fault != null) {
            request.header(ChatStub.FAULT_HEADER, fault);
        }
        try (Response response = calls.newCall(request.build()).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException("AI API answered " + response.code());
            }
            return JSON.readTree(response.body().byteStream());
        }
    }

    private void describe(Step step, JsonNode answer) {
        JsonNode usage = answer.path("usage");
        step.put("gen_ai.response.model", answer.path("model").asText())
                .put(
                        "gen_ai.response.finish_reasons",
                        answer.at("/choices/0/finish_reason").asText())
                .put("ai.tokens.prompt", usage.path("prompt_tokens").asInt())
                .put("ai.tokens.completion", usage.path("completion_tokens").asInt())
                .put("ai.tokens.total", usage.path("total_tokens").asInt())
                .put("gen_ai.usage.input_tokens", usage.path("prompt_tokens").asInt())
                .put(
                        "gen_ai.usage.output_tokens",
                        usage.path("completion_tokens").asInt())
                .put(
                        "gen_ai.usage.cache_read.input_tokens",
                        usage.at("/prompt_tokens_details/cached_tokens").asInt());
        Metrics.aiUsage(usage.path("total_tokens").asLong(), model);
    }

    private static JsonNode parse(String content) {
        try {
            JsonNode parsed = JSON.readTree(content);
            if (parsed != null && parsed.isObject()) {
                return parsed;
            }
        } catch (JsonProcessingException notJson) {
            // its message repeats the answer, which is not for the log
        }
        throw new InvalidStructuredOutputException(
                "Expected a JSON object, got " + content.length() + " characters of text");
    }
}
