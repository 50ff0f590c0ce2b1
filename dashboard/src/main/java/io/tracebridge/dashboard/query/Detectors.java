/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.TraceFinding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Finds patterns among the children of one span that cost time: similar calls in a row (N+1), calls to a model that could run side by
 * side, attempts that fail and are repeated.
 */
final class Detectors {
    private static final int MAX_SPANS = 50;
    private static final int MAX_FINDINGS = 50;
    private static final Set<String> REMOTE = Set.of("db", "client", "cache");

    private final Thresholds thresholds;

    Detectors(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** What was found, parents in the order of the tree; at most {@value #MAX_FINDINGS}. */
    List<TraceFinding> find(AnalysedTrace trace) {
        TraceTree tree = trace.tree;
        List<TraceFinding> findings = new ArrayList<>();
        for (int parent = 0; parent < tree.size && findings.size() < MAX_FINDINGS; parent++) {
            List<Integer> children = new ArrayList<>();
            for (int i = parent + 1; i < parent + tree.subtree[parent]; i += tree.subtree[i]) {
                children.add(i);
            }
            if (children.size() > 1) {
                Set<OperationRef> retried = retries(trace, parent, children, findings);
                repeats(trace, parent, children, retried, findings);
                serialCalls(trace, parent, children, retried, findings);
            }
        }
        return findings;
    }

    /** Attempts of one operation in a row, all but the last of them failing. */
    private Set<OperationRef> retries(
            AnalysedTrace trace, int parent, List<Integer> children, List<TraceFinding> findings) {
        Set<OperationRef> retried = new HashSet<>();
        byOperation(trace, children).forEach((operation, calls) -> {
            int begin = 0;
            for (int k = 0; k < calls.size(); k++) {
                boolean failed = trace.span(calls.get(k)).status() == SpanStatus.ERROR;
                boolean last = k == calls.size() - 1;
                if (failed && !last && follows(trace.tree, calls.get(k), calls.get(k + 1))) {
                    continue;
                }
                if (k - begin + 1 >= thresholds.attempts()) {
                    List<Integer> attempts = calls.subList(begin, k + 1);
                    retried.add(operation);
                    long waste = trace.tree.from(attempts.get(attempts.size() - 1)) - trace.tree.from(attempts.get(0));
                    findings.add(finding("retry_storm", trace, parent, attempts, reason(trace, attempts), waste));
                }
                begin = k + 1;
            }
        });
        return retried;
    }

    private static String reason(AnalysedTrace trace, List<Integer> attempts) {
        String type = trace.span(attempts.get(0)).errorType();
        return type == null ? "" : type;
    }

    private void repeats(
            AnalysedTrace trace,
            int parent,
            List<Integer> children,
            Set<OperationRef> retried,
            List<TraceFinding> findings) {
        byOperation(trace, children).forEach((operation, calls) -> {
            if (!REMOTE.contains(operation.kind()) || retried.contains(operation)) {
                return;
            }
            for (List<Integer> row : rows(trace.tree, calls)) {
                long total = total(trace.tree, row);
                if (row.size() >= thresholds.repeatedCalls() && total >= thresholds.repeatedMillis() * 1_000) {
                    long critical =
                            row.stream().mapToLong(i -> trace.path.critical[i]).sum();
                    String statement = trace.span(row.get(0)).name();
                    findings.add(
                            finding("n_plus_one", trace, parent, row, statement, critical - critical / row.size()));
                }
            }
        });
    }

    /** Calls to a model with nothing between them: none can have used the result of a tool that another asked for. */
    private void serialCalls(
            AnalysedTrace trace,
            int parent,
            List<Integer> children,
            Set<OperationRef> retried,
            List<TraceFinding> findings) {
        List<Integer> row = new ArrayList<>();
        for (int child : children) {
            boolean independent = trace.operation(child).kind().equals("ai")
                    && trace.span(child).status() != SpanStatus.ERROR
                    && !retried.contains(trace.operation(child))
                    && (row.isEmpty()
                            || (follows(trace.tree, row.get(row.size() - 1), child)
                                    && !sameConversation(trace, row.get(row.size() - 1), child)));
            if (!independent) {
                serial(trace, parent, row, findings);
                row = new ArrayList<>();
            }
            if (independent || trace.operation(child).kind().equals("ai")) {
                row.add(child);
            }
        }
        serial(trace, parent, row, findings);
    }

    private void serial(AnalysedTrace trace, int parent, List<Integer> row, List<TraceFinding> findings) {
        if (row.size() < 2 || row.stream().anyMatch(i -> trace.span(i).status() == SpanStatus.ERROR)) {
            return;
        }
        long longest = row.stream().mapToLong(trace.tree::duration).max().orElse(0);
        long waste = total(trace.tree, row) - longest;
        if (waste >= thresholds.serialAiMillis() * 1_000) {
            findings.add(finding("serial_ai_calls", trace, parent, row, "", waste));
        }
    }

    private static boolean sameConversation(AnalysedTrace trace, int left, int right) {
        AiAttributes one = trace.ai(left);
        AiAttributes other = trace.ai(right);
        return one != null
                && other != null
                && one.conversation() != null
                && Objects.equals(one.conversation(), other.conversation());
    }

    /** Splits calls in order of their start where one starts before the one before it ended. */
    private static List<List<Integer>> rows(TraceTree tree, List<Integer> calls) {
        List<List<Integer>> rows = new ArrayList<>();
        List<Integer> row = new ArrayList<>();
        for (int call : calls) {
            if (!row.isEmpty() && !follows(tree, row.get(row.size() - 1), call)) {
                rows.add(row);
                row = new ArrayList<>();
            }
            row.add(call);
        }
        rows.add(row);
        return rows;
    }

    private static boolean follows(TraceTree tree, int before, int after) {
        return tree.from(after) >= tree.to(before);
    }

    private static long total(TraceTree tree, List<Integer> calls) {
        return calls.stream().mapToLong(tree::duration).sum();
    }

    private static Map<OperationRef, List<Integer>> byOperation(AnalysedTrace trace, List<Integer> children) {
        Map<OperationRef, List<Integer>> groups = new HashMap<>();
        for (int child : children) {
            groups.computeIfAbsent(trace.operation(child), unused -> new ArrayList<>())
                    .add(child);
        }
        return groups;
    }

    private static TraceFinding finding(
            String type, AnalysedTrace trace, int parent, List<Integer> calls, String detail, long waste) {
        SpanFacts first = trace.span(calls.get(0));
        return new TraceFinding(
                type,
                trace.operation(calls.get(0)),
                trace.operation(parent),
                detail,
                Math.floorDiv(first.startNanos(), 1_000L),
                total(trace.tree, calls),
                Math.max(0, waste),
                calls.size(),
                trace.span(parent).spanId(),
                calls.stream().limit(MAX_SPANS).map(i -> trace.span(i).spanId()).toList());
    }
}
