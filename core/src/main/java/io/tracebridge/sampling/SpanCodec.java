/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.common.InstrumentationScopeInfoBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Spans of one trace as one byte array, and back without a loss. The form never leaves the process. Resources are kept
 * beside it by reference: there are one or two in a process.
 *
 * <p>One thread only: the buffers are reused.
 */
@SuppressWarnings("EnumOrdinal") // the bytes are read by the same classes that wrote them
final class SpanCodec {
    private static final AttributeType[] TYPES = AttributeType.values();
    private static final SpanKind[] KINDS = SpanKind.values();
    private static final StatusCode[] STATUS_CODES = StatusCode.values();

    private final ByteSink sink = new ByteSink();
    private final List<Resource> resources = new ArrayList<>();
    private final Map<InstrumentationScopeInfo, Integer> scopes = new HashMap<>();
    private final Map<TraceState, Integer> states = new HashMap<>();
    private long lastStart;

    /** Encoded spans; {@code resources} in the order of their numbers. */
    record Encoded(int spans, byte[] bytes, List<Resource> resources) {}

    Encoded encode(List<PlainSpan> spans) {
        sink.reset();
        resources.clear();
        scopes.clear();
        states.clear();
        lastStart = 0;
        for (PlainSpan span : spans) {
            write(span);
        }
        return new Encoded(spans.size(), sink.toByteArray(), List.copyOf(resources));
    }

    private void write(PlainSpan span) {
        sink.unsigned(resource(span.resource()));
        scope(span.scope());
        context(span.spanContext());
        sink.oneByte(span.parentSpanContext().isValid() ? 1 : 0);
        if (span.parentSpanContext().isValid()) {
            context(span.parentSpanContext());
        }
        sink.text(span.name());
        sink.oneByte(span.kind().ordinal() << 4 | span.status().getStatusCode().ordinal());
        sink.text(span.status().getDescription());
        sink.signed(span.startEpochNanos() - lastStart);
        lastStart = span.startEpochNanos();
        sink.signed(span.endEpochNanos() - span.startEpochNanos());
        attributes(span.attributes());
        sink.unsigned(span.totalAttributeCount());
        sink.unsigned(span.events().size());
        for (EventData event : span.events()) {
            sink.signed(event.getEpochNanos() - span.startEpochNanos());
            sink.text(event.getName());
            attributes(event.getAttributes());
            sink.unsigned(event.getTotalAttributeCount());
        }
        sink.unsigned(span.totalRecordedEvents());
        sink.unsigned(span.links().size());
        for (LinkData link : span.links()) {
            context(link.getSpanContext());
            attributes(link.getAttributes());
            sink.unsigned(link.getTotalAttributeCount());
        }
        sink.unsigned(span.totalRecordedLinks());
    }

    private int resource(Resource resource) {
        for (int i = 0; i < resources.size(); i++) {
            if (resources.get(i) == resource) {
                return i;
            }
        }
        resources.add(resource);
        return resources.size() - 1;
    }

    private void scope(InstrumentationScopeInfo scope) {
        Integer number = scopes.putIfAbsent(scope, scopes.size() + 1);
        sink.unsigned(number == null ? 0 : number);
        if (number == null) {
            sink.text(scope.getName());
            optionalText(scope.getVersion());
            optionalText(scope.getSchemaUrl());
            attributes(scope.getAttributes());
        }
    }

    private void optionalText(@org.jspecify.annotations.Nullable String text) {
        sink.oneByte(text == null ? 0 : 1);
        if (text != null) {
            sink.text(text);
        }
    }

    /** The trace id goes through the shared texts, so it costs its length once. */
    private void context(SpanContext context) {
        sink.oneByte(context.isRemote() ? 1 : 0);
        sink.oneByte(context.getTraceFlags().asByte());
        sink.text(context.getTraceId());
        sink.fixed(Long.parseUnsignedLong(context.getSpanId(), 16));
        state(context.getTraceState());
    }

    private void state(TraceState state) {
        if (state.isEmpty()) {
            sink.unsigned(0);
            return;
        }
        Integer number = states.putIfAbsent(state, states.size() + 2);
        sink.unsigned(number == null ? 1 : number);
        if (number == null) {
            sink.unsigned(state.size());
            state.forEach((key, value) -> {
                sink.text(key);
                sink.text(value);
            });
        }
    }

    private void attributes(Attributes attributes) {
        sink.unsigned(attributes.size());
        attributes.forEach(this::attribute);
    }

    private void attribute(AttributeKey<?> key, Object value) {
        sink.text(key.getKey());
        sink.oneByte(key.getType().ordinal());
        if (value instanceof List<?> list) {
            sink.unsigned(list.size());
            list.forEach(this::scalar);
        } else {
            scalar(value);
        }
    }

    private void scalar(Object value) {
        if (value instanceof Boolean flag) {
            sink.oneByte(flag ? 1 : 0);
        } else if (value instanceof Long number) {
            sink.signed(number);
        } else if (value instanceof Double number) {
            sink.fixed(Double.doubleToRawLongBits(number));
        } else {
            sink.text(String.valueOf(value));
        }
    }

    static List<PlainSpan> decode(Encoded encoded) {
        return new Decoder(encoded).spans();
    }

    private static final class Decoder {
        private final Encoded encoded;
        private final ByteSource source;
        private final List<InstrumentationScopeInfo> scopes = new ArrayList<>();
        private final List<TraceState> states = new ArrayList<>();
        private long lastStart;

