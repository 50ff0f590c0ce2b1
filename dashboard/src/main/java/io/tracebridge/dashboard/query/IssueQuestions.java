/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.IssueReader;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Issues: what breaks, how often and since when.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class IssueQuestions {
    static final int TREND = 24;
    static final int MAX_RUNS = 200;

    private final Store store;
    private final FindingIssues findingIssues;

    IssueQuestions(Store store, FindingIssues findingIssues) {
        this.store = store;
        this.findingIssues = findingIssues;
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
            String status,
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
        long total = 0;
        if (errors) {
            List<IssueLine> lines = store.issues().lines(query, limit + 1, (int) offset);
            found = lines.size();
            total = found > limit || offset > 0 ? store.issues().count(query) : found;
            items.addAll(items(query.selection(), lines.subList(0, Math.min(limit, found))));
        }
        if (findings) {
            List<IssueItem> detected = findingIssues.items(query.selection());
            total += detected.size();
            if (offset == 0) {
                items.addAll(detected);
                items.sort(order(query.order()));
            }
        }
        double first = items.stream().mapToDouble(IssueItem::firstSeenAt).min().orElse(0);
        double last = items.stream().mapToDouble(IssueItem::lastSeenAt).max().orElse(0);
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

    /** What detectors found, as issues. */
    List<IssueItem> findings(Selection selection) {
        return findingIssues.items(selection);
    }

    /** The first lines of a query. */
    List<IssueItem> lines(IssueQuery query, int limit) {
        return items(query.selection(), store.issues().lines(query, limit, 0));
    }

    List<IssueItem> items(Selection selection, List<IssueLine> lines) {
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

    /** Events of each issue in equal slices. */
    Map<String, long[]> trends(Selection bounded, List<String> ids, int slices) {
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
                issue.status(),
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
}
