/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Breadcrumb;
import io.sentry.SentryBaseEvent;
import io.sentry.SentryEvent;
import io.sentry.SpanContext;
import io.sentry.protocol.Feedback;
import io.sentry.protocol.Message;
import io.sentry.protocol.Request;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.User;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of an event after everyone else has had it: scope, processors, the application's callback. What the
 * scope still owns (breadcrumbs, user, request) is copied, never changed in place.
 */
final class EventScrubber {
    private final Texts texts;

    EventScrubber(Texts texts) {
        this.texts = texts;
    }

    void scrub(SentryEvent event) {
        scrubBase(event);
        message(event.getMessage());
        event.setTransaction(texts.text(event.getTransaction()));
        event.setFingerprints(texts.texts(event.getFingerprints()));
        List<SentryException> exceptions = event.getExceptions();
        if (exceptions != null) {
            exceptions.forEach(this::exception);
        }
        event.setUnknown(texts.objects(event.getUnknown()));
    }

    /** The part that events and transactions share. */
    void scrubBase(SentryBaseEvent event) {
        event.setTags(texts.strings(event.getTags(), Texts.MAX_TAG));
        event.setExtras(texts.objects(event.getExtras()));
        event.setBreadcrumbs(breadcrumbs(event.getBreadcrumbs()));
        event.setUser(user(event.getUser()));
        event.setRequest(request(event.getRequest()));
        contexts(event);
    }

    private void message(@Nullable Message message) {
        if (message != null) {
            message.setFormatted(texts.text(message.getFormatted()));
            message.setMessage(texts.text(message.getMessage()));
            message.setParams(texts.texts(message.getParams()));
        }
    }

    private void exception(SentryException exception) {
        exception.setValue(texts.text(exception.getValue()));
        var mechanism = exception.getMechanism();
        if (mechanism != null) {
            mechanism.setDescription(texts.text(mechanism.getDescription()));
            mechanism.setData(texts.objects(mechanism.getData()));
        }
    }

    private void contexts(SentryBaseEvent event) {
        Map<String, Object> changed = new LinkedHashMap<>();
        for (Map.Entry<String, Object> context : event.getContexts().entrySet()) {
            Object value = context.getValue();
            if (value instanceof SpanContext trace) {
                trace(trace);
            } else if (value instanceof Feedback feedback) {
                changed.put(context.getKey(), feedback(feedback));
            } else if (value instanceof Map<?, ?> || value instanceof Collection<?> || value instanceof String) {
                Object scrubbed = texts.value(context.getKey(), value);
                changed.put(context.getKey(), scrubbed == null ? "" : scrubbed);
            }
        }
        changed.forEach((key, value) -> event.getContexts().put(key, value));
    }

    private Feedback feedback(Feedback original) {
        Feedback copy = new Feedback(original);
        copy.setMessage(Objects.requireNonNullElse(texts.text(copy.getMessage()), ""));
        copy.setUrl(texts.text(copy.getUrl()));
        copy.setContactEmail(texts.value("user.email", copy.getContactEmail()));
        return copy;
    }

    private void trace(SpanContext trace) {
        trace.setDescription(texts.text(trace.getDescription()));
        Map<String, Object> data = new LinkedHashMap<>(trace.getData());
        data.forEach((key, value) -> trace.setData(key, texts.value(key, value)));
    }

    @Nullable
    List<Breadcrumb> breadcrumbs(@Nullable List<Breadcrumb> breadcrumbs) {
        if (breadcrumbs == null) {
            return null;
        }
        List<Breadcrumb> scrubbed = new ArrayList<>(breadcrumbs.size());
        breadcrumbs.forEach(breadcrumb -> scrubbed.add(breadcrumb(breadcrumb)));
        return scrubbed;
    }

    private Breadcrumb breadcrumb(Breadcrumb original) {
        Breadcrumb copy = new Breadcrumb(original.getTimestamp());
        copy.setMessage(texts.text(original.getMessage()));
        copy.setType(original.getType());
        copy.setCategory(texts.text(original.getCategory()));
        copy.setOrigin(original.getOrigin());
        copy.setLevel(original.getLevel());
        Map<String, Object> data = texts.objects(new LinkedHashMap<>(original.getData()));
        if (data != null) {
            data.forEach(copy::setData);
        }
        return copy;
    }

    @SuppressWarnings("deprecation") // name: gone in 9, until then it is sent
    private @Nullable User user(@Nullable User original) {
        if (original == null) {
            return null;
        }
        User copy = new User(original);
        copy.setId(texts.text(copy.getId()));
        copy.setEmail(texts.value("user.email", copy.getEmail()));
        copy.setUsername(texts.value("user.name", copy.getUsername()));
        copy.setName(texts.text(copy.getName()));
        copy.setData(texts.strings(copy.getData(), Texts.MAX_TEXT));
        return copy;
    }

    private @Nullable Request request(@Nullable Request original) {
        if (original == null) {
            return null;
        }
        Request copy = new Request(original);
        copy.setUrl(texts.text(copy.getUrl()));
        copy.setQueryString(texts.text(copy.getQueryString()));
        copy.setFragment(texts.text(copy.getFragment()));
        copy.setCookies(texts.value("cookie", copy.getCookies()));
        copy.setHeaders(texts.strings(copy.getHeaders(), Texts.MAX_TEXT));
        copy.setEnvs(texts.strings(copy.getEnvs(), Texts.MAX_TEXT));
        copy.setOthers(texts.strings(copy.getOthers(), Texts.MAX_TEXT));
        copy.setData(texts.value("data", copy.getData()));
        return copy;
    }
}