        Decoder(Encoded encoded) {
            this.encoded = encoded;
            source = new ByteSource(encoded.bytes());
        }

        List<PlainSpan> spans() {
            List<PlainSpan> spans = new ArrayList<>(encoded.spans());
            for (int i = 0; i < encoded.spans(); i++) {
                spans.add(span());
            }
            return spans;
        }

        private PlainSpan span() {
            Resource resource = encoded.resources().get(source.count());
            InstrumentationScopeInfo scope = scope();
            SpanContext context = context();
            SpanContext parent = source.oneByte() == 1 ? context() : SpanContext.getInvalid();
            String name = source.text();
            int kindAndStatus = source.oneByte();
            StatusData status = status(STATUS_CODES[kindAndStatus & 0xf], source.text());
            long start = lastStart + source.signed();
            lastStart = start;
            long end = start + source.signed();
            Attributes attributes = attributes();
            int totalAttributes = source.count();
            List<EventData> events = events(start);
            int totalEvents = source.count();
            List<LinkData> links = links();
            int totalLinks = source.count();
            return new PlainSpan(
                    context,
                    parent,
                    resource,
                    scope,
                    name,
                    KINDS[kindAndStatus >> 4],
                    start,
                    end,
                    attributes,
                    events,
                    links,
                    status,
                    totalAttributes,
                    totalEvents,
                    totalLinks);
        }

        private static StatusData status(StatusCode code, String description) {
            return StatusData.create(code, description);
        }

        private List<EventData> events(long spanStart) {
            int count = source.count();
            if (count == 0) {
                return List.of();
            }
            List<EventData> events = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                long time = spanStart + source.signed();
                String name = source.text();
                Attributes attributes = attributes();
                events.add(EventData.create(time, name, attributes, source.count()));
            }
            return List.copyOf(events);
        }

        private List<LinkData> links() {
            int count = source.count();
            if (count == 0) {
                return List.of();
            }
            List<LinkData> links = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                SpanContext context = context();
                Attributes attributes = attributes();
                links.add(LinkData.create(context, attributes, source.count()));
            }
            return List.copyOf(links);
        }

        private InstrumentationScopeInfo scope() {
            int number = source.count();
            if (number > 0) {
                return scopes.get(number - 1);
            }
            InstrumentationScopeInfoBuilder builder = InstrumentationScopeInfo.builder(source.text());
            if (source.oneByte() == 1) {
                builder.setVersion(source.text());
            }
            if (source.oneByte() == 1) {
                builder.setSchemaUrl(source.text());
            }
            builder.setAttributes(attributes());
            InstrumentationScopeInfo scope = builder.build();
            scopes.add(scope);
            return scope;
        }

        private SpanContext context() {
            boolean remote = source.oneByte() == 1;
            TraceFlags flags = TraceFlags.fromByte((byte) source.oneByte());
            String traceId = source.text();
            String spanId = spanId(source.fixed());
            TraceState state = state();
            return remote
                    ? SpanContext.createFromRemoteParent(traceId, spanId, flags, state)
                    : SpanContext.create(traceId, spanId, flags, state);
        }

        private static String spanId(long id) {
            return io.opentelemetry.api.trace.SpanId.fromLong(id);
        }

        private TraceState state() {
            int number = source.count();
            if (number == 0) {
                return TraceState.getDefault();
            }
            if (number > 1) {
                return states.get(number - 2);
            }
            int size = source.count();
            List<String> texts = new ArrayList<>(2 * size);
            for (int i = 0; i < 2 * size; i++) {
                texts.add(source.text());
            }
            TraceStateBuilder builder = TraceState.builder();
            for (int i = size - 1; i >= 0; i--) { // put() prepends
                builder.put(texts.get(2 * i), texts.get(2 * i + 1));
            }
            TraceState state = builder.build();
            states.add(state);
            return state;
        }

        private Attributes attributes() {
            int count = source.count();
            if (count == 0) {
                return Attributes.empty();
            }
            AttributesBuilder builder = Attributes.builder();
            for (int i = 0; i < count; i++) {
                attribute(builder);
            }
            return builder.build();
        }

        private void attribute(AttributesBuilder builder) {
            String key = source.text();
            AttributeType type = TYPES[source.oneByte()];
            switch (type) {
                case STRING, VALUE -> builder.put(key, source.text());
                case BOOLEAN -> builder.put(key, source.oneByte() == 1);
                case LONG -> builder.put(key, source.signed());
                case DOUBLE -> builder.put(key, Double.longBitsToDouble(source.fixed()));
                case STRING_ARRAY -> builder.put(AttributeKey.stringArrayKey(key), list(source::text));
                case BOOLEAN_ARRAY -> builder.put(AttributeKey.booleanArrayKey(key), list(() -> source.oneByte() == 1));
                case LONG_ARRAY -> builder.put(AttributeKey.longArrayKey(key), list(source::signed));
                case DOUBLE_ARRAY ->
                    builder.put(AttributeKey.doubleArrayKey(key), list(() -> Double.longBitsToDouble(source.fixed())));
            }
        }

        private <T> List<T> list(java.util.function.Supplier<T> element) {
            int count = source.count();
            List<T> list = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                list.add(element.get());
            }
            return list;
        }
    }
}
