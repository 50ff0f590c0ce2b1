/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.IssueReader;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.OperationReader.FindingSlice;
import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import io.tracebridge.dashboard.store.TimeGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Issues: what breaks, how often, since when, and why events were put together.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class IssueQuestions {
    private static final int TREND = 24;
    private static final int CHART = 60;
    private static final int TAGGED_EVENTS = 500;
    private static final int TAG_VALUES = 10;
    private static final int NEWEST = 50;
    private static final int MAX_FINDINGS = 50;
    private static final int MAX_RUNS = 200;

    private final Store store;

    IssueQuestions(Store store) {
        this.store = store;
    }

    /** The innermost cause. */
    public record RootCause(String type, String fullType, String message, String culprit) {}

    /** One line; {@code kind} is {@code error} or {@code finding}. */
    public record IssueItem(
            String id,
            String kind,
            String type,
            String fullType,
            String message,
            @Nullable String culprit,
            @Nullable RootCause rootCause,
            String level,
            boolean unhandled,
            boolean isNew,
            boolean regressed,
            long events,
            @Nullable Long users,
            double firstSeenAt,
            double lastSeenAt,
            long[] trend,
            List<String> services,
            List<String> environments,
            List<String> releases,
            List<String> operations,
            @Nullable String latestEventId,
            @Nullable String latestTraceId) {}

    /** One page. */
    public record IssuePage(
            List<IssueItem> items,
            @Nullable String next,
            Window window,
            long total,
            @JsonProperty("new") long newIssues) {}

    /** One page of errors, findings among them on the first. */
    public IssuePage list(IssueQuery query, boolean errors, boolean findings, int limit, long offset) {
        List<IssueItem> items = new ArrayList<>();
        int found = 0;
        if (errors) {
            List<IssueLine> lines = store.issues().lines(query, limit + 1, (int) offset);
            found = lines.size();
            items.addAll(items(query.selection(), lines.subList(0, Math.min(limit, found))));
        }
        if (findings && offset == 0) {
            items.addAll(findingItems(query.selection()));
            items.sort(order(query.order()));
        }
        double first = items.stream().mapToDouble(IssueItem::firstSeenAt).min().orElse(0);
        double last = items.stream().mapToDouble(IssueItem::lastSeenAt).max().orElse(0);
        List<IssueLine> all = found > limit || offset > 0 ? store.issues().lines(query, 10_000, 0) : List.of();
        long total = all.isEmpty() ? items.size() : all.size();
        return new IssuePage(
                items,
                found > limit ? Cursor.of(offset + limit) : null,
                Window.of(query.selection(), (long) (first * 1e6), (long) (last * 1e6)),
                total,
                items.stream().filter(IssueItem::isNew).count());
    }

    private static Comparator<IssueItem> order(IssueQuery.Order order) {
        return switch (order) {
            case LAST_SEEN -> Comparator.comparingDouble(IssueItem::lastSeenAt).reversed();
            case FIRST_SEEN ->
                Comparator.comparingDouble(IssueItem::firstSeenAt).reversed();
            case EVENTS -> Comparator.comparingLong(IssueItem::events).reversed();
        };
    }

    /** The first lines of a query. */
    List<IssueItem> lines(IssueQuery query, int limit) {
        return items(query.selection(), store.issues().lines(query, limit, 0));
    }

    private List<IssueItem> items(Selection selection, List<IssueLine> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        long first = lines.stream().mapToLong(IssueLine::firstNanos).min().orElse(0);
        long last = lines.stream().mapToLong(IssueLine::lastNanos).max().orElse(0);
        Map<String, long[]> trends = trends(
                Window.bounded(selection, first, last),
                lines.stream().map(line -> line.issue().id()).toList(),
                TREND);
        Map<String, String> newestRuns = newestRuns();
        boolean bounded = selection.fromNanos() != Long.MIN_VALUE || selection.toNanos() != Long.MAX_VALUE;
        return lines.stream()
                .map(line -> item(line, trends.getOrDefault(line.issue().id(), new long[TREND]), newestRuns, bounded))
                .toList();
    }

    private Map<String, long[]> trends(Selection bounded, List<String> ids, int slices) {
        Map<String, long[]> trends = new HashMap<>();
        for (IssueReader.Slice slice : store.issues().slices(bounded, ids, slices)) {
            trends.computeIfAbsent(slice.issueId(), unused -> new long[slices])[
                            OperationQuestions.at(slice.slice(), slices)] +=
                    slice.events();
        }
        return trends;
    }

    /** The newest run of each service. */
    private Map<String, String> newestRuns() {
        Map<String, String> newest = new HashMap<>();
        List<RunRecord> runs = new ArrayList<>(store.health().runs(MAX_RUNS));
        runs.sort(Comparator.comparingLong(RunRecord::firstSeenNanos).reversed());
        runs.forEach(run -> newest.putIfAbsent(run.service(), run.runId()));
        return newest;
    }

    private static IssueItem item(IssueLine line, long[] trend, Map<String, String> newestRuns, boolean bounded) {
        IssueRecord issue = line.issue();
        return new IssueItem(
                issue.id(),
                "error",
                IssueNames.simple(issue.type()),
                issue.type(),
                issue.message(),
                issue.culprit(),
                rootCause(issue),
                issue.level(),
                line.unhandled(),
                issue.firstRunId().equals(newestRuns.get(issue.service())),
                issue.status().equals("regressed"),
                // all that were received, evicted ones too, unless a time is asked for
                bounded ? line.events() : Math.max(issue.events(), line.events()),
                line.users() == 0 ? null : (Long) line.users(),
                Units.at(issue.firstSeenNanos()),
                Units.at(line.lastNanos()),
                trend,
                line.services(),
                line.environments(),
                line.releases(),
                line.operations(),
                line.latestEventId(),
                line.latestTraceId());
    }

    private static @Nullable RootCause rootCause(IssueRecord issue) {
        JsonNode root = Attributes.tree(issue.explanation()).path("rootCause");
        String type = root.path("type").asText("");
        return type.isEmpty()
                ? null
                : new RootCause(
                        IssueNames.simple(type),
                        type,
                        root.path("message").asText(""),
                        root.path("culprit").asText(""));
    }

    private List<IssueItem> findingItems(Selection selection) {
        Selection bySpans = new Selection(
                selection.services(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                selection.text(),
                List.of());
        List<Findings.Finding> findings = store.operations().findings(bySpans, null, MAX_FINDINGS).stream()
                .map(Findings::of)
                .toList();
        if (findings.isEmpty()) {
            return List.of();
        }
        Map<String, long[]> trends = findingTrends(
                Window.bounded(
                        bySpans,
                        first(findings, Findings.Finding::firstSeenAt),
                        -first(findings, one -> -one.lastSeenAt())),
                TREND);
        return findings.stream()
                .map(one -> item(one, trends.getOrDefault(one.id(), new long[TREND])))
                .toList();
    }

    /** The least of some times, in nanoseconds. */
    private static long first(List<Findings.Finding> findings, ToDoubleFunction<Findings.Finding> time) {
        return (long) (findings.stream().mapToDouble(time).min().orElse(0) * 1e6);
    }

    /** Traces with each finding in equal slices, by its id. */
    private Map<String, long[]> findingTrends(Selection bounded, int slices) {
        TimeGrid grid = TimeGrid.exact(bounded, slices);
        Map<String, double[]> sums = new HashMap<>();
        for (FindingSlice slice : store.operations().findingSlices(bounded, grid)) {
            sums.computeIfAbsent(
                                    Findings.id(slice.type(), slice.operation(), slice.parent()),
                                    unused -> new double[slices])[OperationQuestions.at(slice.slice(), slices)] +=
                    slice.traces();
        }
        Map<String, long[]> trends = new HashMap<>();
        sums.forEach((id, sum) ->
                trends.put(id, Arrays.stream(sum).mapToLong(Math::round).toArray()));
        return trends;
    }

    private static IssueItem item(Findings.Finding finding, long[] trend) {
        return new IssueItem(
                finding.id(),
                "finding",
                finding.title(),
                finding.type(),
                finding.sentence(),
                finding.parent().name(),
                null,
                "warning",
                false,
                false,
                false,
                Math.round(finding.traces()),
                null,
                finding.firstSeenAt(),
                finding.lastSeenAt(),
                trend,
                List.of(finding.operation().service()),
                List.of(),
                List.of(),
                List.of(finding.parent().name()),
                null,
                finding.example().traceId());
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
        IssueLine line = line(id);
        return line == null ? finding(id) : issue(line);
    }

    private @Nullable IssueLine line(String id) {
        return store.issues().line(id);
    }

    private Issue issue(IssueLine line) {
        String id = line.issue().id();
        List<StoredEvent> events = store.issues().events(id, TAGGED_EVENTS, 0);
        Selection bounded = Window.bounded(Selection.ALL, line.firstNanos(), line.lastNanos());
        long[] counts = trends(bounded, List.of(id), CHART).getOrDefault(id, new long[CHART]);
        StoredEvent recommended = recommended(events);
        StoredEvent oldest = events.size() < TAGGED_EVENTS
                ? last(events)
                : last(store.issues().events(id, 1, (int) Math.max(0, line.events() - 1)));
        return new Issue(
                items(Selection.ALL, List.of(line)).get(0),
                new Chart(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos()), counts, runs(line)),
                recommended == null ? null : recommended.event().eventId(),
                events.isEmpty() ? null : events.get(0).event().eventId(),
                oldest == null ? null : oldest.event().eventId(),
                tags(events),
                Attributes.tree(line.issue().explanation()),
                events.stream().limit(NEWEST).map(IssueQuestions::eventLine).toList(),
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
        return store.health().runs(MAX_RUNS).stream()
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

    private @Nullable Issue finding(String id) {
        for (var group : store.operations().findings(Selection.ALL, null, 10_000)) {
            if (Findings.id(group.type(), group.operation(), group.parent()).equals(id)) {
                Findings.Finding finding = Findings.of(group);
                Selection bounded =
                        Window.bounded(Selection.ALL, group.firstMicros() * 1_000, group.lastMicros() * 1_000);
                return new Issue(
                        item(finding, findingTrends(bounded, TREND).getOrDefault(id, new long[TREND])),
                        new Chart(
                                finding.firstSeenAt(),
                                finding.lastSeenAt(),
                                findingTrends(bounded, CHART).getOrDefault(id, new long[CHART]),
                                List.of()),
                        null,
                        null,
                        null,
                        List.of(),
                        Attributes.object()
                                .put("version", "1")
                                .put("by", "detector")
                                .put(
                                        "sentence",
                                        String.format(
                                                Locale.ROOT,
                                                "Found by the detector for %s under %s.",
                                                finding.operation().name(),
                                                finding.parent().name()))
                                .set("parts", Attributes.object().arrayNode()),
                        List.of(),
                        finding);
            }
        }
        return null;
    }
}
