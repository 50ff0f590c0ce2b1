/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;

/** The border to the SDK: nothing that happens here reaches the application's {@code span.end()}. */
final class TailSpanProcessor implements SpanProcessor {
    private final TailSampling sampling;
    private final TraceIntake intake;
    private final Accounting accounting;
    private volatile boolean stopped;

    TailSpanProcessor(TailSampling sampling, TraceIntake intake, Accounting accounting) {
        this.sampling = sampling;
        this.intake = intake;
        this.accounting = accounting;
    }

    @Override
    public void onStart(Context parentContext, ReadWriteSpan span) {
        if (stopped) {
            return;
        }
        try {
            intake.started(span);
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
            accounting.dropped(DropReason.ENCODING_FAILED);
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (stopped) {
            return;
        }
        try {
            intake.ended(span);
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
            accounting.dropped(DropReason.ENCODING_FAILED);
        }
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }

    void stop() {
        stopped = true;
    }

    @Override
    public CompletableResultCode forceFlush() {
        return sampling.flushLater();
    }

    /** Runs beside the caller: the SDK shuts traces, metrics and logs down together, and waits for all of them. */
    @Override
    public CompletableResultCode shutdown() {
        CompletableResultCode result = new CompletableResultCode();
        Thread thread = new Thread(
                () -> {
                    if (sampling.shutdown(Duration.ofSeconds(10))) {
                        result.succeed();
                    } else {
                        result.fail();
                    }
                },
                "tracebridge-sampling-close");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @Override
    public String toString() {
        return "TailSpanProcessor{}";
    }
}
