/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.AiCall;
import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.SpanPath;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.TraceAnalysis;
import io.tracebridge.dashboard.store.TraceSummary;
import io.tracebridge.dashboard.store.TraceSummary.Chip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Derives from the spans of one trace what lists, operations and bottlenecks are made of. Pure. */
final class TraceAnalyzer {
    private static final int MAX_SERVICES = 50;
    private static final int MAX_OPERATIONS = 200;

    private final Detectors detectors;

    TraceAnalyzer(Thresholds thresholds) {
        detectors = new Detectors(thresholds);
    }

    /**
     * The analysis.
     * @param spans all of one trace, at least one
     */
    TraceAnalysis analyse(List<SpanFacts> spans) {
        AnalysedTrace trace = AnalysedTrace.of(spans);
        return new TraceAnalysis(summary(trace), paths(trace), calls(trace), detectors.find(trace));
    }

    private static TraceSummary summary(AnalysedTrace trace) {
        TraceTree tree = trace.tree;
        SpanFacts root = trace.span(trace.root);
        Set<String> services = new LinkedHashSet<>();
        Set<OperationRef> operations = new LinkedHashSet<>();
        int errors = 0;
        for (int i = 0; i < tree.size; i++) {
            SpanFacts span = trace.span(i);
            if (services.size() < MAX_SERVICES && !span.service().isEmpty()) {
                services.add(span.service());
            }
            if (operations.size() < MAX_OPERATIONS) {
                operations.add(trace.operation(i));
            }
            errors += span.status() == SpanStatus.ERROR ? 1 : 0;
        }
        return new TraceSummary(
                root.traceId(),
                Math.floorDiv(tree.originNanos, 1_000L),
                tree.durationMicros(),
                trace.path.waitMicros,
                trace.operation(trace.root),
                new ArrayList<>(services),
                new ArrayList<>(operations),
                root.environment(),
                root.release(),
                root.runId(),
                tree.size,
                errors,
                status(trace),
                trace.weight(trace.root),
                keptBecause(trace),
                chips(trace));
    }

    private static SpanStatus status(AnalysedTrace trace) {
        SpanStatus status = SpanStatus.UNSET;
        for (int root : trace.tree.pathRoots()) {
            SpanStatus own = trace.span(root).status();
            if (own == SpanStatus.ERROR) {
                return own;
            }
            status = own == SpanStatus.OK ? own : status;
        }
        return status;
    }

    private static @Nullable String keptBecause(AnalysedTrace trace) {
        String because = trace.span(trace.root).keptBecause();
        for (int i = 0; i < trace.tree.size && (because == null || because.equals("head")); i++) {
            String other = trace.span(i).keptBecause();
            because = other == null ? because : other;
        }
        return because;
    }

    private static int chips(AnalysedTrace trace) {
        int chips = trace.tree.orphan[trace.root] ? Chip.ROOTLESS : 0;
        for (int i = 0; i < trace.tree.size; i++) {
            chips |= trace.span(i).late() ? Chip.LATE : 0;
            chips |= trace.tree.orphan[i] ? Chip.ORPHAN : 0;
            chips |= trace.tree.skewed[i] ? Chip.SKEWED : 0;
            chips |= trace.span(i).pruned() ? Chip.PARTIAL : 0;
        }
        return chips;
    }

    private static List<SpanPath> paths(AnalysedTrace trace) {
        List<SpanPath> paths = new ArrayList<>(trace.tree.size);
        Set<Integer> tops = new HashSet<>();
        for (int root : trace.tree.pathRoots()) {
            tops.add(root);
        }
        OperationRef root = trace.operation(trace.root);
        Double weight = trace.weight(trace.root);
        for (int i = 0; i < trace.tree.size; i++) {
            SpanFacts span = trace.span(i);
            boolean top = tops.contains(i);
            root = top ? trace.operation(i) : root;
            paths.add(new SpanPath(
                    root,
                    trace.operation(i),
                    Math.floorDiv(span.startNanos(), 1_000L),
                    trace.tree.duration(i),
                    trace.path.self[i],
                    trace.path.critical[i],
                    trace.weight(i),
                    weight == null ? 0 : weight,
                    span.status() == SpanStatus.ERROR,
                    top,
                    span.environment(),
                    span.runId()));
        }
        return paths;
    }

    /** Calls to models in it. */
    List<AiCall> calls(AnalysedTrace trace) {
        List<AiCall> calls = new ArrayList<>();
        for (int i = 0; i < trace.tree.size; i++) {
            AiAttributes ai = trace.ai(i);
            if (ai != null && trace.operation(i).kind().equals("ai")) {
                calls.add(call(trace, i, ai));
            }
        }
        return calls;
    }

    private static AiCall call(AnalysedTrace trace, int i, AiAttributes ai) {
        SpanFacts span = trace.span(i);
        return new AiCall(
                span.traceId(),
                span.spanId(),
                trace.operation(i),
                Math.floorDiv(span.startNanos(), 1_000L),
                trace.tree.duration(i),
                ai.operation() == null ? "chat" : ai.operation(),
                ai.provider(),
                ai.requestModel(),
                ai.responseModel(),
                ai.input(),
                ai.output(),
                ai.cacheRead(),
                ai.cacheWrite(),
                ai.reasoning(),
                ai.firstTokenMillis(),
                span.status() == SpanStatus.ERROR,
                trace.weight(i),
                span.environment(),
                span.runId());
    }
}
