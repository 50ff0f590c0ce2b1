/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tracebridge.dashboard.ingest.grouping.CodeFrame;
import io.tracebridge.dashboard.ingest.grouping.ErrorFacts;
import io.tracebridge.dashboard.ingest.grouping.Grouper;
import io.tracebridge.dashboard.ingest.grouping.Thrown;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Source;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sentry events to event records. */
final class SentryEvents {
    private static final Set<String> LEVELS = Set.of("fatal", "error", "warning", "info", "debug");
    private static final int MAX_CHAIN = 50;
    private static final int MAX_FRAMES = 512;
    private static final int MAX_FINGERPRINT = 16;

    private SentryEvents() {}

    /**
     * Reads an event. The payload is scrubbed in place, and frames are told whether they are code of the application.
     * @param headerId id of the envelope, which wins over the payload's; or null
     */
    static EventRecord read(ObjectNode event, @Nullable String headerId, SentryTime time, Context context) {
        new JsonScrub(context.scrubber()).scrub(event);
        String ownId = Ids.hex(Json.text(event, "event_id"), Ids.TRACE_BYTES);
        String eventId = headerId != null ? headerId : ownId != null ? ownId : Ids.random();
        event.put("event_id", eventId);
        SenderFacts sender = SentrySender.of(event, context);
        List<JsonNode> values = exceptions(event);
        JsonNode thrown = values.isEmpty() ? event.path("exception") : values.get(0);
        ErrorFacts facts = new ErrorFacts(fingerprint(event), chain(values), message(event));
        JsonNode trace = event.path("contexts").path("trace");
        Attributes tags = context.attributes();
        SentrySender.tags(event, tags);
        EventRecord.Builder record = GroupedEvents.start(eventId, facts);
        String transaction = Json.text(event, "transaction");
        if (values.isEmpty() && transaction != null) {
            record.culprit(transaction);
        }
        return record.service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .level(level(event))
                .handled(handled(thrown))
                .timeNanos(time.corrected(event.get("timestamp")))
                .traceId(Ids.hex(Json.text(trace, "trace_id"), Ids.TRACE_BYTES))
                .spanId(Ids.hex(Json.text(trace, "span_id"), Ids.SPAN_BYTES))
                .transaction(transaction)
                .platform(Json.text(event, "platform"))
                .user(user(event.path("user")))
                .sources(Source.SENTRY)
                .tags(tags.json())
                .payload(event.toString())
                .build();
    }

    /** The thrown exception first. Senders write {@code {"values": […]}}, a bare list, or one object. */
    private static List<JsonNode> exceptions(JsonNode event) {
        JsonNode exception = event.path("exception");
        JsonNode list = exception.isObject() && exception.has("values") ? exception.get("values") : exception;
        List<JsonNode> values = new ArrayList<>();
        if (list.isArray()) {
            list.forEach(value -> {
                if (value.isObject() && values.size() < MAX_CHAIN) {
                    values.add(value);
                }
            });
            Collections.reverse(values);
        } else if (list.isObject() && !list.isEmpty()) {
            values.add(list);
        }
        return values;
    }

    private static List<Thrown> chain(List<JsonNode> values) {
        List<Thrown> chain = new ArrayList<>();
        for (JsonNode value : values) {
            String type = Json.text(value, "type", "");
            String module = Json.text(value, "module", "");
            boolean qualified = module.isEmpty() || type.startsWith(module + ".");
            chain.add(new Thrown(qualified ? type : module + "." + type, Json.text(value, "value", ""), frames(value)));
        }
        return chain;
    }

    private static List<CodeFrame> frames(JsonNode exception) {
        JsonNode list = exception.path("stacktrace").path("frames");
        List<CodeFrame> frames = new ArrayList<>();
        for (int i = list.size() - 1; i >= 0 && frames.size() < MAX_FRAMES; i--) {
            if (!(list.get(i) instanceof ObjectNode node)) {
                continue;
            }
            JsonNode inApp = node.path("in_app");
            String file = Json.text(node, "filename");
            CodeFrame frame = new CodeFrame(
                    Json.text(node, "module", ""),
                    Json.text(node, "function", ""),
                    file != null ? file : Json.text(node, "abs_path"),
                    node.path("lineno").asInt(0),
                    inApp.isBoolean() ? (Boolean) inApp.asBoolean() : null);
            node.put("in_app", Grouper.isInApp(frame));
            frames.add(frame);
        }
        return frames;
    }

    private static List<String> fingerprint(JsonNode event) {
        List<String> fingerprint = new ArrayList<>();
        for (JsonNode value : event.path("fingerprint")) {
            if (value.isValueNode() && !value.isNull() && fingerprint.size() < MAX_FINGERPRINT) {
                fingerprint.add(value.asText());
            }
        }
        return fingerprint;
    }

    private static String message(JsonNode event) {
        for (String field : new String[] {"logentry", "message"}) {
            JsonNode value = event.path(field);
            if (value.isTextual()) {
                return value.asText();
            }
            String text = Json.text(value, "formatted");
            if (text == null) {
                text = Json.text(value, "message");
            }
            if (text != null) {
                return text;
            }
        }
        return "";
    }

    private static String level(JsonNode event) {
        String level = Json.text(event, "level", "error").toLowerCase(Locale.ROOT);
        return LEVELS.contains(level) ? level : level.equals("warn") ? "warning" : "error";
    }

    private static @Nullable Boolean handled(JsonNode thrown) {
        JsonNode handled = thrown.path("mechanism").path("handled");
        return handled.isBoolean() ? (Boolean) handled.asBoolean() : null;
    }

    private static @Nullable String user(JsonNode user) {
        for (String field : new String[] {"id", "username", "email", "ip_address"}) {
            String value = Json.text(user, field);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }
}
