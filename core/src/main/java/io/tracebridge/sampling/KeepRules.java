/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a trace is kept, why and with which weight: by a reason that it was marked with, as slow, as one of the
 * first, or by the head decision. Runs on the worker's thread alone.
 *
 * <p>Weights: a trace that any rule keeps for certain says {@code th:0}; one that only the head decision keeps says
 * the head's threshold. What is brought back after it had been dropped says nothing: the head-sampled ones of its
 * kind left with the head's weight already and stand for it.
 */
final class KeepRules {
    private final KeptTraces kept;
    private final ErrorBudget budget;
    private final SlowTraces slow;
    private int firstTraces;

    /** @param firstTraces how many are kept whatever they are */
    KeepRules(KeptTraces kept, ErrorBudget budget, SlowTraces slow, int firstTraces) {
        this.kept = kept;
        this.budget = budget;
        this.slow = slow;
        this.firstTraces = firstTraces;
    }

    /** Null when nothing keeps the trace for now. */
    @Nullable
    Verdict verdict(
            ActiveTrace trace,
            List<PlainSpan> spans,
            @Nullable PlainSpan root,
            @Nullable HeldTrace before,
            long nowNanos) {
        Verdict prior = trace.verdict != null ? trace.verdict : kept.get(trace.traceId);
        String reason = trace.keepReason();
        if (trace.decided || (prior != null && root == null)) {
            return prior == null && reason != null ? new Verdict(Threshold.UNKNOWN, reason) : prior;
        }
        Verdict own = ownVerdict(trace, spans, root, before, reason, nowNanos);
        boolean priorDecides = prior != null && (own == null || own.threshold() != Threshold.ALWAYS);
        return priorDecides ? prior : own;
    }

    private @Nullable Verdict ownVerdict(
            ActiveTrace trace,
            List<PlainSpan> spans,
            @Nullable PlainSpan root,
            @Nullable HeldTrace before,
            @Nullable String reason,
            long nowNanos) {
        String rule = reason != null ? reason : rule(root, nowNanos);
        if (rule == null && !trace.isHead()) {
            return null;
        }
        // a trace that began while new ones were not recorded is here by its head decision only
        boolean certain = rule != null && !trace.degraded;
        long threshold = certain ? Threshold.ALWAYS : headThreshold(spans);
        if (!certain && threshold == Threshold.UNKNOWN && before != null && before.open) {
            threshold = headThreshold(decoded(before));
        }
        return new Verdict(threshold, trace.isHead() || rule == null ? Verdict.HEAD : rule);
    }

    private @Nullable String rule(@Nullable PlainSpan root, long nowNanos) {
        if (root == null) {
            return null;
        }
        boolean first = firstTraces > 0;
        if (first) {
            firstTraces--;
        }
        if (slow.admit(root, nowNanos)) {
            return "slow";
        }
        return first ? "first" : null;
    }

    /** The verdict on a span that ended after its trace was decided, evicted or never seen; null for none. */
    @Nullable
    Verdict late(SpanData ended, @Nullable HeldTrace before, long nowNanos) {
        Verdict prior = kept.get(ended.getTraceId());
        if (prior != null) {
            return prior;
        }
        if (before == null && ended.getSpanContext().isSampled()) {
            return new Verdict(OtelState.threshold(ended.getSpanContext().getTraceState()), Verdict.HEAD);
        }
        boolean error = ErrorTriggers.isError(ended, false);
        return error && budget.admit(ErrorTriggers.fingerprint(ended), nowNanos)
                ? new Verdict(Threshold.UNKNOWN, "error")
                : null;
    }

    /** The spans that came last. */
    static List<PlainSpan> decoded(HeldTrace trace) {
        return trace.parts().isEmpty()
                ? List.of()
                : SpanCodec.decode(trace.parts().get(trace.parts().size() - 1).spans());
    }

    /** What the sampler wrote when it let the trace pass. */
    static long headThreshold(List<PlainSpan> spans) {
        for (PlainSpan span : spans) {
            if (span.spanContext().isSampled()) {
                return OtelState.threshold(span.spanContext().getTraceState());
            }
        }
        return Threshold.UNKNOWN;
    }
}
