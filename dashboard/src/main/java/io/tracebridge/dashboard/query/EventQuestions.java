/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.EventJson.Crumb;
import io.tracebridge.dashboard.query.EventJson.Step;
import io.tracebridge.dashboard.query.EventJson.Thrown;
import io.tracebridge.dashboard.query.LogQuestions.LogItem;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.IssueReader.Position;
import io.tracebridge.dashboard.store.LogQuery;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event with its place in the trace and the log before it.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class EventQuestions {
    private static final int MAX_LOGS = 100;
    private static final int MAX_CHILDREN = 20;
    private static final long NEAR_NANOS = 5_000_000_000L;

    private final Store store;
    private final IssueDetails issues;

    EventQuestions(Store store, IssueDetails issues) {
        this.store = store;
        this.issues = issues;
    }

    /** One span of the path. */
    public record PathSpan(
            String id,
            @Nullable String parentId,
            String name,
            String kind,
            String service,
            double offsetMs,
            double durationMs,
            String status,
            int depth,
            boolean failing) {}

    /** The trace, cut to the ancestors of the failing span, it, and its direct children. */
    public record Path(
            String traceId, int totalSpans, int shownSpans, String root, double durationMs, List<PathSpan> spans) {}

    /** Log lines; {@code by} is {@code trace}, {@code thread} or {@code none}. */
    public record Logs(String by, List<LogItem> items) {}

    /** The whole. */
    public record Event(
            String id,
            String issueId,
            double at,
            @Nullable Double receivedAt,
            @Nullable String newerEventId,
            @Nullable String olderEventId,
            long position,
            long of,
            String level,
            @Nullable Boolean handled,
            @Nullable String mechanism,
            String message,
            @Nullable String culprit,
            @Nullable String logger,
            @Nullable String thread,
            String service,
            @Nullable String environment,
            @Nullable String release,
            @Nullable String run,
            @Nullable String sdk,
            List<String> sources,
            @Nullable String operation,
            @Nullable String traceId,
            @Nullable String spanId,
            boolean traceStored,
            @Nullable String traceUrl,
            List<Thrown> exceptions,
            List<Crumb> breadcrumbs,
            Map<String, String> tags,
            JsonNode contexts,
            JsonNode user,
            JsonNode request,
            JsonNode extra,
            List<Step> steps,
            @Nullable Path path,
            Logs logs,
            JsonNode raw) {}

    /**
     * The event, or null.
     * @param eventId an id, or {@code newest}, {@code oldest}, {@code recommended}
     */
    public @Nullable Event event(String issueId, String eventId) {
        String id = eventId;
        if (eventId.equals("newest") || eventId.equals("oldest") || eventId.equals("recommended")) {
            IssueDetails.Issue issue = issues.issue(issueId);
            id = issue == null
                    ? null
                    : switch (eventId) {
                        case "newest" -> issue.newestEventId();
                        case "oldest" -> issue.oldestEventId();
                        default -> issue.recommendedEventId();
                    };
        }
        StoredEvent stored = id == null ? null : store.issues().event(id);
        return stored == null || !stored.issueId().equals(issueId) ? null : event(stored);
    }

    private Event event(StoredEvent stored) {
        EventRecord event = stored.event();
        JsonNode payload = Attributes.tree(event.payload());
        Position position = store.issues().position(stored.issueId(), event);
        List<SpanFacts> spans = event.traceId() == null ? List.of() : TraceDetails.spans(store, event.traceId());
        JsonNode sdk = payload.path("sdk");
        String thread = thread(payload);
        return new Event(
                event.eventId(),
                stored.issueId(),
                Units.at(event.timeNanos()),
                Times.millis(payload.path("received")),
                position.newerId(),
                position.olderId(),
                position.older() + 1,
                position.all(),
                event.level(),
                event.handled(),
                mechanism(payload),
                event.message(),
                event.culprit(),
                EventJson.text(payload, "logger"),
                thread,
                event.service(),
                event.environment(),
                event.release(),
                event.runId(),
                sdk.hasNonNull("name")
                        ? (sdk.path("name").asText() + " " + sdk.path("version").asText("")).trim()
                        : null,
                SpanDetails.sources(event.sources()),
                event.transaction(),
                event.traceId(),
                event.spanId(),
                !spans.isEmpty(),
                traceUrl(payload),
                EventJson.exceptions(payload),
                EventJson.breadcrumbs(payload),
                TraceDetails.texts(Attributes.tree(event.tags())),
                payload.path("contexts").isObject() ? payload.path("contexts") : Attributes.object(),
                payload.path("user").isObject() ? payload.path("user") : Attributes.object(),
                payload.path("request").isObject() ? payload.path("request") : Attributes.object(),
                payload.path("extra").isObject() ? payload.path("extra") : Attributes.object(),
                EventJson.steps(payload),
                path(event, spans),
                logs(event, thread),
                payload);
    }

    private static @Nullable String mechanism(JsonNode payload) {
        JsonNode values = payload.path("exception").path("values");
        return values.isEmpty()
                ? null
                : EventJson.text(values.get(values.size() - 1).path("mechanism"), "type");
    }

    private static @Nullable String traceUrl(JsonNode payload) {
        return EventJson.text(payload.path("contexts").path("trace_link"), "url");
    }

    private static @Nullable String thread(JsonNode payload) {
        for (JsonNode thread : payload.path("threads").path("values")) {
            if (thread.path("current").asBoolean(false)
                    || thread.path("crashed").asBoolean(false)) {
                return EventJson.text(thread, "name");
            }
        }
        return EventJson.text(payload.path("tags"), "thread");
    }

    private static @Nullable Path path(EventRecord event, List<SpanFacts> spansOfTrace) {
        if (spansOfTrace.isEmpty()) {
            return null;
        }
        AnalysedTrace trace = AnalysedTrace.of(spansOfTrace);
        TraceTree tree = trace.tree;
        int failing = -1;
        for (int i = 0; i < tree.size && failing < 0; i++) {
            failing = trace.span(i).spanId().equals(event.spanId()) ? i : -1;
        }
        List<Integer> shown = new ArrayList<>();
        for (int i = failing < 0 ? trace.root : failing; i >= 0; i = tree.parent[i]) {
            shown.add(i);
        }
        Collections.reverse(shown);
        int start = shown.get(shown.size() - 1);
        int children = 0;
        for (int i = start + 1; i < start + tree.subtree[start] && children < MAX_CHILDREN; i += tree.subtree[i]) {
            shown.add(i);
            children++;
        }
        List<PathSpan> spans = new ArrayList<>();
        for (int i : shown) {
            spans.add(pathSpan(trace, i, depth(tree, i), i == failing));
        }
        return new Path(
                trace.span(trace.root).traceId(),
                tree.size,
                spans.size(),
                trace.operation(trace.root).name(),
                Units.millis(tree.durationMicros()),
                spans);
    }

    private static PathSpan pathSpan(AnalysedTrace trace, int i, int depth, boolean failing) {
        SpanFacts span = trace.span(i);
        return new PathSpan(
                span.spanId(),
                span.parentId(),
                span.name(),
                trace.operation(i).kind(),
                span.service(),
                Units.millis(trace.tree.start[i]),
                Units.millis(trace.tree.duration(i)),
                span.status().name().toLowerCase(Locale.ROOT),
                depth,
                failing);
    }

    private static int depth(TraceTree tree, int span) {
        int depth = 0;
        for (int i = tree.parent[span]; i >= 0; i = tree.parent[i]) {
            depth++;
        }
        return depth;
    }

    private Logs logs(EventRecord event, @Nullable String thread) {
        if (event.traceId() != null) {
            return new Logs("trace", lines(Selection.ALL, event.traceId(), null));
        }
        if (thread == null) {
            return new Logs("none", List.of());
        }
        Selection near = new Selection(
                event.service().isEmpty() ? List.of() : List.of(event.service()),
                List.of(),
                List.of(),
                event.timeNanos() - NEAR_NANOS,
                event.timeNanos() + NEAR_NANOS,
                null,
                List.of());
        return new Logs("thread", lines(near, null, thread));
    }

    /** Oldest first, as one reads a log. */
    private List<LogItem> lines(Selection selection, @Nullable String traceId, @Nullable String thread) {
        List<LogItem> items = new ArrayList<>(LogQuestions.items(store.logs()
                .lines(
                        new LogQuery(selection, 0, null, traceId, null, thread, Long.MAX_VALUE, Long.MAX_VALUE),
                        MAX_LOGS)));
        Collections.reverse(items);
        return items;
    }
}
