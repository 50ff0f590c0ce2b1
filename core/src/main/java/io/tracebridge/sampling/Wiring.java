/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.logs.Logger;
import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.LoggerFactory;

/** Notices when the SDK around us undoes the promise, and says so once each. */
final class Wiring {
    private static final org.slf4j.Logger LOGGER = LoggerFactory.getLogger("io.tracebridge");

    private final AtomicBoolean samplerReported = new AtomicBoolean();
    private final AtomicBoolean logsReported = new AtomicBoolean();

    /**
     * To be called after spans have started.
     * @param samplerAsked whether the SDK ever asked our sampler
     * @return whether another one is in its place
     */
    boolean checkSampler(boolean samplerAsked) {
        boolean replaced = !samplerAsked;
        if (replaced && samplerReported.compareAndSet(false, true)) {
            LOGGER.warn(
                    "Spans start, but OpenTelemetry does not ask Tracebridge's sampler: another one is set. Traces that it drops are lost even when they fail. Set Tracebridge.sampler() as the SDK's sampler");
        }
        return replaced;
    }

    /** Asks a logger whether it would drop an error of a trace that is not sampled. */
    boolean checkLogs(LoggerProvider provider) {
        Logger logger = provider.get("io.tracebridge");
        SpanContext unsampled = SpanContext.create(
                "000000000000000000000000000000ff",
                "00000000000000ff",
                TraceFlags.getDefault(),
                TraceState.getDefault());
        boolean traceBased = logger.isEnabled(Severity.ERROR, Context.root())
                && !logger.isEnabled(Severity.ERROR, Context.root().with(Span.wrap(unsampled)));
        if (traceBased && logsReported.compareAndSet(false, true)) {
            LOGGER.warn(
                    "OpenTelemetry's loggers are set to trace_based: they drop log records of traces that are not sampled by the head decision, so an error that is only logged through them cannot keep its trace. Set trace_based to false");
        }
        return traceBased;
    }
}
