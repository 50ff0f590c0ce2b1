/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.IssueReader.TraceIssue;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceQuery;
import io.tracebridge.dashboard.store.TraceReader.Totals;
import io.tracebridge.dashboard.store.TraceSummary;
import io.tracebridge.dashboard.store.TraceSummary.Chip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The list of traces.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class TraceQuestions {
    private final Store store;
    private final PriceTable prices;

    TraceQuestions(Store store, PriceTable prices) {
        this.store = store;
        this.prices = prices;
    }

    /** One page. */
    public record TracePage(
            List<TraceItem> items, @Nullable String next, Window window, Estimate estimate, double p99Ms) {}

    /** One line. */
    public record TraceItem(
            String id,
            double startAt,
            double endAt,
            double durationMs,
            String operation,
            String operationKey,
            String kind,
            String service,
            List<String> services,
            @Nullable String environment,
            String run,
            int spans,
            long errors,
            int errorSpans,
            String status,
            List<String> issueIds,
            AiSum ai,
            @Nullable Double weight,
            KeptReason kept,
            List<String> chips) {}

    /** The page that the query asks for. */
    public TracePage list(TraceQuery query, int limit) {
        List<TraceSummary> found = store.traces().summaries(query, limit + 1);
        List<TraceSummary> page = found.subList(0, Math.min(limit, found.size()));
        TraceSummary last = page.isEmpty() ? null : page.get(page.size() - 1);
        String next = found.size() > limit && last != null
                ? Cursor.of(query.byDuration() ? last.durationMicros() : last.startMicros(), last.traceId())
                : null;
        Totals totals = store.traces().totals(query);
        return new TracePage(
                items(page),
                next,
                Window.of(query.selection(), totals.firstStartMicros() * 1_000, totals.lastStartMicros() * 1_000),
                Estimate.of(totals.seen(), totals.estimated(), totals.unknown(), totals.weighted()),
                Units.millis(totals.p99()));
    }

    /** Lines with what events and calls to models add to them. */
    List<TraceItem> items(List<TraceSummary> summaries) {
        List<String> ids = summaries.stream().map(TraceSummary::traceId).toList();
        Map<String, List<TraceIssue>> issues = new HashMap<>();
        store.issues()
                .issuesOfTraces(ids)
                .forEach(issue -> issues.computeIfAbsent(issue.traceId(), unused -> new ArrayList<>())
                        .add(issue));
        Map<String, List<AiCall>> calls = new HashMap<>();
        store.ai()
                .callsOfTraces(ids)
                .forEach(call -> calls.computeIfAbsent(call.traceId(), unused -> new ArrayList<>())
                        .add(call));
        return summaries.stream()
                .map(summary -> item(
                        summary,
                        issues.getOrDefault(summary.traceId(), List.of()),
                        calls.getOrDefault(summary.traceId(), List.of())))
                .toList();
    }

    private TraceItem item(TraceSummary summary, List<TraceIssue> issues, List<AiCall> calls) {
        return new TraceItem(
                summary.traceId(),
                summary.startMicros() / 1_000.0,
                (summary.startMicros() + summary.durationMicros()) / 1_000.0,
                Units.millis(summary.durationMicros()),
                summary.root().name(),
                summary.root().key(),
                summary.root().kind(),
                summary.root().service(),
                summary.services(),
                summary.environment(),
                summary.runId(),
                summary.spans(),
                issues.stream().mapToLong(TraceIssue::events).sum(),
                summary.errorSpans(),
                issues.isEmpty() ? summary.status().name().toLowerCase(Locale.ROOT) : "error",
                issues.stream().map(TraceIssue::issueId).toList(),
                AiSum.of(calls, prices),
                summary.weight(),
                KeptReason.of(summary.keptBecause()),
                chips(summary.chips()));
    }

    static List<String> chips(int bits) {
        List<String> chips = new ArrayList<>();
        add(chips, bits, Chip.LATE, "late");
        add(chips, bits, Chip.ORPHAN, "orphan");
        add(chips, bits, Chip.SKEWED, "skewed");
        add(chips, bits, Chip.ROOTLESS, "rootless");
        add(chips, bits, Chip.PARTIAL, "partial");
        return chips;
    }

    private static void add(List<String> chips, int bits, int bit, String name) {
        if ((bits & bit) != 0) {
            chips.add(name);
        }
    }
}
