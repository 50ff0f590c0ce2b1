/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Breadcrumb;
import io.sentry.SentryEvent;
import io.sentry.SentryLevel;
import io.sentry.SpanContext;
import io.sentry.SpanId;
import io.sentry.exception.ExceptionMechanismException;
import io.sentry.protocol.Mechanism;
import io.sentry.protocol.Message;
import io.sentry.protocol.SentryId;
import io.sentry.protocol.SentryThread;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorBreadcrumb;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes what is known about a failure onto Sentry's event. */
final class EventWriter {
    private final Map<String, String> resource;
    private final @Nullable String traceUrlTemplate;

    /**
     * A writer.
     * @param traceUrlTemplate null: no links
     */
    EventWriter(Map<String, String> resource, @Nullable String traceUrlTemplate) {
        this.resource = resource;
        this.traceUrlTemplate = traceUrlTemplate;
    }

    /** A new event with everything the captured error has. */
    SentryEvent write(CapturedError error) {
        SentryEvent event = new SentryEvent(Date.from(error.time()));
        if (error.throwable() != null) {
            event.setThrowable(withMechanism(error, error.throwable()));
        }
        if (error.message() != null) {
            event.setMessage(message(error, error.message()));
        }
        event.setLogger(error.logger());
        event.setLevel(level(error.level()));
        event.setThreads(threads(error));
        if (!error.fingerprint().isEmpty()) {
            event.setFingerprints(new ArrayList<>(error.fingerprint()));
        }
        enrich(event, error);
        return event;
    }

    /** Adds ids, tags, contexts and breadcrumbs; what the event has already stays, except the trace. */
    void enrich(SentryEvent event, CapturedError error) {
        if (error.traceId() != null && error.spanId() != null) {
            trace(event, error.traceId(), error.spanId(), error.parentSpanId(), error.traceKept());
            setThread(event, error.threadName());
        }
        // Sentry has no field for the service and its instance; transactions carry them in the same place
        addContext(event, "otel", Map.of("resource", resource));
        error.tags().forEach((key, value) -> addTag(event, key, value));
        error.contexts().forEach((name, context) -> addContext(event, name, context));
        for (ErrorBreadcrumb breadcrumb : error.breadcrumbs()) {
            event.addBreadcrumb(breadcrumb(breadcrumb));
        }
    }

    /** Puts the ids of a trace where events of this bridge have them: context, tags and link. */
    void trace(
            SentryEvent event,
            String traceId,
            String spanId,
            @Nullable String parentSpanId,
            @Nullable Boolean traceKept) {
        SpanContext trace = new SpanContext(
                new SentryId(traceId),
                new SpanId(spanId),
                "default",
                parentSpanId == null ? null : new SpanId(parentSpanId),
                null);
        event.getContexts().setTrace(trace);
        addTag(event, "trace_id", traceId);
        if (traceKept != null) {
            addTag(event, "trace_kept", traceKept.toString());
        }
        if (traceUrlTemplate != null && !Boolean.FALSE.equals(traceKept)) {
            addContext(event, "trace_link", Map.of("url", link(traceUrlTemplate, traceId, spanId)));
        }
    }

    static Breadcrumb breadcrumb(ErrorBreadcrumb note) {
        Breadcrumb breadcrumb = new Breadcrumb(Date.from(note.time()));
        breadcrumb.setCategory(note.category());
        breadcrumb.setLevel(level(note.level()));
        breadcrumb.setMessage(note.message());
        note.data().forEach(breadcrumb::setData);
        return breadcrumb;
    }

    static SentryLevel level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fatal" -> SentryLevel.FATAL;
            case "warn", "warning" -> SentryLevel.WARNING;
            case "info" -> SentryLevel.INFO;
            case "debug", "trace" -> SentryLevel.DEBUG;
            default -> SentryLevel.ERROR;
        };
    }

    private static String link(String template, String traceId, String spanId) {
        return template.replace("{traceId}", traceId).replace("{spanId}", spanId);
    }

    private static Throwable withMechanism(CapturedError error, Throwable throwable) {
        Mechanism mechanism = new Mechanism();
        mechanism.setType(error.mechanism());
        mechanism.setHandled(error.handled());
        return new ExceptionMechanismException(mechanism, throwable, Thread.currentThread());
    }

    private static Message message(CapturedError error, String formatted) {
        Message message = new Message();
        message.setFormatted(formatted);
        message.setMessage(error.messageTemplate());
        if (!error.messageParams().isEmpty()) {
            message.setParams(new ArrayList<>(error.messageParams()));
        }
        return message;
    }

    // one entry, without a stack: who threw or logged, which behind an asynchronous appender is not this thread
    private static @Nullable List<SentryThread> threads(CapturedError error) {
        if (error.threadName() == null) {
            return null;
        }
        SentryThread thread = new SentryThread();
        Thread current = Thread.currentThread();
        thread.setName(error.threadName());
        thread.setId(current.getId());
        thread.setCurrent(true);
        thread.setCrashed(!error.handled());
        List<SentryThread> threads = new ArrayList<>(1);
        threads.add(thread);
        return threads;
    }

    private static void setThread(SentryEvent event, @Nullable String threadName) {
        SpanContext trace = event.getContexts().getTrace();
        if (trace != null && threadName != null) {
            trace.setData("thread.name", threadName);
            if (!threadName.equals(Thread.currentThread().getName())) {
                trace.setData("thread.id", null);
            }
        }
    }

    private static void addTag(SentryEvent event, String key, String value) {
        if (event.getTag(key) == null) {
            event.setTag(key, value);
        }
    }

    private static void addContext(SentryEvent event, String name, Map<String, Object> context) {
        if (!event.getContexts().containsKey(name)) {
            event.getContexts().put(name, new LinkedHashMap<>(context));
        }
    }
}
