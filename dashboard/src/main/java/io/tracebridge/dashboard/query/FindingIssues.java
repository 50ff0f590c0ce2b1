/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.query.IssueDetails.Chart;
import io.tracebridge.dashboard.query.IssueDetails.Issue;
import io.tracebridge.dashboard.query.IssueQuestions.IssueItem;
import io.tracebridge.dashboard.store.OperationReader.FindingSlice;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TimeGrid;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the detectors found, in the shape of issues. Thread-safe. */
final class FindingIssues {
    private static final int MAX_FINDINGS = 50;

    private final Store store;

    FindingIssues(Store store) {
        this.store = store;
    }

    /** Those of a selection; its filter by attribute does not apply. */
    List<IssueItem> items(Selection selection) {
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
        Map<String, long[]> trends = trends(
                Window.bounded(
                        bySpans,
                        first(findings, Findings.Finding::firstSeenAt),
                        -first(findings, one -> -one.lastSeenAt())),
                IssueQuestions.TREND);
        return findings.stream()
                .map(one -> item(one, trends.getOrDefault(one.id(), new long[IssueQuestions.TREND])))
                .toList();
    }

    /** The whole of one, or null. */
    @Nullable
    Issue issue(String id) {
        for (var group : store.operations().findings(Selection.ALL, null, 10_000)) {
            if (Findings.id(group.type(), group.operation(), group.parent()).equals(id)) {
                Findings.Finding finding = Findings.of(group);
                Selection bounded =
                        Window.bounded(Selection.ALL, group.firstMicros() * 1_000, group.lastMicros() * 1_000);
                return new Issue(
                        item(
                                finding,
                                trends(bounded, IssueQuestions.TREND).getOrDefault(id, new long[IssueQuestions.TREND])),
                        new Chart(
                                finding.firstSeenAt(),
                                finding.lastSeenAt(),
                                trends(bounded, IssueDetails.CHART).getOrDefault(id, new long[IssueDetails.CHART]),
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

    /** The least of some times, in nanoseconds. */
    private static long first(List<Findings.Finding> findings, ToDoubleFunction<Findings.Finding> time) {
        return (long) (findings.stream().mapToDouble(time).min().orElse(0) * 1e6);
    }

    /** Traces with each finding in equal slices, by its id. */
    private Map<String, long[]> trends(Selection bounded, int slices) {
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
                "unresolved",
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
}
