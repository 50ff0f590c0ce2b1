/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;

/**
 * What a sampler of ours decides when a span begins; it adds no attributes.
 * @param state the whole state of the new span
 */
record Head(SamplingDecision decision, TraceState state) implements SamplingResult {
    @Override
    public SamplingDecision getDecision() {
        return decision;
    }

    @Override
    public Attributes getAttributes() {
        return Attributes.empty();
    }

    @Override
    public TraceState getUpdatedTraceState(TraceState parentTraceState) {
        return state;
    }
}
