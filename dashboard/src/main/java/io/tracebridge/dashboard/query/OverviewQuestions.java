/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tracebridge.dashboard.query.BottleneckQuestions.Bottleneck;
import io.tracebridge.dashboard.query.IssueQuestions.IssueItem;
import io.tracebridge.dashboard.query.IssueQuestions.IssuePage;
import io.tracebridge.dashboard.query.OperationQuestions.OperationItem;
import io.tracebridge.dashboard.query.OperationQuestions.Sort;
import io.tracebridge.dashboard.store.AiQuery;
import io.tracebridge.dashboard.store.AiReader.Usage;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.TraceQuery;
import io.tracebridge.dashboard.store.TraceReader.Slice;
import io.tracebridge.dashboard.store.TraceReader.Totals;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first page in one answer.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class OverviewQuestions {
    private static final int SLICES = 60;
    private static final int ROWS = 5;
    private static final int RECENT = 60;

    private final Store store;
    private final Queries queries;

    OverviewQuestions(Store store, Queries queries) {
        this.store = store;
        this.queries = queries;
    }

    /** Traces a minute. */
    public record Requests(
            double perMinute,
            double count,
            double[] trend,
            @Nullable Double previous) {}

    /** Failed traces. */
    public record Errors(
            double share,
            double count,
            double[] trend,
            @Nullable Double previous) {}

    /** How long traces take. */
    public record Latency(
            double p95Ms,
            double p50Ms,
            long samples,
            @Nullable Double[] trend,
            @Nullable Double previous) {}

    /** Issues with events in the window; the trend counts events. */
    public record OpenIssues(long open, @JsonProperty("new") long newIssues, long[] trend) {}

    /** Calls to models. */
    public record Ai(@Nullable Double costUsd, double unpriced, double calls, double tokens, double[] trend) {}

    /** The five tiles. */
    public record Tiles(Requests requests, Errors errors, Latency latency, OpenIssues issues, Ai ai) {}

    /** A dot of the strip. */
    public record Recent(
            String id, double startAt, double endAt, double durationMs, String status, String operation, long errors) {}

    /** The whole. */
    public record Overview(
            Window window,
            boolean empty,
            Tiles tiles,
            Estimate estimate,
            List<Bottleneck> bottlenecks,
            List<IssueItem> issues,
            List<OperationItem> operations,
            List<Recent> recent,
            Map<String, Long> received) {}

    /** Everything of the first page. */
    public Overview overview(Selection selection) {
        TraceQuery query = TraceQuery.newest(selection);
        Totals totals = store.traces().totals(query);
        // the ends of spans, not of traces: a trace that began first may have calls that began last
        Selection bounded = queries.operations().bounded(selection);
        Totals before = before(selection);
        List<Slice> slices = store.traces().slices(bounded, SLICES);
        IssueQuery issueQuery =
                new IssueQuery(selection, null, false, null, null, IssueQuery.OPEN, IssueQuery.Order.LAST_SEEN);
        IssuePage issues = queries.issues().list(issueQuery, true, true, 200, 0);
        return new Overview(
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())),
                queries.health().isEmpty(),
                new Tiles(
                        requests(totals, before, slices, minutes(bounded)),
                        errors(totals, before, slices),
                        latency(totals, before, slices),
                        openIssues(issues),
                        ai(bounded)),
                Estimate.of(totals.seen(), totals.estimated(), totals.unknown(), totals.weighted()),
                queries.bottlenecks().top(bounded, 3).items(),
                issues.items().stream().limit(ROWS).toList(),
                queries.operations()
                        .list(bounded, null, false, Sort.P95, false, ROWS, 0)
                        .items(),
                recent(query),
                queries.health().acceptedByProtocol());
    }

    private static double minutes(Selection bounded) {
        return Math.max(1, (bounded.toNanos() - bounded.fromNanos()) / 60e9);
    }

    /** The window of the same length before; null when there is none or nothing in it. */
    private @Nullable Totals before(Selection selection) {
        if (selection.fromNanos() == Long.MIN_VALUE) {
            return null;
        }
        long to = selection.toNanos() == Long.MAX_VALUE ? queries.nowNanos() : selection.toNanos();
        long length = to - selection.fromNanos();
        Totals totals = store.traces()
                .totals(TraceQuery.newest(selection.between(selection.fromNanos() - length, selection.fromNanos())));
        return totals.seen() == 0 ? null : totals;
    }

    private static Requests requests(Totals totals, @Nullable Totals before, List<Slice> slices, double minutes) {
        double[] trend = new double[SLICES];
        slices.forEach(slice -> trend[OperationQuestions.at(slice.slice(), SLICES)] += slice.count());
        return new Requests(
                Units.round(totals.estimated() / minutes),
                Units.round(totals.estimated()),
                trend,
                before == null ? null : (Double) Units.round(before.estimated() / minutes));
    }

    private static Errors errors(Totals totals, @Nullable Totals before, List<Slice> slices) {
        double[] trend = new double[SLICES];
        slices.forEach(slice ->
                trend[OperationQuestions.at(slice.slice(), SLICES)] = Units.share(slice.errors(), slice.count()));
        return new Errors(
                Units.share(totals.errors(), totals.estimated()),
                Units.round(totals.errors()),
                trend,
                before == null ? null : (Double) Units.share(before.errors(), before.estimated()));
    }

    private static Latency latency(Totals totals, @Nullable Totals before, List<Slice> slices) {
        @Nullable Double[] trend = new @Nullable Double[SLICES];
        slices.forEach(slice -> trend[OperationQuestions.at(slice.slice(), SLICES)] = Units.millis(slice.p95()));
        return new Latency(
                Units.millis(totals.p95()),
                Units.millis(totals.p50()),
                totals.seen() - totals.unknown(),
                trend,
                before == null ? null : (Double) Units.millis(before.p95()));
    }

    private static OpenIssues openIssues(IssuePage issues) {
        List<IssueItem> errors = issues.items().stream()
                .filter(issue -> issue.kind().equals("error"))
                .toList();
        // all findings are on the first page
        int findings = issues.items().size() - errors.size();
        long[] trend = new long[24];
        for (IssueItem issue : errors) {
            for (int i = 0; i < trend.length; i++) {
                trend[i] += issue.trend()[i];
            }
        }
        return new OpenIssues(
                issues.total() - findings,
                errors.stream().filter(IssueItem::isNew).count(),
                trend);
    }

    private Ai ai(Selection bounded) {
        AiQuery query = new AiQuery(bounded, null, null, null, null, AiQuery.Order.START);
        AiQuestions.Totals totals = queries.ai().totals(query);
        double[] trend = new double[SLICES];
        for (Usage slice : store.ai().usage(query, SLICES)) {
            Double usd = queries.ai().usd(slice);
            trend[OperationQuestions.at(slice.slice(), SLICES)] += usd == null ? 0 : usd;
        }
        return new Ai(
                totals.costUsd(),
                totals.unpriced(),
                totals.calls(),
                Units.round(totals.inputTokens() + totals.outputTokens()),
                trend);
    }

    private List<Recent> recent(TraceQuery query) {
        List<TraceSummary> newest = store.traces().summaries(query, RECENT);
        return queries.traces().items(newest).stream()
                .map(item -> new Recent(
                        item.id(),
                        item.startAt(),
                        item.endAt(),
                        item.durationMs(),
                        item.status(),
                        item.operation(),
                        item.errors()))
                .toList();
    }
}
