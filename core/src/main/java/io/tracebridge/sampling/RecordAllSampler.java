/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records every span; the head decision only sets the flag that the wire carries. Children follow their local root.
 *
 * <p>Under memory pressure a new trace that the head decision does not want is not recorded at all.
 */
final class RecordAllSampler implements Sampler {
    private static final SamplingResult SAMPLED = SamplingResult.recordAndSample();
    private static final SamplingResult RECORDED = SamplingResult.recordOnly();
    private static final SamplingResult DROPPED = SamplingResult.drop();

    private final @Nullable Sampler configured;
    private final long threshold;
    private final ActiveMemory memory;
    private final Runnable notRecorded;
    private final RateCap incoming;
    private final LongSupplier nanos;
    private final TraceState rootState;
    private final AtomicBoolean asked;

    /**
     * @param configured the head decision the user chose; null for the consistent one
     * @param notRecorded called for each trace that memory pressure leaves out
     * @param incoming how many traces a second may come in as sampled
     * @param asked becomes true with the first question
     */
    RecordAllSampler(
            @Nullable Sampler configured,
            double rate,
            ActiveMemory memory,
            Runnable notRecorded,
            RateCap incoming,
            LongSupplier nanos,
            AtomicBoolean asked) {
        this.configured = configured;
        threshold = Threshold.ofProbability(rate);
        this.memory = memory;
        this.notRecorded = notRecorded;
        this.incoming = incoming;
        this.nanos = nanos;
        this.asked = asked;
        rootState = threshold == Threshold.NEVER
                ? TraceState.getDefault()
                : OtelState.withThreshold(TraceState.getDefault(), threshold);
    }

    @Override
    public SamplingResult shouldSample(
            Context parentContext,
            String traceId,
            String name,
            SpanKind spanKind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        try {
            if (!asked.get()) {
                asked.set(true);
            }
            Span parent = Span.fromContext(parentContext);
            SpanContext context = parent.getSpanContext();
            if (context.isValid() && !context.isRemote()) {
                return child(parent, context.isSampled());
            }
            SamplingResult head = configured == null
                    ? head(context, traceId)
                    : recorded(
                            configured.shouldSample(parentContext, traceId, name, spanKind, attributes, parentLinks));
            return isLost(head) ? degraded(head, context.getTraceState()) : head;
        } catch (Throwable foreign) {
            Throwables.rethrowIfFatal(foreign);
            return RECORDED;
        }
    }

    private SamplingResult child(Span parent, boolean sampled) {
        if (sampled) {
            return SAMPLED;
        }
        // below a root that was not recorded; an ended parent is not recording either, but readable
        boolean unrecorded = memory.isDegraded() && !(parent instanceof ReadableSpan);
        return unrecorded ? DROPPED : RECORDED;
    }

    private SamplingResult head(SpanContext parent, String traceId) {
        TraceState state = parent.getTraceState();
        long randomness = OtelState.randomness(state, traceId);
        if (!parent.isValid()) {
            return decided(randomness, threshold, state);
        }
        if (!parent.isSampled()) {
            return new Head(SamplingDecision.RECORD_ONLY, OtelState.withThreshold(state, Threshold.UNKNOWN));
        }
        long theirs = OtelState.threshold(state);
        boolean consistent = theirs != Threshold.UNKNOWN && randomness >= theirs;
        if (incoming.tryPass(nanos.getAsLong())) {
            return new Head(
                    SamplingDecision.RECORD_AND_SAMPLE,
                    consistent ? state : OtelState.withThreshold(state, Threshold.UNKNOWN));
        }
        // a flood: our own decision on top of theirs, so both probabilities apply
        return decided(randomness, threshold, state, consistent ? Math.max(theirs, threshold) : Threshold.UNKNOWN);
    }

    private SamplingResult decided(long randomness, long limit, TraceState state) {
        if (state.isEmpty()) {
            return randomness >= limit ? new Head(SamplingDecision.RECORD_AND_SAMPLE, rootState) : RECORDED;
        }
        return decided(randomness, limit, state, limit);
    }

    private static SamplingResult decided(long randomness, long limit, TraceState state, long said) {
        return randomness >= limit
                ? new Head(SamplingDecision.RECORD_AND_SAMPLE, OtelState.withThreshold(state, said))
                : new Head(SamplingDecision.RECORD_ONLY, OtelState.withThreshold(state, Threshold.UNKNOWN));
    }

    private static SamplingResult recorded(SamplingResult theirs) {
        return theirs.getDecision() == SamplingDecision.DROP ? new RecordedInstead(theirs) : theirs;
    }

    private boolean isLost(SamplingResult head) {
        return head.getDecision() != SamplingDecision.RECORD_AND_SAMPLE && memory.isDegraded();
    }

    private SamplingResult degraded(SamplingResult head, TraceState parent) {
        notRecorded.run();
        return new Head(SamplingDecision.DROP, head.getUpdatedTraceState(parent));
    }

    @Override
    public String getDescription() {
        return "Tracebridge{" + (configured == null ? Threshold.probability(threshold) : configured.getDescription())
                + "}";
    }

    @Override
    public String toString() {
        return getDescription();
    }

    /** What a foreign sampler said, except that the span is recorded. */
    private record RecordedInstead(SamplingResult theirs) implements SamplingResult {
        @Override
        public SamplingDecision getDecision() {
            return SamplingDecision.RECORD_ONLY;
        }

        @Override
        public Attributes getAttributes() {
            return theirs.getAttributes();
        }

        @Override
        public TraceState getUpdatedTraceState(TraceState parentTraceState) {
            return theirs.getUpdatedTraceState(parentTraceState);
        }
    }
}
