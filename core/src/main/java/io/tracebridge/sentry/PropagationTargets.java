/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.SentryOptions;
import io.sentry.util.PropagationTargetsUtils;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which requests may carry our headers: those the application's targets name; without targets all, except Sentry itself
 * and AI providers, who have no use for an organisation's trace ids.
 */
final class PropagationTargets {
    private static final List<String> AI_PROVIDERS = List.of(
            "api.openai.com",
            "openai.azure.com",
            "api.anthropic.com",
            "googleapis.com",
            "api.mistral.ai",
            "api.groq.com",
            "api.x.ai",
            "api.deepseek.com",
            "api.perplexity.ai",
            "api.cohere.com",
            "api.cohere.ai",
            "api.together.xyz",
            "openrouter.ai",
            "api.moonshot.ai",
            "api.moonshot.cn",
            "huggingface.co",
            "bedrock-runtime.amazonaws.com");

    private PropagationTargets() {}

    /**
     * Whether the request may carry headers.
     * @param url null when this is no HTTP request or its URL is not known
     */
    static boolean allow(SentryOptions options, @Nullable String url) {
        if (url == null) {
            return true;
        }
        if (url.startsWith(SpoolingTransportFactory.endpoint(options))) {
            return false;
        }
        List<String> targets = options.getTracePropagationTargets();
        boolean byDefault = targets.size() == 1 && targets.get(0).equals(".*");
        return byDefault ? !isAiProvider(url) : PropagationTargetsUtils.contain(targets, url);
    }

    private static boolean isAiProvider(String url) {
        String host = host(url);
        if (host == null) {
            return false;
        }
        String name = host.startsWith("bedrock-runtime.") ? "bedrock-runtime.amazonaws.com" : host;
        return AI_PROVIDERS.stream().anyMatch(known -> name.equals(known) || name.endsWith("." + known));
    }

    private static @Nullable String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? null : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
