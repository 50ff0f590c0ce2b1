/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * What the application's threads do: count spans, put ended ones aside, notice errors. No lock, and a queue only once
 * for each trace.
 */
final class TraceIntake {
    /** Spans of this scope are signals of our parts in an agent, not spans of the application. */
    static final String SIGNAL_SCOPE = "io.tracebridge.signal";

    private static final int MAX_LATE = 1_000;

    private final ActiveTraces active;
    private final HeldTraces held;
    private final KeptTraces kept;
    private final ErrorBudget budget;
    private final ActiveMemory memory;
    private final Accounting accounting;
    private final LongSupplier nanos;
    private final Runnable wake;

    // read by the worker
    final Queue<ActiveTrace> jobs = new ConcurrentLinkedQueue<>();
    final Queue<HeldTrace> claimed = new ConcurrentLinkedQueue<>();
    final Queue<SpanData> late = new ConcurrentLinkedQueue<>();
    final AtomicInteger lateCount = new AtomicInteger();

    /** Complete, and to be dropped for lack of memory once they are measured. */
    final Queue<ActiveTrace> refused = new ConcurrentLinkedQueue<>();

    TraceIntake(TailDecision.Parts parts, ActiveMemory memory, LongSupplier nanos, Runnable wake) {
        active = parts.active();
        held = parts.held();
        kept = parts.kept();
        accounting = parts.accounting();
        budget = parts.budget();
        this.memory = memory;
        this.nanos = nanos;
        this.wake = wake;
    }

    void started(ReadableSpan span) {
        SpanContext context = span.getSpanContext();
        if (!context.isValid()) {
            return; // ids of zeros would make one trace of everything
        }
        boolean root = isLocalRoot(span.getParentSpanContext());
        ActiveTrace trace = active.get(context.getTraceId());
        if (trace == null || !trace.start(root, context.isSampled())) {
            active.start(context.getTraceId(), root, context.isSampled(), nanos.getAsLong());
            wake.run();
        }
    }

    void ended(ReadableSpan span) {
        SpanContext context = span.getSpanContext();
        if (!context.isValid()) {
            return;
        }
        SpanData data = span.toSpanData();
        ActiveTrace trace = active.get(context.getTraceId());
        if (trace == null) {
            late(data);
            return;
        }
        boolean root = isLocalRoot(data.getParentSpanContext());
        if (isSignal(data)) {
            signal(trace, data);
        } else {
            boolean isError = ErrorTriggers.isError(data, root);
            if (isError) {
                error(trace, data);
            }
            if (!active.push(trace, data)) {
                late(data);
                return;
            }
        }
        if (root) {
            trace.rootEnded(nanos.getAsLong());
        }
        if (trace.endedLast()) {
            submit(trace);
        } else if (trace.size() >= TailDecision.MAX_OBJECTS && trace.request()) {
            jobs.add(trace);
            wake.run();
        }
    }

    private static boolean isLocalRoot(SpanContext parent) {
        return !parent.isValid() || parent.isRemote();
    }

    private static boolean isSignal(SpanData span) {
        return span.getInstrumentationScopeInfo().getName().equals(SIGNAL_SCOPE);
    }

    private void signal(ActiveTrace trace, SpanData signal) {
        keep(trace, "signal", ErrorTriggers.fingerprint(signal));
    }

    /** The first denial stands for all errors of the trace: an exception passes through many spans. */
    private void error(ActiveTrace trace, SpanData span) {
        if (trace.keepReason() == null && trace.deniedFingerprint() == null) {
            keep(trace, "error", ErrorTriggers.fingerprint(span));
        }
    }

    /** A complete trace goes to the worker, unless memory is short and nothing keeps it. */
    private void submit(ActiveTrace trace) {
        if (memory.isExhausted()) {
            active.take(trace, true);
            active.remove(trace);
            accounting.dropped(DropReason.MEMORY_PRESSURE);
            return;
        }
        boolean ordinary = trace.keepReason() == null && !trace.isHead();
        (ordinary && memory.isFull() ? refused : jobs).add(trace);
        wake.run();
    }

    private void late(SpanData span) {
        if (lateCount.incrementAndGet() > MAX_LATE) {
            lateCount.decrementAndGet();
            accounting.dropped(DropReason.LATE_SPAN);
            return;
        }
        late.add(span);
        wake.run();
    }

    boolean keep(String traceId, String reason, String fingerprint) {
        ActiveTrace trace = active.get(traceId);
        if (trace != null) {
            return keep(trace, reason, fingerprint);
        }
        if (kept.get(traceId) != null) {
            return true;
        }
        HeldTrace dropped = held.get(traceId);
        if (dropped == null) {
            return false;
        }
        if (!budget.admit(fingerprint, nanos.getAsLong())) {
            accounting.dropped(DropReason.OVER_BUDGET);
            return false;
        }
        if (dropped.claim(reason)) {
            claimed.add(dropped);
            wake.run();
            return true;
        }
        return !dropped.isEvicted(); // somebody else's reason came first
    }

    private boolean keep(ActiveTrace trace, String reason, String fingerprint) {
        if (trace.keepReason() != null) {
            return true;
        }
        String denied = trace.deniedFingerprint();
        if (fingerprint.equals(denied) || !budget.admit(fingerprint, nanos.getAsLong())) {
            trace.deny(fingerprint);
            boolean keptAnyway = trace.isHead() || kept.get(trace.traceId) != null;
            if (!keptAnyway && denied == null) {
                accounting.dropped(DropReason.OVER_BUDGET);
            }
            return keptAnyway;
        }
        trace.markKept(reason);
        // marked before this look, decided before the worker's look at the mark: one of the two sees the other
        if ((trace.decided || trace.isClosed()) && trace.request()) {
            jobs.add(trace);
            wake.run();
        }
        return true;
    }

    boolean isKept(String traceId) {
        ActiveTrace trace = active.get(traceId);
        boolean will = trace != null && (trace.isHead() || trace.keepReason() != null);
        return will || kept.get(traceId) != null;
    }

    /** Whether an error keeps this trace for certain, so that the services called from now on may be told so. */
    boolean isKnownError(String traceId) {
        ActiveTrace trace = active.get(traceId);
        return trace != null && trace.keepReason() != null && !trace.degraded;
    }
}
