/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoreRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** From an envelope to the store. Thread-safe. */
final class SentryIntake {
    private static final String PROTOCOL = "sentry";
    private static final int MAX_RETAINED = 64 * 1024;

    /** More than this in one container is no batch of an SDK. */
    private static final int MAX_IN_CONTAINER = 10_000;

    /** Items that are kept as they are. */
    private static final Set<String> KNOWN_TYPES = Set.of(
            "session",
            "sessions",
            "attachment",
            "profile",
            "profile_chunk",
            "check_in",
            "feedback",
            "user_report",
            "replay_event",
            "replay_recording",
            "replay_video",
            "statsd",
            "metric_buckets",
            "security",
            "raw_security",
            "form_data",
            "nel",
            "otel_log");

    private final Intake intake;
    private final Context context;
    private final Refusals refusals;

    SentryIntake(Intake intake, Context context, Refusals refusals) {
        this.intake = intake;
        this.context = context;
        this.refusals = refusals;
    }

    /**
     * What the sender is told.
     * @param eventId of the envelope or of the event in it; null when there is neither
     * @param limited categories that were refused and should not be sent for a while
     * @param accepted whether anything was taken, or there was nothing to take
     */
    record Outcome(@Nullable String eventId, Set<String> limited, boolean accepted) {}

    Outcome store(Envelope envelope) throws RejectedException {
        SentryTime time = SentryTime.of(envelope.header().get("sent_at"), context.nowNanos());
        String headerId = headerId(envelope);
        noteSender(envelope, time);
        One one = new One(envelope.header(), headerId, time);
        Envelope.Item event = envelope.first("event");
        if (event != null) {
            one.event(event.json());
        }
        for (Envelope.Item item : envelope.items()) {
            if (!item.type().equals("event")) {
                one.item(item);
            }
        }
        return new Outcome(one.eventId, one.limited, one.accepted || one.limited.isEmpty());
    }

    private static @Nullable String headerId(Envelope envelope) throws RejectedException {
        String stated = Json.text(envelope.header(), "event_id");
        String id = Ids.hex(stated, Ids.TRACE_BYTES);
        if (stated != null && id == null) {
            throw new RejectedException(RejectReason.MALFORMED, "event_id is not 32 hex digits");
        }
        return id;
    }

    private void noteSender(Envelope envelope, SentryTime time) {
        JsonNode sdk = envelope.header().path("sdk");
        String name = Json.text(sdk, "name");
        if (name != null) {
            context.ledger()
                    .seen(new IngestLedger.Sender(
                            context.text(name, Context.MAX_NAME),
                            context.text(Json.text(sdk, "version", ""), Context.MAX_NAME),
                            "",
                            time.skewNanos(),
                            context.nowNanos()));
        }
    }

    /** One envelope on its way. */
    private final class One {
        private final SentryTime time;
        private final SentrySpans spans;
        private final TypedItems typed;
        private final Set<String> limited = new LinkedHashSet<>();
        private @Nullable String eventId;
        private boolean accepted;

        One(ObjectNode header, @Nullable String eventId, SentryTime time) {
            this.eventId = eventId;
            this.time = time;
            String rate = Json.text(header.path("trace"), "sample_rate");
            spans = new SentrySpans(time, rate, context);
            typed = new TypedItems(time, context);
        }

        void event(ObjectNode json) throws RejectedException {
            EventRecord record = SentryEvents.read(json, eventId, time, context);
            eventId = record.eventId();
            boolean repeated = context.eventsSeen().note(record.eventId());
            Admission admission = offer(List.of(record), repeated ? null : record.eventId());
            if (admission == Admission.UNAVAILABLE) {
                throw new RejectedException(RejectReason.STORE_FAILED, "the store takes nothing now");
            }
            count("event", admission, repeated, 1, "error");
        }

        void item(Envelope.Item item) throws RejectedException {
            switch (item.type()) {
                case "transaction" -> transaction(item);
                case "span" -> span(item);
                case "log" -> container(item, LogRecord.class, "log", "log_item", typed::log);
                case "trace_metric" -> container(item, MetricPoint.class, "metric", "trace_metric", typed::metric);
                case "client_report" -> report(item);
                default -> retain(item);
            }
        }

        private void transaction(Envelope.Item item) throws RejectedException {
            if (!intake.accepts(SpanRecord.class)) {
                count("transaction", Admission.BUSY, false, 1, "transaction", "span");
                return;
            }
            ObjectNode json = item.json();
            String ownId = Ids.hex(Json.text(json, "event_id"), Ids.TRACE_BYTES);
            eventId = eventId != null ? eventId : ownId != null ? ownId : Ids.random();
            Decoded decoded = new Decoded();
            spans.transaction(json, decoded);
            if (decoded.records().isEmpty()) {
                throw new RejectedException(RejectReason.MALFORMED, String.valueOf(decoded.message()));
            }
            boolean repeated = context.eventsSeen().note(eventId);
            Admission admission = offer(decoded.records(), repeated ? null : eventId);
            count("transaction", admission, repeated, decoded.records().size(), "transaction", "span");
            refuse("transaction", decoded);
        }

