/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import java.util.function.BiConsumer;

/** Estimates the memory of an ended span. Constants were measured; see RATIONALE.md. */
final class SpanSize implements BiConsumer<AttributeKey<?>, Object> {
    private static final int SPAN = 350;
    private static final int EVENT = 150;
    private static final int LINK = 200;
    private static final int ATTRIBUTE = 90;
    private static final int ELEMENT = 32;

    private long bytes;

    static int of(SpanData span) {
        SpanSize size = new SpanSize();
        size.bytes = (long) SPAN + span.getName().length();
        size.add(span.getAttributes());
        if (span.getTotalRecordedEvents() > 0) {
            for (EventData event : span.getEvents()) {
                size.bytes += EVENT;
                size.add(event.getAttributes());
            }
        }
        size.bytes += (long) LINK * span.getTotalRecordedLinks();
        return (int) Math.min(size.bytes, Integer.MAX_VALUE / 2);
    }

    private void add(Attributes attributes) {
        attributes.forEach(this);
    }

    @Override
    public void accept(AttributeKey<?> key, Object value) {
        bytes += ATTRIBUTE;
        if (value instanceof String text) {
            bytes += text.length();
        } else if (value instanceof List<?> list) {
            for (Object element : list) {
                bytes += element instanceof String text ? ELEMENT + text.length() : ELEMENT;
            }
        }
    }
}
