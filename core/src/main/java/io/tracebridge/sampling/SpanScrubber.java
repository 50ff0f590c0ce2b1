/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.tracebridge.scrub.Scrubber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes secrets out of everything in a span that has text: name, status, attributes by key and value, events with
 * their exception messages and stack traces, links. The resource describes the process and stays as it is.
 *
 * <p>One thread only.
 */
final class SpanScrubber {
    private static final Attributes UNREADABLE =
            Attributes.of(AttributeKey.stringKey("tracebridge.scrub"), "[redacted:error]");

    private final Scrubber scrubber;
    private final CleanTexts clean = new CleanTexts();

    SpanScrubber(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    PlainSpan scrub(SpanData span) {
        return new PlainSpan(
                span.getSpanContext(),
                span.getParentSpanContext(),
                span.getResource(),
                span.getInstrumentationScopeInfo(),
                name(span.getName()),
                span.getKind(),
                span.getStartEpochNanos(),
                Math.max(span.getStartEpochNanos(), span.getEndEpochNanos()), // callers may set both times
                attributes(span.getAttributes()),
                events(span),
                links(span),
                status(span.getStatus()),
                span.getTotalAttributeCount(),
                span.getTotalRecordedEvents(),
                span.getTotalRecordedLinks());
    }

    private String name(String name) {
        if (clean.contains("", name)) {
            return name;
        }
        String scrubbed = scrubber.text(name);
        if (scrubbed.equals(name)) {
            clean.add("", name);
        }
        return scrubbed;
    }

    private StatusData status(StatusData status) {
        String description = status.getDescription();
        if (description.isEmpty()) {
            return status;
        }
        return StatusData.create(status.getStatusCode(), scrubber.text(description));
    }

    private List<EventData> events(SpanData span) {
        if (span.getTotalRecordedEvents() == 0 || span.getEvents().isEmpty()) {
            return List.of();
        }
        List<EventData> events = new ArrayList<>(span.getEvents().size());
        for (EventData event : span.getEvents()) {
            events.add(EventData.create(
                    event.getEpochNanos(),
                    scrubber.text(event.getName()),
                    attributes(event.getAttributes()),
                    event.getTotalAttributeCount()));
        }
        return List.copyOf(events);
    }

    private List<LinkData> links(SpanData span) {
        if (span.getTotalRecordedLinks() == 0 || span.getLinks().isEmpty()) {
            return List.of();
        }
        List<LinkData> links = new ArrayList<>(span.getLinks().size());
        for (LinkData link : span.getLinks()) {
            links.add(LinkData.create(
                    link.getSpanContext(), attributes(link.getAttributes()), link.getTotalAttributeCount()));
        }
        return List.copyOf(links);
    }

    private Attributes attributes(Attributes attributes) {
        if (attributes.isEmpty()) {
            return Attributes.empty();
        }
        try {
            AttributesBuilder builder = Attributes.builder();
            attributes.forEach((key, value) -> put(builder, key, value));
            return builder.build();
        } catch (RuntimeException | LinkageError unreadable) {
            return UNREADABLE; // what was not looked at must not pass
        }
    }

    private void put(AttributesBuilder builder, AttributeKey<?> key, Object value) {
        String name = key.getKey();
        String text = value instanceof String string ? string : null;
        if (text != null && clean.contains(name, text)) {
            putAsIs(builder, key, text);
            return;
        }
        Object readable = value instanceof Value<?> any ? any.asString() : value;
        Object scrubbed = scrubber.value(name, readable);
        if (scrubbed == readable && readable == value) {
            if (text != null) {
                clean.add(name, text);
            }
            putAsIs(builder, key, value);
        } else if (scrubbed instanceof List<?> list && list.equals(value)) {
            putAsIs(builder, key, value);
        } else if (scrubbed instanceof List<?> list) {
            putStrings(builder, name, list);
        } else if (scrubbed != null) {
            builder.put(name, String.valueOf(scrubbed));
        }
    }

    @SuppressWarnings("unchecked") // the value came with this key
    private static void putAsIs(AttributesBuilder builder, AttributeKey<?> key, Object value) {
        builder.put((AttributeKey<Object>) key, value);
    }

    private static void putStrings(AttributesBuilder builder, String name, List<? extends @Nullable Object> list) {
        builder.put(name, list.stream().map(String::valueOf).toArray(String[]::new));
    }
}
