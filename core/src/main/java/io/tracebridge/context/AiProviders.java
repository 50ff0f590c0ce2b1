/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.opentelemetry.sdk.trace.ReadableSpan;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Services that answer prompts for money and have no use for an organisation's trace ids: they get no headers. */
public final class AiProviders {
    private static final List<String> HOSTS = List.of(
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
    private static final String MARK = "tracebridge-to";
    private static final AttributeKey<String> URL = AttributeKey.stringKey("url.full");
    private static final AttributeKey<String> OLD_URL = AttributeKey.stringKey("http.url");

    private AiProviders() {}

    /** Whether the URL's host is one of theirs; false for what is no URL. */
    public static boolean owns(String url) {
        String host = host(url);
        if (host == null) {
            return false;
        }
        String name = host.startsWith("bedrock-runtime.") ? "bedrock-runtime.amazonaws.com" : host;
        return HOSTS.stream().anyMatch(known -> name.equals(known) || name.endsWith("." + known));
    }

    /**
     * Where the request that a context belongs to goes; null when its span does not say. Of a span that is not recorded
     * only the host is known, and only one of theirs: see {@link #marked}.
     */
    public static @Nullable String url(Context context) {
        Span span = RewrittenSpan.original(context);
        if (!(span instanceof ReadableSpan readable)) {
            String host = span.getSpanContext().getTraceState().get(MARK);
            return host == null ? null : "https://" + host;
        }
        String url = readable.getAttribute(URL);
        return url == null ? readable.getAttribute(OLD_URL) : url;
    }

    /**
     * The trace state of a span that is not recorded and so keeps no attributes: a sampler still sees them, and notes
     * there the host of a request to one of these services. It never leaves: such a request gets no trace state.
     * @param parent whose own note goes
     */
    public static TraceState marked(TraceState parent, Attributes attributes) {
        String url = attributes.get(URL) == null ? attributes.get(OLD_URL) : attributes.get(URL);
        String host = url == null || !owns(url) ? null : host(url);
        if (host == null) {
            return parent.get(MARK) == null
                    ? parent
                    : parent.toBuilder().remove(MARK).build();
        }
        return parent.toBuilder().put(MARK, host).build();
    }

    /** The propagator, silent towards AI providers. */
    public static TextMapPropagator without(TextMapPropagator propagator) {
        return new Withheld(propagator);
    }

    private static @Nullable String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? null : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    private record Withheld(TextMapPropagator propagator) implements TextMapPropagator {
        @Override
        public Collection<String> fields() {
            return propagator.fields();
        }

        @Override
        public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
            String url = url(context);
            if (url == null || !owns(url)) {
                propagator.inject(context, carrier, setter);
            }
        }

        @Override
        public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
            return propagator.extract(context, carrier, getter);
        }
    }
}
