/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.AttributeGroups.Group;
import io.tracebridge.dashboard.query.AttributeGroups.Item;
import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.LogQuery;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import io.tracebridge.dashboard.store.StoredSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One span with all that hangs on it.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class SpanDetails {
    private static final int MAX_LOGS = 100;

    private final Store store;
    private final TraceDetails traces;
    private final AiQuestions ai;
    private final Thresholds thresholds;

    SpanDetails(Store store, TraceDetails traces, AiQuestions ai, Thresholds thresholds) {
        this.store = store;
        this.traces = traces;
        this.ai = ai;
        this.thresholds = thresholds;
    }

    /** An event on the span. */
    public record SpanEvent(double at, double offsetMs, String name, Map<String, String> attributes) {}

    /** A link to another span. */
    public record Link(String traceId, String spanId, Map<String, String> attributes, boolean stored) {}

    /** An error that was captured in the span. */
    public record SpanError(
            String eventId,
            String issueId,
            double at,
            String type,
            String message,
            @Nullable String culprit,
            @Nullable String file,
            @Nullable Integer line,
            long issueEvents) {}

    /** The whole. */
    public record Span(
            String id,
            String traceId,
            @Nullable String parentId,
            String name,
            String operation,
            String operationKey,
            String kind,
            String service,
            String spanKind,
            double startAt,
            double offsetMs,
            double durationMs,
            double selfMs,
            double criticalMs,
            double criticalShare,
            String status,
            @Nullable String statusMessage,
            @Nullable String errorType,
            @Nullable Double weight,
            List<String> sources,
            @Nullable String scope,
            @Nullable String thread,
            boolean late,
            @Nullable String environment,
            @Nullable String release,
            @Nullable String run,
            @Nullable Rank rank,
            List<Group> attributes,
            List<Item> resource,
            List<SpanEvent> events,
            List<Link> links,
            List<SpanError> errors,
            List<LogQuestions.LogItem> logs,
            AiQuestions.@Nullable Call ai) {}

    /**
     * The span, or null when it is not stored.
     * @param service tells equal ids of two applications apart; null takes the first
     */
    public @Nullable Span span(String traceId, String spanId, @Nullable String service) {
        SpanRecord span = store.traces().spans(traceId, spanId).stream()
                .map(StoredSpan::span)
                .filter(one -> service == null || service.equals(one.service()))
                .findFirst()
                .orElse(null);
        List<SpanFacts> spans = span == null ? List.of() : TraceDetails.spans(store, traceId);
        AnalysedTrace trace = spans.isEmpty() ? null : AnalysedTrace.of(spans);
        for (int i = 0; span != null && trace != null && i < trace.tree.size; i++) {
            SpanFacts facts = trace.span(i);
            if (facts.spanId().equals(spanId) && facts.service().equals(span.service())) {
                return span(trace, i, span);
            }
        }
        return null;
    }

    private Span span(AnalysedTrace trace, int i, SpanRecord span) {
        Attributes attributes = Attributes.of(span.attributes());
        TraceTree tree = trace.tree;
        Double weight = trace.weight(i);
        return new Span(
                span.spanId(),
                span.traceId(),
                span.parentId(),
                span.name(),
                trace.operation(i).name(),
                trace.operation(i).key(),
                trace.operation(i).kind(),
                span.service(),
                span.kind(),
                Units.at(span.startNanos()),
                Units.millis(tree.start[i]),
                Units.millis(tree.duration(i)),
                Units.millis(trace.path.self[i]),
                Units.millis(trace.path.critical[i]),
                Units.share(trace.path.critical[i], trace.path.waitMicros),
                span.status().name().toLowerCase(Locale.ROOT),
                span.statusMessage(),
                span.errorType(),
                weight,
                sources(span.sources()),
                attributes.text("otel.scope.name", "otel.library.name"),
                attributes.text("thread.name"),
                trace.span(i).late(),
                span.environment(),
                span.release(),
                span.runId(),
                traces.rank(trace.operation(i), tree.duration(i)),
                AttributeGroups.of(attributes.json()),
                AttributeGroups.items(Attributes.tree(span.resource())),
                events(span, tree.originNanos),
                links(span),
                errors(span),
                logs(span),
                call(trace, span));
    }

    static List<String> sources(int bits) {
        List<String> sources = new ArrayList<>();
        if ((bits & Source.OTLP) != 0) {
            sources.add("otlp");
        }
        if ((bits & Source.SENTRY) != 0) {
            sources.add("sentry");
        }
        return sources;
    }

    private static List<SpanEvent> events(SpanRecord span, long originNanos) {
        List<SpanEvent> events = new ArrayList<>();
        for (JsonNode event : Attributes.tree(span.events())) {
            long nanos = event.path("t").asLong(0);
            events.add(new SpanEvent(
                    Units.at(nanos),
                    Math.floorDiv(nanos - originNanos, 1_000L) / 1_000.0,
                    event.path("name").asText(""),
                    TraceDetails.texts(event.path("attributes"))));
        }
        return events;
    }

    private List<Link> links(SpanRecord span) {
        List<Link> links = new ArrayList<>();
        for (JsonNode link : Attributes.tree(span.links())) {
            links.add(new Link(
                    link.path("traceId").asText(""),
                    link.path("spanId").asText(""),
                    TraceDetails.texts(link.path("attributes")),
                    false));
        }
        List<String> known = store.traces()
                .stored(links.stream().map(Link::traceId).distinct().toList());
        links.replaceAll(
                link -> new Link(link.traceId(), link.spanId(), link.attributes(), known.contains(link.traceId())));
        return links;
    }

    private List<SpanError> errors(SpanRecord span) {
        List<SpanError> errors = new ArrayList<>();
        for (StoredEvent stored : store.issues().eventsOfTrace(span.traceId(), 500)) {
            EventRecord event = stored.event();
            if (!span.spanId().equals(event.spanId())) {
                continue;
            }
            IssueRecord issue = store.issues().issue(stored.issueId());
            JsonNode frame = EventJson.culpritFrame(Attributes.tree(event.payload()));
            errors.add(new SpanError(
                    event.eventId(),
                    stored.issueId(),
                    Units.at(event.timeNanos()),
                    IssueNames.simple(event.type()),
                    event.message(),
                    event.culprit(),
                    frame.hasNonNull("filename") ? frame.get("filename").asText() : null,
                    frame.hasNonNull("lineno") ? (Integer) frame.get("lineno").asInt() : null,
                    issue == null ? 1 : issue.events()));
        }
        return errors;
    }

    private List<LogQuestions.LogItem> logs(SpanRecord span) {
        LogQuery query = new LogQuery(
                Selection.ALL, 0, null, span.traceId(), span.spanId(), null, Long.MAX_VALUE, Long.MAX_VALUE);
        return LogQuestions.items(store.logs().lines(query, MAX_LOGS));
    }

    private AiQuestions.@Nullable Call call(AnalysedTrace trace, SpanRecord span) {
        for (AiCall call : new TraceAnalyzer(thresholds).calls(trace)) {
            if (call.spanId().equals(span.spanId())) {
                return ai.call(call, Attributes.of(span.attributes()), span);
            }
        }
        return null;
    }
}
