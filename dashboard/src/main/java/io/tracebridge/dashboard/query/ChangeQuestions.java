/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tracebridge.dashboard.query.IssueQuestions.IssueItem;
import io.tracebridge.dashboard.query.JudgedChange.Verdict;
import io.tracebridge.dashboard.query.OperationChanges.Pair;
import io.tracebridge.dashboard.query.OperationChanges.Pairs;
import io.tracebridge.dashboard.store.IssueLine;
import io.tracebridge.dashboard.store.IssueQuery;
import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader.Wait;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.RunRecord;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is different in a time from the equally long time before it: what got slower or fails more, what is new.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class ChangeQuestions {
    private static final int MAX_ISSUES = 20;
    private static final int MAX_RUNS = 6;
    private static final long SECOND = 1_000_000_000L;

    private final Store store;
    private final Queries queries;
    private final OperationChanges changes;

    ChangeQuestions(Store store, Queries queries) {
        this.store = store;
        this.queries = queries;
        changes = new OperationChanges(store, queries.operations());
    }

    /** How an operation did in one of the times; {@code heldMs} is how long a call itself held its request up. */
    public record Side(
            double count,
            double perMinute,
            double p50Ms,
            double p95Ms,
            double errors,
            double errorShare,
            double heldMs,
            long samples,
            boolean few,
            Estimate estimate) {}

    /**
     * What can be told of one figure.
     * @param chance how likely chance alone makes a difference like this, 0…1; null when there is too little to say
     * @param change {@code up}, {@code down}, or null: nothing that is told
     */
    public record Told(@Nullable Double chance, @Nullable String change) {}

    /** One operation. */
    public record ChangeItem(
            String key,
            String name,
            String kind,
            String service,
            String verdict,
            @Nullable Side before,
            @Nullable Side now,
            Told p50,
            Told p95,
            Told errors,
            @Nullable Double addedMs) {}

    /** Requests of one of the times. */
    public record Requests(double count, double perMinute, Estimate estimate) {}

    /** Of both. */
    public record BothRequests(@Nullable Requests before, Requests now) {}

    /** Operations by verdict; {@code untold} are those that have too few calls to say anything. */
    public record Counts(long worse, long better, long onlyNow, long onlyBefore, long same, long untold) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);
    }

    /** Issues that first happened in the time, and those that happened in it although somebody had resolved them. */
    public record Issues(@JsonProperty("new") List<IssueItem> fresh, List<IssueItem> regressed, boolean more) {
        static final Issues NONE = new Issues(List.of(), List.of(), false);
    }

    /** A start of a process, as a time to compare with what was before it. */
    public record RunStart(
            String id, String service, @Nullable String release, double startedAt) {}

    /** One page; {@code before} is null when nothing is stored from before. */
    public record Comparison(
            List<ChangeItem> items,
            @Nullable String next,
            Window window,
            @Nullable Window before,
            Counts counts,
            BothRequests requests,
            Issues issues,
            List<RunStart> runs) {}

    /**
     * Compares.
     * @param kind exact, or null
     * @param all also operations of which no change is told
     */
    public Comparison of(Selection asked, @Nullable String kind, boolean all, int limit, long offset) {
        List<RunRecord> runs = store.health().runs(IssueQuestions.MAX_RUNS);
        ComparedTimes times = ComparedTimes.of(asked, store, runs, queries.nowNanos(), queries.oldestNanos());
        Selection now = times.now();
        Selection before = times.before();
        Requests requests = requests(now);
        List<RunStart> starts = starts(now, runs);
        if (before == null) {
            return new Comparison(
                    List.of(),
                    null,
                    window(now),
                    null,
                    Counts.NONE,
                    new BothRequests(null, requests),
                    Issues.NONE,
                    starts);
        }
        Pairs pairs = changes.of(before, now);
        List<Pair> some = pairs.all().stream()
                .filter(pair -> kind == null || pair.operation().kind().equals(kind))
                .toList();
        Ranked old = new Ranked(before);
        Ranked fresh = new Ranked(now);
        // percentiles cost most: of those that may be told first, of others only those on the page
        List<Pair> certain = some.stream().filter(pairs::isTold).toList();
        old.rank(certain.stream().map(Pair::before).toList());
        fresh.rank(certain.stream().map(Pair::now).toList());
        List<JudgedChange> judged = some.stream()
                .map(pair -> JudgedChange.of(pair, pairs.told(), old.of(pair.before()), fresh.of(pair.now())))
                .sorted(JudgedChange.ORDER)
                .toList();
        List<JudgedChange> listed = judged.stream()
                .filter(one -> all || one.verdict() != Verdict.SAME)
                .toList();
        List<JudgedChange> page = listed.stream().skip(offset).limit(limit).toList();
        old.rank(page.stream().map(one -> one.pair().before()).toList());
        fresh.rank(page.stream().map(one -> one.pair().now()).toList());
        return new Comparison(
                page.stream().map(one -> item(one, old, fresh)).toList(),
                offset + limit < listed.size() ? Cursor.of(offset + limit) : null,
                window(now),
                window(before),
                counts(judged),
                new BothRequests(requests(before), requests),
                issues(before, now),
                starts);
    }

    /** Figures of one time, with percentiles of those that were asked for. */
    private final class Ranked {
        private final Selection bounded;
        private final Map<OperationRef, OperationFigures> known = new HashMap<>();

        private Ranked(Selection bounded) {
            this.bounded = bounded;
        }

        private void rank(List<@Nullable OperationFigures> figures) {
            List<OperationFigures> missing = new ArrayList<>();
            for (OperationFigures one : figures) {
                if (one != null && !known.containsKey(one.operation())) {
                    missing.add(one);
                }
            }
            known.putAll(changes.ranked(bounded, missing));
        }

        private @Nullable OperationFigures of(@Nullable OperationFigures figures) {
            return figures == null ? null : known.getOrDefault(figures.operation(), figures);
        }

        private @Nullable Side side(@Nullable OperationFigures figures) {
            OperationFigures one = of(figures);
            if (one == null) {
                return null;
            }
            long samples = one.seen() - one.unknown();
            return new Side(
                    Units.round(one.count()),
                    Units.round(one.count() / minutes(bounded)),
                    Units.millis(one.p50()),
                    Units.millis(one.p95()),
                    Units.round(one.errors()),
                    Units.share(one.errors(), one.count()),
                    Units.millis(JudgedChange.perCall(one.critical(), one)),
                    samples,
                    samples < OperationQuestions.FEW,
                    Estimate.of(one.seen(), one.count(), one.unknown(), one.weighted()));
        }
    }

    private static ChangeItem item(JudgedChange one, Ranked old, Ranked fresh) {
        OperationRef operation = one.pair().operation();
        Side before = old.side(one.pair().before());
        Side now = fresh.side(one.pair().now());
        return new ChangeItem(
                operation.key(),
                operation.name(),
                operation.kind(),
                operation.service(),
                one.verdict().name().toLowerCase(Locale.ROOT),
                before,
                now,
                one.p50(),
                one.p95(),
                one.errors(),
                before == null || now == null ? null : (Double) Units.millis(one.added()));
    }

    private static Counts counts(List<JudgedChange> judged) {
        Map<Verdict, Long> by =
                judged.stream().collect(Collectors.groupingBy(JudgedChange::verdict, Collectors.counting()));
        long untold = judged.stream()
                .filter(one -> one.verdict() == Verdict.SAME && one.p50().chance() == null)
                .count();
        return new Counts(
                by.getOrDefault(Verdict.WORSE, 0L),
                by.getOrDefault(Verdict.BETTER, 0L),
                by.getOrDefault(Verdict.ONLY_NOW, 0L),
                by.getOrDefault(Verdict.ONLY_BEFORE, 0L),
                by.getOrDefault(Verdict.SAME, 0L) - untold,
                untold);
    }

    private static Window window(Selection bounded) {
        return new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos()));
    }

    private static double minutes(Selection bounded) {
        return (bounded.toNanos() - bounded.fromNanos()) / 60e9;
    }

    private Requests requests(Selection bounded) {
        Wait wait = store.operations().waited(bounded);
        return new Requests(
                Units.round(wait.count()),
                Units.round(wait.count() / minutes(bounded)),
                Estimate.of(wait.seen(), wait.count(), wait.unknown(), wait.weighted()));
    }

    private Issues issues(Selection before, Selection now) {
        List<IssueItem> fresh = lines(now, IssueQuery.OPEN, IssueQuery.Order.FIRST_SEEN);
        fresh.removeIf(issue -> issue.firstSeenAt() < Units.at(now.fromNanos()));
        List<IssueItem> regressed = lines(now, List.of("regressed"), IssueQuery.Order.LAST_SEEN);
        regressed.removeIf(issue -> issue.firstSeenAt() >= Units.at(now.fromNanos()));
        Set<String> known =
                queries.issues().findings(before).stream().map(IssueItem::id).collect(Collectors.toSet());
        List<IssueItem> found = new ArrayList<>(queries.issues().findings(now));
        found.removeIf(finding -> known.contains(finding.id()));
        boolean more = fresh.size() + found.size() > MAX_ISSUES || regressed.size() > MAX_ISSUES;
        fresh.addAll(found);
        return new Issues(
                fresh.stream().limit(MAX_ISSUES).toList(),
                regressed.stream().limit(MAX_ISSUES).toList(),
                more);
    }

    private List<IssueItem> lines(Selection now, List<String> statuses, IssueQuery.Order order) {
        IssueQuery query = new IssueQuery(now, null, false, null, null, statuses, order);
        List<IssueLine> lines = new ArrayList<>(store.issues().lines(query, MAX_ISSUES + 1, 0));
        // when an issue regressed is not stored: one that went on after the time may have regressed after it
        lines.removeIf(line -> line.issue().status().equals("regressed")
                && line.issue().firstSeenNanos() < now.fromNanos()
                && line.issue().lastSeenNanos() >= now.toNanos());
        return new ArrayList<>(queries.issues().items(now, lines));
    }

    /** Newest first; the first of all has nothing before it. */
    private List<RunStart> starts(Selection now, List<RunRecord> runs) {
        long oldest = queries.oldestNanos();
        return runs.stream()
                // without a name it is this server's own run
                .filter(run -> !run.service().isEmpty())
                .filter(run -> now.services().isEmpty() || now.services().contains(run.service()))
                .filter(run -> run.firstSeenNanos() - SECOND > oldest)
                .sorted(Comparator.comparingLong(RunRecord::firstSeenNanos).reversed())
                .limit(MAX_RUNS)
                .map(run -> new RunStart(run.runId(), run.service(), run.release(), Units.at(run.firstSeenNanos())))
                .toList();
    }
}
