/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.trace.TestSpanData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;

/** Finished spans with ids and times as a test wants them. */
final class Spans {
    static final long START = 1_765_000_000_123_456_789L;

    private Spans() {}

    static String id(int number) {
        return String.format("%016x", number);
    }

    static SpanContext context(String traceId, int span, String otTracestate) {
        TraceState state = otTracestate.isEmpty()
                ? TraceState.getDefault()
                : TraceState.builder().put("ot", otTracestate).build();
        return SpanContext.create(traceId, id(span), TraceFlags.getSampled(), state);
    }

    static TestSpanData.Builder span(int id, int parent, String name) {
        return TestSpanData.builder()
                .setSpanContext(context(BridgeFixture.TRACE, id, ""))
                .setParentSpanContext(parent == 0 ? SpanContext.getInvalid() : context(BridgeFixture.TRACE, parent, ""))
                .setName(name)
                .setKind(SpanKind.INTERNAL)
                .setStatus(StatusData.unset())
                .setHasEnded(true)
                .setStartEpochNanos(START + id * 1_000_000L)
                .setEndEpochNanos(START + id * 1_000_000L + 5_000_000L)
                .setResource(Resource.create(
                        Attributes.builder().put("service.name", "orders").build()))
                .setInstrumentationScopeInfo(InstrumentationScopeInfo.builder("test.scope")
                        .setVersion("1.0")
                        .build());
    }

    static SpanData remoteRoot(int id, String name, int remoteParent) {
        return span(id, 0, name)
                .setParentSpanContext(SpanContext.createFromRemoteParent(
                        BridgeFixture.TRACE, id(remoteParent), TraceFlags.getSampled(), TraceState.getDefault()))
                .build();
    }
}
