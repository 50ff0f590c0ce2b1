/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span;
import io.tracebridge.dashboard.ingest.grouping.CodeFrame;
import io.tracebridge.dashboard.ingest.grouping.ErrorFacts;
import io.tracebridge.dashboard.ingest.grouping.Grouper;
import io.tracebridge.dashboard.ingest.grouping.StackTraceText;
import io.tracebridge.dashboard.ingest.grouping.Thrown;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of exceptions that OpenTelemetry recorded, in the shape that Sentry sends: that is how applications
 * without Sentry get issues.
 */
final class OtlpExceptions {
    private static final int MAX_STACK = 128 * 1024;
    private static final int MAX_MESSAGE = 8 * 1024;

    private OtlpExceptions() {}

    /** @param event an exception of the span; one without a time is placed at the span's end */
    static void ofSpan(Span.Event event, SpanRecord span, SenderFacts sender, Context context, Decoded into) {
        Map<String, Object> attributes = new HashMap<>();
        OtlpAttributes.read(event.getAttributesList(), attributes::put);
        Recorded exception = Recorded.of(attributes, context);
        if (exception == null) {
            return;
        }
        long timeNanos =
                event.getTimeUnixNano() > 0 ? event.getTimeUnixNano() : span.startNanos() + span.durationNanos();
        if (context.throwsSeen()
                .toldBySpan(
                        span.traceId(),
                        span.spanId(),
                        span.parentId(),
                        exception.hash(),
                        timeNanos,
                        into.throwNotes())) {
            context.ledger().noted("otlp", "event", "duplicate", 1);
            return;
        }
        String eventId = Ids.derived("span", span.traceId(), span.spanId(), exception.hash(), Long.toString(timeNanos));
        Object escaped = attributes.get("exception.escaped");
        EventRecord.Builder record = exception
                .event(eventId, sender, timeNanos, "error")
                .handled(escaped instanceof Boolean flag ? !flag : null)
                .traceId(span.traceId())
                .spanId(span.spanId())
                .transaction(span.segmentRoot() ? span.operation() : null);
        ObjectNode payload = exception.payload(eventId, timeNanos, "error", sender);
        trace(payload, span.traceId(), span.spanId());
        payload.put("transaction", span.name());
        into.addEvent(record.payload(payload.toString()).build());
    }

    /** @param attributes of the log, not cut: the stack has to be read whole */
    static void ofLog(
            Map<String, Object> attributes, LogRecord log, SenderFacts sender, Context context, Decoded into) {
        Recorded exception = Recorded.of(attributes, context);
        if (exception == null) {
            return;
        }
        String traceId = log.traceId();
        String spanId = log.spanId();
        if (traceId != null
                && spanId != null
                && context.throwsSeen()
                        .toldByLog(traceId, spanId, exception.hash(), log.timeNanos(), into.throwNotes())) {
            context.ledger().noted("otlp", "event", "duplicate", 1);
            return;
        }
        String eventId = Ids.derived(
                "log",
                traceId == null ? "" : traceId,
                spanId == null ? "" : spanId,
                exception.hash(),
                sender.service(),
                log.body(),
                Long.toString(log.timeNanos()));
        String level = sentryLevel(log.level());
        ObjectNode payload = exception.payload(eventId, log.timeNanos(), level, sender);
        if (traceId != null) {
            trace(payload, traceId, spanId);
        }
        payload.put("logger", log.logger());
        payload.putObject("logentry").put("formatted", log.body());
        into.addEvent(exception
                .event(eventId, sender, log.timeNanos(), level)
                .traceId(traceId)
                .spanId(spanId)
                .payload(payload.toString())
                .build());
    }

    private static void trace(ObjectNode payload, String traceId, @Nullable String spanId) {
        payload.withObjectProperty("contexts")
                .putObject("trace")
                .put("trace_id", traceId)
                .put("span_id", spanId);
    }

    private static String sentryLevel(String level) {
        return switch (level) {
            case "warn" -> "warning";
            case "trace" -> "debug";
            default -> level;
        };
    }

    /** A recorded exception: its chain as read from the printed stack, scrubbed. */
    private record Recorded(List<Thrown> chain, String hash) {
        static @Nullable Recorded of(Map<String, Object> attributes, Context context) {
            String type = text(attributes, "exception.type", Context.MAX_NAME, context);
            String message = text(attributes, "exception.message", MAX_MESSAGE, context);
            Object rawStack = attributes.get("exception.stacktrace");
            String stack = rawStack == null ? "" : rawStack.toString();
            if (type.isEmpty() && message.isEmpty() && stack.isEmpty()) {
                return null;
            }
            String bounded = stack.length() <= MAX_STACK ? stack : stack.substring(0, MAX_STACK);
            List<Thrown> chain = StackTraceText.read(type, message, bounded).stream()
                    .map(thrown ->
                            new Thrown(thrown.type(), context.text(thrown.message(), MAX_MESSAGE), thrown.frames()))
                    .toList();
            return new Recorded(
                    chain.isEmpty() ? List.of(new Thrown("", message, List.of())) : chain,
                    Ids.derived(type, message, bounded));
        }

        private static String text(Map<String, Object> attributes, String key, int max, Context context) {
            Object value = attributes.get(key);
            return value == null ? "" : context.text(value.toString(), max);
        }

        EventRecord.Builder event(String eventId, SenderFacts sender, long timeNanos, String level) {
            return GroupedEvents.start(eventId, new ErrorFacts(List.of(), chain, ""))
                    .service(sender.service())
                    .environment(sender.environment())
                    .release(sender.release())
                    .runId(sender.runId())
                    .level(level)
                    .timeNanos(timeNanos)
                    .sources(Source.OTLP);
        }

        ObjectNode payload(String eventId, long timeNanos, String level, SenderFacts sender) {
            ObjectNode payload = Json.MAPPER.createObjectNode();
            payload.put("event_id", eventId);
            payload.put("timestamp", Math.floorDiv(timeNanos, 1_000L) / 1e6);
            payload.put("level", level);
            payload.put("release", sender.release());
            payload.put("environment", sender.environment());
            ArrayNode values = payload.putObject("exception").putArray("values");
            for (int i = chain.size() - 1; i >= 0; i--) { // Sentry lists the root cause first
                value(chain.get(i), values.addObject());
            }
            return payload;
        }

        private static void value(Thrown thrown, ObjectNode into) {
            int dot = thrown.type().lastIndexOf('.');
            into.put("type", thrown.type().substring(dot + 1));
            if (dot > 0) {
                into.put("module", thrown.type().substring(0, dot));
            }
            into.put("value", thrown.message());
            if (thrown.frames().isEmpty()) {
                return;
            }
            ArrayNode frames = into.putObject("stacktrace").putArray("frames");
            for (int i = thrown.frames().size() - 1; i >= 0; i--) { // and the outermost call
                CodeFrame frame = thrown.frames().get(i);
                ObjectNode node = frames.addObject();
                node.put("module", frame.module());
                node.put("function", frame.function());
                node.put("filename", frame.file());
                if (frame.line() > 0) {
                    node.put("lineno", frame.line());
                }
                node.put("in_app", Grouper.isInApp(frame));
            }
        }
    }
}
