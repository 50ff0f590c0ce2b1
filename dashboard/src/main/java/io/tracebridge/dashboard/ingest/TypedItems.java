/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Source;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sentry's newer items, whose attributes carry their type: logs and metrics. */
final class TypedItems {
    private static final Set<String> METRIC_TYPES = Set.of("counter", "gauge", "distribution");

    private final SentryTime time;
    private final Context context;

    TypedItems(SentryTime time, Context context) {
        this.time = time;
        this.context = context;
    }

    void log(JsonNode log, Decoded into) {
        JsonNode body = log.path("body");
        if (!log.isObject() || body.isContainerNode() || body.isMissingNode()) {
            into.reject("log without a body");
            return;
        }
        Attributes attributes = context.attributes();
        Plain.typed(log.path("attributes"), attributes);
        SenderFacts sender = sender(attributes);
        int severity = log.path("severity_number").asInt(0);
        String level = Levels.ofText(Json.text(log, "level", "info"));
        String logger = attributes.text("logger.name", "logger", "sentry.logger");
        into.add(LogRecord.builder(time.corrected(log.get("timestamp")))
                .service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .severity(severity >= 1 && severity <= 24 ? severity : Levels.severityOf(level))
                .level(level)
                .body(context.text(body.asText(), OtlpLogs.MAX_BODY))
                .logger(logger)
                .thread(attributes.text("thread.name"))
                .traceId(Ids.hex(Json.text(log, "trace_id"), Ids.TRACE_BYTES))
                .spanId(spanId(log, attributes))
                .sources(Source.SENTRY)
                .attributes(attributes.json())
                .build());
    }

    void metric(JsonNode metric, Decoded into) {
        String name = Json.text(metric, "name", "");
        String type = Json.text(metric, "type", "");
        JsonNode value = metric.path("value");
        if (name.isEmpty() || !METRIC_TYPES.contains(type) || !value.isNumber()) {
            into.reject("metric without a name, a number, or a type of counter, gauge and distribution");
            return;
        }
        Attributes attributes = context.attributes();
        Plain.typed(metric.path("attributes"), attributes);
        SenderFacts sender = sender(attributes);
        String json = attributes.json();
        boolean known = context.names().isKnownSeries(sender.service(), name, json, context.ledger());
        into.add(
                MetricPoint.builder(context.text(name, Context.MAX_NAME), type, time.corrected(metric.get("timestamp")))
                        .service(sender.service())
                        .environment(sender.environment())
                        .release(sender.release())
                        .runId(sender.runId())
                        .unit(Json.text(metric, "unit"))
                        .delta(type.equals("counter"))
                        .value(value.asDouble())
                        .count(1)
                        .attributes(known ? json : "{\"" + KnownNames.OTHER + "\":true}")
                        .traceId(Ids.hex(Json.text(metric, "trace_id"), Ids.TRACE_BYTES))
                        .spanId(spanId(metric, attributes))
                        .sources(Source.SENTRY)
                        .build());
    }

    /** Who sent an item that has no event around it; the SDKs put it into attributes of their own. */
    static SenderFacts sender(Attributes attributes) {
        SenderFacts named = SenderFacts.of(attributes);
        String environment = attributes.text("sentry.environment");
        String release = attributes.text("sentry.release");
        return new SenderFacts(
                named.service(),
                environment == null ? named.environment() : environment,
                release == null ? named.release() : release,
                named.runId(),
                null);
    }

    private static @Nullable String spanId(JsonNode item, Attributes attributes) {
        String own = Ids.hex(Json.text(item, "span_id"), Ids.SPAN_BYTES);
        return own != null ? own : Ids.hex(attributes.text("sentry.trace.parent_span_id"), Ids.SPAN_BYTES);
    }
}
