/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.common.Attributes;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.scrub.SentryDefaults;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns attributes into the data of a Sentry span: all of them, so that each can be searched, under keys that the
 * server's default scrubbing leaves alone. Numbers stay numbers; lists become JSON text.
 */
final class SpanAttributes {
    private static final Map<String, String> RENAMED = Map.of(
            "ai.model", "gen_ai.request.model",
            "ai.temperature", "gen_ai.request.temperature",
            "ai.tokens.prompt", "gen_ai.usage.input_tokens",
            "ai.tokens.completion", "gen_ai.usage.output_tokens",
            "ai.tokens.total", "gen_ai.usage.total_tokens",
            "gen_ai.usage.cache_write.input_tokens", "gen_ai.usage.cache_creation.input_tokens",
            "tool.name", "gen_ai.tool.name");

    private SpanAttributes() {}

    static Map<String, Object> data(Attributes attributes, int maxText) {
        Map<String, Object> data = new LinkedHashMap<>();
        attributes.forEach((key, value) -> put(data, key.getKey(), value, maxText));
        Object system = data.get("db.system.name");
        if (system != null) {
            data.putIfAbsent("db.system", system); // the only key the server's queries page asks for
        }
        return data;
    }

    private static void put(Map<String, Object> data, String key, Object value, int maxText) {
        Object plain = plain(key, value, maxText);
        if (plain == null || isInternal(key)) {
            return;
        }
        String renamed = RENAMED.get(key);
        if (renamed != null) {
            data.putIfAbsent(renamed, plain);
        }
        if (!SentryDefaults.destroys(key)) {
            data.put(key, plain);
        } else if (renamed == null) {
            data.put(key, plain);
            DestroyedKeys.warn(key);
        }
    }

    private static @Nullable Object plain(String key, Object value, int maxText) {
        if (value instanceof Collection<?> list) {
            return key.equals("cache.key") ? list : Scrubber.cut(JsonText.of(list), maxText);
        }
        if (value instanceof Double number) {
            return Double.isFinite(number) ? number : null;
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value;
        }
        String text = value.toString();
        if (key.equals("url.full") || key.equals("http.url") || key.equals("http.target")) {
            text = SpanMapping.withoutQuery(text);
        }
        return Scrubber.cut(text, maxText);
    }

    private static boolean isInternal(String key) {
        return key.equals("url.query")
                || key.equals("process.command_args")
                || key.startsWith("http.request.header.")
                || key.startsWith("http.response.header.")
                || switch (key) {
                    case "sentry.op",
                            "sentry.name",
                            "sentry.custom_span_name",
                            "sentry.description",
                            "sentry.source",
                            "sentry.origin" -> true;
                    default -> false;
                };
    }
}
