/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.query.IssueQuestions.IssueItem;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One issue: over time, by tag and run, with its events and why they were put together.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class IssueDetails {
    static final int CHART = 60;
    private static final int TAGGED_EVENTS = 500;
    private static final int TAG_VALUES = 10;
    private static final int NEWEST = 50;

    private final Store store;
    private final IssueQuestions issues;
    private final FindingIssues findingIssues;

    IssueDetails(Store store, IssueQuestions issues, FindingIssues findingIssues) {
        this.store = store;
        this.issues = issues;
        this.findingIssues = findingIssues;
    }

    /** Events over time with the starts of runs. */
    public record Chart(double fromAt, double toAt, long[] counts, List<RunStart> runs) {}

    /** Where a run started. */
    public record RunStart(String id, double startedAt) {}

    /** Values of one tag. */
    public record Tag(String key, List<TagValue> values, int more) {}

    /** One value with its share of the events that have the tag. */
    public record TagValue(String value, long count, double share) {}

    /** One event of the list. */
    public record EventLine(
            String id,
            double at,
            @Nullable String traceId,
            @Nullable String spanId,
            String service,
            String message) {}

    /** The whole; {@code finding} only when it is one. */
    public record Issue(
            IssueItem issue,
            Chart chart,
            @Nullable String recommendedEventId,
            @Nullable String newestEventId,
            @Nullable String oldestEventId,
            List<Tag> tags,
            JsonNode grouping,
            List<EventLine> events,
            Findings.@Nullable Finding finding) {}

    /** The issue or finding, or null. */
    public @Nullable Issue issue(String id) {
        IssueLine line = store.issues().line(id);
        return line == null ? findingIssues.issue(id) : issue(line);
    }

    private Issue issue(IssueLine line) {
        String id = line.issue().id();
        List<StoredEvent> events = store.issues().events(id, TAGGED_EVENTS, 0);
        Selection bounded = Window.bounded(Selection.ALL, line.firstNanos(), line.lastNanos());
        long[] counts = issues.trends(bounded, List.of(id), CHART).getOrDefault(id, new long[CHART]);
        StoredEvent recommended = recommended(events);
        StoredEvent oldest = events.size() < TAGGED_EVENTS
                ? last(events)
                : last(store.issues().events(id, 1, (int) Math.max(0, line.events() - 1)));
        return new Issue(
                issues.items(Selection.ALL, List.of(line)).get(0),
                new Chart(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos()), counts, runs(line)),
                recommended == null ? null : recommended.event().eventId(),
                events.isEmpty() ? null : events.get(0).event().eventId(),
                oldest == null ? null : oldest.event().eventId(),
                tags(events),
                Attributes.tree(line.issue().explanation()),
                events.stream().limit(NEWEST).map(IssueDetails::eventLine).toList(),
                null);
    }

    private static @Nullable StoredEvent last(List<StoredEvent> events) {
        return events.isEmpty() ? null : events.get(events.size() - 1);
    }

    /** The newest of those that say most: a stored trace first, then the longest payload of the last ten. */
    private @Nullable StoredEvent recommended(List<StoredEvent> events) {
        List<StoredEvent> newest = events.subList(0, Math.min(10, events.size()));
        List<String> stored = store.traces()
                .stored(newest.stream()
                        .map(event -> event.event().traceId())
                        .filter(trace -> trace != null)
                        .distinct()
                        .toList());
        return newest.stream()
                .max(Comparator.comparing((StoredEvent event) ->
                                stored.contains(event.event().traceId()))
                        .thenComparing(event -> event.event().payload().length() / 1_000))
                .orElse(null);
    }

    private List<RunStart> runs(IssueLine line) {
        return store.health().runs(IssueQuestions.MAX_RUNS).stream()
                .filter(run -> run.service().equals(line.issue().service()))
                .filter(run -> run.firstSeenNanos() <= line.lastNanos() && run.lastSeenNanos() >= line.firstNanos())
                .map(run -> new RunStart(run.runId(), Units.at(run.firstSeenNanos())))
                .limit(20)
                .toList();
    }

    private static List<Tag> tags(List<StoredEvent> events) {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        for (StoredEvent event : events) {
            TraceDetails.texts(Attributes.tree(event.event().tags()))
                    .forEach((key, value) -> counts.computeIfAbsent(key, unused -> new LinkedHashMap<>())
                            .merge(value, 1L, Long::sum));
        }
        // ids are another one in each event: nothing to learn from their distribution
        counts.remove("trace_id");
        counts.remove("span_id");
        List<Tag> tags = new ArrayList<>();
        counts.forEach((key, values) -> {
            long all = values.values().stream().mapToLong(Long::longValue).sum();
            List<TagValue> shown = values.entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .limit(TAG_VALUES)
                    .map(entry -> new TagValue(entry.getKey(), entry.getValue(), Units.share(entry.getValue(), all)))
                    .toList();
            tags.add(new Tag(key, shown, values.size() - shown.size()));
        });
        tags.sort(Comparator.comparing(Tag::key));
        return tags;
    }

    private static EventLine eventLine(StoredEvent stored) {
        return new EventLine(
                stored.event().eventId(),
                Units.at(stored.event().timeNanos()),
                stored.event().traceId(),
                stored.event().spanId(),
                stored.event().service(),
                stored.event().message());
    }
}
