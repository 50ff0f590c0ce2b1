/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.tracebridge.context.AiProviders;
import java.util.List;

/**
 * Without tracing: nothing is recorded, all spans have ids, and those of requests to AI providers are known as such.
 * Thread-safe.
 * @since 0.1
 */
public final class UnrecordedSampler implements Sampler {
    @Override
    public SamplingResult shouldSample(
            Context parentContext,
            String traceId,
            String name,
            SpanKind spanKind,
            Attributes attributes,
            List<LinkData> parentLinks) {
        TraceState parent = Span.fromContext(parentContext).getSpanContext().getTraceState();
        TraceState state = AiProviders.marked(parent, attributes);
        return state.equals(parent) ? SamplingResult.drop() : new Head(SamplingDecision.DROP, state);
    }

    @Override
    public String getDescription() {
        return "Tracebridge{off}";
    }

    @Override
    public String toString() {
        return getDescription();
    }
}
