/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.OperationRef;
import io.tracebridge.dashboard.store.SpanFacts;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A trace with its tree, its critical path and the operation of each span; indexes are positions in the tree. */
final class AnalysedTrace {
    final TraceTree tree;
    final CriticalPath path;
    /** The root that names the trace. */
    final int root;

    private final List<SpanFacts> spans;
    /** Nobody says how the trace was sampled: its sender is no sampler of ours, and writes no threshold or rate. */
    private final boolean unsaid;

    private final OperationRef[] operations;
    private final @Nullable AiAttributes[] ai;

    private AnalysedTrace(List<SpanFacts> spans, TraceTree tree) {
        this.spans = spans;
        this.tree = tree;
        path = CriticalPath.of(tree);
        root = tree.pathRoots()[0];
        unsaid = spans.stream().allMatch(span -> span.weight() == null && span.keptBecause() == null);
        operations = new OperationRef[tree.size];
        ai = new AiAttributes[tree.size];
        for (int i = 0; i < tree.size; i++) {
            SpanFacts span = span(i);
            AiAttributes own = span.aiAttributes() == null ? null : AiAttributes.of(Attributes.of(span.aiAttributes()));
            ai[i] = own;
            operations[i] = new OperationRef(
                    span.service(), span.operation().isEmpty() ? span.name() : span.operation(), Kinds.of(span, own));
        }
    }

    static AnalysedTrace of(List<SpanFacts> spans) {
        List<SpanShape> shapes = new ArrayList<>(spans.size());
        for (SpanFacts span : spans) {
            shapes.add(new SpanShape(
                    span.spanId(),
                    span.parentId(),
                    span.service(),
                    span.startNanos(),
                    span.durationNanos(),
                    span.kind().equals("consumer")));
        }
        return new AnalysedTrace(spans, TraceTree.of(shapes));
    }

    SpanFacts span(int position) {
        return spans.get(tree.source[position]);
    }

    OperationRef operation(int position) {
        return operations[position];
    }

    /** What the span says about a call to a model, or null. */
    @Nullable
    AiAttributes ai(int position) {
        return ai[position];
    }

    /**
     * How many spans it stands for; null when unknown. In a trace of which nobody says how it was sampled, as an OpenTelemetry
     * SDK with its own samplers sends it, each span stands for itself: else all its counts would be nothing.
     */
    @Nullable
    Double weight(int position) {
        SpanFacts span = span(position);
        Double weight = unsaid ? (Double) 1.0 : span.weight();
        return weight == null ? null : (Double) (weight * span.storedWeight());
    }
}
