/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.protocol.SentrySpan;
import io.sentry.protocol.SentryTransaction;
import io.sentry.protocol.TransactionInfo;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Takes secrets out of transactions that were started through Sentry's own API, or changed by a callback. */
final class TransactionScrubber {
    private final Texts texts;
    private final EventScrubber events;

    TransactionScrubber(Texts texts, EventScrubber events) {
        this.texts = texts;
        this.events = events;
    }

    /**
     * The transaction without secrets; another instance where its name has changed, since a name cannot be set.
     * @param cleanSpans whether the spans were scrubbed before and nobody has had them since
     */
    SentryTransaction scrub(SentryTransaction transaction, boolean cleanSpans) {
        events.scrubBase(transaction); // a scope has added to it in any case
        if (!cleanSpans) {
            transaction.getSpans().replaceAll(this::span);
        }
        transaction.setUnknown(texts.objects(transaction.getUnknown()));
        String name = texts.text(transaction.getTransaction());
        return Objects.equals(name, transaction.getTransaction()) ? transaction : renamed(transaction, name);
    }

    private SentrySpan span(SentrySpan span) {
        span.setData(texts.objects(span.getData()));
        span.getTags().replaceAll((key, value) -> Objects.requireNonNullElse(texts.value(key, value), ""));
        String description = texts.text(span.getDescription());
        if (Objects.equals(description, span.getDescription())) {
            return span;
        }
        SentrySpan copy = new SentrySpan(
                span.getStartTimestamp(),
                span.getTimestamp(),
                span.getTraceId(),
                span.getSpanId(),
                span.getParentSpanId(),
                span.getOp(),
                description,
                span.getStatus(),
                span.getOrigin(),
                span.getTags(),
                span.getMeasurements(),
                span.getData());
        copy.setUnknown(span.getUnknown());
        return copy;
    }

    private static SentryTransaction renamed(SentryTransaction original, @Nullable String name) {
        SentryTransaction copy = new SentryTransaction(
                name == null ? "" : name,
                original.getStartTimestamp(),
                original.getTimestamp(),
                original.getSpans(),
                original.getMeasurements(),
                new TransactionInfo("custom"));
        copy.setEventId(original.getEventId());
        copy.getContexts().putAll(original.getContexts());
        copy.setSdk(original.getSdk());
        copy.setRequest(original.getRequest());
        copy.setTags(original.getTags());
        copy.setRelease(original.getRelease());
        copy.setEnvironment(original.getEnvironment());
        copy.setPlatform(original.getPlatform());
        copy.setServerName(original.getServerName());
        copy.setDist(original.getDist());
        copy.setUser(original.getUser());
        copy.setBreadcrumbs(original.getBreadcrumbs());
        copy.setDebugMeta(original.getDebugMeta());
        copy.setExtras(original.getExtras());
        copy.setUnknown(original.getUnknown());
        return copy;
    }
}
