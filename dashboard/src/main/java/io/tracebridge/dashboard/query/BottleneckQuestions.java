/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationFigures;
import io.tracebridge.dashboard.store.OperationReader.Blame;
import io.tracebridge.dashboard.store.OperationReader.Evidence;
import io.tracebridge.dashboard.store.OperationReader.Order;
import io.tracebridge.dashboard.store.OperationReader.Wait;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.Selection;
import io.tracebridge.dashboard.store.Store;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What users waited for: operations by their time on critical paths, over the time that all roots took.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class BottleneckQuestions {
    private static final int EVIDENCE = 3;
    private static final int MAX_FINDINGS = 50;

    private final Store store;
    private final OperationQuestions operations;
    private final EvidenceTraces evidence;

    BottleneckQuestions(Store store, OperationQuestions operations, EvidenceTraces evidence) {
        this.store = store;
        this.operations = operations;
        this.evidence = evidence;
    }

    /** The root under which an operation weighs most; {@code share} is of the waiting under that root. */
    public record Root(String key, String name, String kind, String service, double share) {}

    /** What a detector found there. */
    public record FindingNote(String type, String sentence, String id) {}

    /** One bottleneck. */
    public record Bottleneck(
            int rank,
            OperationName operation,
            double share,
            double criticalMs,
            double p95Ms,
            double calls,
            Root root,
            String sentence,
            @Nullable FindingNote finding,
            List<EvidenceTraces.Item> evidence,
            Estimate estimate) {}

    /** The ranking with all findings of the time. */
    public record Ranking(
            List<Bottleneck> items, Window window, double waitMs, double requests, List<Findings.Finding> findings) {}

    private static final class Sum {
        private double critical;
        private @Nullable Blame most;
    }

    /** The operations that were waited for longest. */
    public Ranking top(Selection selection, int top) {
        Selection bounded = operations.bounded(selection);
        Selection everywhere = new Selection(
                List.of(),
                selection.environments(),
                selection.runs(),
                selection.fromNanos(),
                selection.toNanos(),
                null,
                selection.attributes());
        Wait wait = store.operations().waited(everywhere);
        List<Blame> blames = store.operations().blames(everywhere);
        Map<OperationRef, Double> waitByRoot = new HashMap<>();
        blames.forEach(blame -> waitByRoot.merge(blame.root(), blame.critical(), Double::sum));
        List<Map.Entry<OperationRef, Sum>> ranked =
                ranked(blames, bounded).stream().limit(top).toList();
        Map<OperationRef, OperationFigures> figures = new HashMap<>();
        if (!ranked.isEmpty()) {
            store.operations()
                    .figures(
                            everywhere,
                            false,
                            ranked.stream().map(Map.Entry::getKey).toList())
                    .forEach(one -> figures.put(one.operation(), one));
        }
        List<Findings.Finding> findings = store.operations().findings(everywhere, null, MAX_FINDINGS).stream()
                .map(Findings::of)
                .toList();
        Map<OperationRef, List<Evidence>> proofs = new LinkedHashMap<>();
        ranked.forEach(entry -> proofs.put(
                entry.getKey(), store.operations().evidence(everywhere, entry.getKey(), Order.CRITICAL, 0, EVIDENCE)));
        Map<OperationRef, List<EvidenceTraces.Item>> items = evidence.items(proofs);
        List<Bottleneck> bottlenecks = new ArrayList<>();
        for (Map.Entry<OperationRef, Sum> entry : ranked) {
            bottlenecks.add(bottleneck(
                    bottlenecks.size() + 1,
                    entry.getKey(),
                    entry.getValue(),
                    wait,
                    waitByRoot,
                    figures.get(entry.getKey()),
                    findings,
                    items.getOrDefault(entry.getKey(), List.of())));
        }
        return new Ranking(
                bottlenecks,
                new Window(Units.at(bounded.fromNanos()), Units.at(bounded.toNanos())),
                Units.millis(wait.micros()),
                Units.round(wait.count()),
                findings);
    }

    private static List<Map.Entry<OperationRef, Sum>> ranked(List<Blame> blames, Selection selection) {
        Map<OperationRef, Sum> sums = new LinkedHashMap<>();
        String text = selection.text() == null ? "" : selection.text().toLowerCase(Locale.ROOT);
        for (Blame blame : blames) {
            OperationRef operation = blame.operation();
            boolean asked =
                    (selection.services().isEmpty() || selection.services().contains(operation.service()))
                            && operation.name().toLowerCase(Locale.ROOT).contains(text);
            if (asked) {
                Sum sum = sums.computeIfAbsent(operation, unused -> new Sum());
                sum.critical += blame.critical();
                sum.most = sum.most == null || blame.critical() > sum.most.critical() ? blame : sum.most;
            }
        }
        List<Map.Entry<OperationRef, Sum>> ranked = new ArrayList<>(sums.entrySet());
        ranked.sort(Comparator.comparingDouble((Map.Entry<OperationRef, Sum> entry) -> entry.getValue().critical)
                .reversed());
        return ranked;
    }

    private static Bottleneck bottleneck(
            int rank,
            OperationRef operation,
            Sum sum,
            Wait wait,
            Map<OperationRef, Double> waitByRoot,
            @Nullable OperationFigures figures,
            List<Findings.Finding> findings,
            List<EvidenceTraces.Item> evidence) {
        OperationRef under = sum.most == null ? operation : sum.most.root();
        double share = Units.share(sum.most == null ? 0 : sum.most.critical(), waitByRoot.getOrDefault(under, 0.0));
        return new Bottleneck(
                rank,
                OperationName.of(operation),
                Units.share(sum.critical, wait.micros()),
                Units.millis(sum.critical),
                figures == null ? 0 : Units.millis(figures.p95()),
                figures == null ? 0 : Units.round(figures.count()),
                new Root(under.key(), under.name(), under.kind(), under.service(), share),
                sentence(operation, under, share),
                finding(operation, findings),
                evidence,
                figures == null
                        ? Estimate.of(0, 0, 0, false)
                        : Estimate.of(figures.seen(), figures.count(), figures.unknown(), figures.weighted()));
    }

    private static String sentence(OperationRef operation, OperationRef root, double share) {
        String start = Units.percent(share) + " of waiting in " + root.name() + " is ";
        return operation.equals(root)
                ? start + "its own time, outside of the spans below it."
                : start + operation.name() + ".";
    }

    private static @Nullable FindingNote finding(OperationRef operation, List<Findings.Finding> findings) {
        for (Findings.Finding finding : findings) {
            if (finding.operation().key().equals(operation.key())
                    || finding.parent().key().equals(operation.key())) {
                return new FindingNote(finding.type(), finding.sentence(), finding.id());
            }
        }
        return null;
    }
}