        /** @param noted id to be taken back when the store refuses, or null */
        private Admission offer(List<StoreRecord> records, @Nullable String noted) {
            Admission admission = intake.offer(records);
            if (admission != Admission.ACCEPTED && noted != null) {
                context.eventsSeen().forget(noted);
            }
            return admission;
        }

        private void span(Envelope.Item item) throws RejectedException {
            if (!intake.accepts(SpanRecord.class)) {
                count("span", Admission.BUSY, false, 1, "transaction", "span");
                return;
            }
            Decoded decoded = new Decoded();
            ObjectNode json = item.json();
            if (json.path("items").isArray()) {
                json.path("items").forEach(span -> spans.version2(span, decoded));
                checkCount(item, json.path("items").size());
            } else {
                spans.standalone(json, decoded);
            }
            offer("span", decoded, "transaction", "span");
        }

        private void container(
                Envelope.Item item, Class<? extends StoreRecord> kind, String type, String category, ItemReader reader)
                throws RejectedException {
            if (!intake.accepts(kind)) {
                count(type, Admission.BUSY, false, 1, category);
                return;
            }
            ObjectNode json = item.json();
            // one item without a container is what early SDKs sent
            JsonNode items = json.path("items").isArray()
                    ? json.path("items")
                    : Json.MAPPER.createArrayNode().add(json);
            if (items.size() > MAX_IN_CONTAINER) {
                throw new RejectedException(RejectReason.TOO_LARGE, "more than " + MAX_IN_CONTAINER + " in one item");
            }
            checkCount(item, items.size());
            Decoded decoded = new Decoded();
            items.forEach(one -> reader.read(one, decoded));
            offer(type, decoded, category);
        }

        private void checkCount(Envelope.Item item, int found) {
            JsonNode stated = item.header().get("item_count");
            if (stated != null && stated.asInt(-1) != found) {
                context.ledger().noted(PROTOCOL, item.type(), "item_count_differs", 1);
            }
        }

        /** What the SDK dropped itself; worth as much as what arrives. */
        private void report(Envelope.Item item) throws RejectedException {
            for (JsonNode dropped : item.json().path("discarded_events")) {
                String category = context.text(Json.text(dropped, "category", "unknown"), 64);
                String reason = context.text(Json.text(dropped, "reason", "unknown"), 64);
                context.ledger()
                        .reported(
                                PROTOCOL,
                                category,
                                reason,
                                dropped.path("quantity").asLong(0));
            }
            context.ledger().accepted(PROTOCOL, "client_report", 1);
            accepted = true;
        }

        private void retain(Envelope.Item item) {
            byte[] bytes = Arrays.copyOfRange(
                    item.buffer(), item.offset(), item.offset() + Math.min(item.length(), MAX_RETAINED));
            String text = utf8(bytes);
            String type = context.text(item.type(), 64);
            RetainedItem record = RetainedItem.builder(context.nowNanos(), type)
                    .eventId(eventId)
                    .header(context.text(item.header().toString(), Context.MAX_NAME * 8))
                    .payload(
                            text == null ? Base64.getEncoder().encodeToString(bytes) : context.text(text, MAX_RETAINED))
                    .base64(text == null)
                    .payloadBytes(item.length())
                    .build();
            // a type that nobody knows is the sender's word: counted under one name
            String counted = KNOWN_TYPES.contains(item.type()) ? type : "unknown";
            count(counted, intake.offer(List.of(record)), false, 1, category(item.type()));
        }

        private void offer(String type, Decoded decoded, String... categories) {
            if (!decoded.records().isEmpty()) {
                count(
                        type,
                        intake.offer(decoded.records()),
                        false,
                        decoded.records().size(),
                        categories);
            }
            refuse(type, decoded);
        }

        private void refuse(String type, Decoded decoded) {
            if (decoded.rejected() > 0) {
                refusals.count(
                        PROTOCOL, type, RejectReason.INVALID, String.valueOf(decoded.message()), decoded.rejected());
            }
        }

        private void count(String type, Admission admission, boolean repeated, long count, String... categories) {
            switch (admission) {
                case ACCEPTED -> {
                    if (repeated) {
                        context.ledger().noted(PROTOCOL, type, "duplicate", count);
                    } else {
                        context.ledger().accepted(PROTOCOL, type, count);
                    }
                    accepted = true;
                }
                case BUSY -> {
                    limited.addAll(Arrays.asList(categories));
                    refusals.count(PROTOCOL, type, RejectReason.QUEUE_FULL, "ingest queue full", count);
                }
                case UNAVAILABLE -> {
                    limited.addAll(Arrays.asList(categories));
                    refusals.count(PROTOCOL, type, RejectReason.STORE_FAILED, "the store takes nothing now", count);
                }
            }
        }
    }

    private interface ItemReader {
        void read(JsonNode item, Decoded into);
    }

    /** Sentry limits by category, and categories are not item types. */
    private static String category(String itemType) {
        return switch (itemType) {
            case "session", "sessions" -> "session";
            case "attachment", "profile", "profile_chunk", "feedback" -> itemType;
            case "check_in" -> "monitor";
            case "replay_event", "replay_recording", "replay_video" -> "replay";
            case "user_report" -> "feedback";
            default -> "default";
        };
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException binary) {
            return null;
        }
    }
}
