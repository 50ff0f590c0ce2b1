/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread behind the tail decision. It looks at complete traces every 20 ms while there are any, and at the clock
 * once a second. It starts with the first span and has nothing to wait for but the clock, so it cannot hang.
 */
final class DecisionWorker {
    private static final Logger LOGGER = LoggerFactory.getLogger("io.tracebridge");
    private static final long BUSY_PARK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long IDLE_PARK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** How long a trace waits for spans that are open when its root has ended. */
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** After so long without any span starting or ending, the rest is taken as never ending. */
    private static final long ABANDONED_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final TailDecision decision;
    private final ActiveTraces active;
    private final ActiveMemory memory;
    private final Accounting accounting;
    private final LongSupplier nanos;
    private final boolean threaded;
    private final List<ExportLane> lanes;
    private final Queue<CompletableResultCode> flushes = new ConcurrentLinkedQueue<>();
    private @Nullable TraceIntake intake;
    private Runnable check = () -> {};

    private volatile @Nullable Thread thread;
    private volatile boolean idle;
    private volatile boolean stopping;
    private long lastSweep;
    private boolean failedBefore;

    DecisionWorker(
            TailDecision decision,
            TailDecision.Parts parts,
            ActiveMemory memory,
            List<ExportLane> lanes,
            LongSupplier nanos,
            boolean threaded) {
        this.decision = decision;
        active = parts.active();
        accounting = parts.accounting();
        this.memory = memory;
        this.lanes = lanes;
        this.nanos = nanos;
        this.threaded = threaded;
        lastSweep = nanos.getAsLong();
    }

    /** @param check called once a second while there are spans */
    void feedFrom(TraceIntake source, Runnable check) {
        intake = source;
        this.check = check;
    }

    /** Called by the application's threads: two volatile reads, unless the worker sleeps. */
    void wake() {
        Thread started = thread;
        if (started == null) {
            start();
        } else if (idle) {
            idle = false;
            LockSupport.unpark(started);
        }
    }

    private synchronized void start() {
        if (thread == null && !stopping) {
            Thread starting = new Thread(this::run, "tracebridge-sampling");
            starting.setDaemon(true);
            thread = starting;
            starting.start();
        }
    }

    private void run() {
        try {
            work();
        } finally {
            thread = null; // after a fatal error the next span starts another one
        }
    }

    private void work() {
        while (!stopping) {
            boolean worked = tick();
            if (!worked && active.size() == 0) {
                idle = true;
                // a trace that came between the look and the flag must not wait a second
                if (intake == null || (intake.jobs.isEmpty() && flushes.isEmpty())) {
                    LockSupport.parkNanos(this, IDLE_PARK_NANOS);
                }
                idle = false;
            } else {
                LockSupport.parkNanos(this, BUSY_PARK_NANOS);
            }
            if (Thread.interrupted()) {
                LOGGER.debug("An interrupt of the decision thread was ignored: nobody but us may end it");
            }
        }
    }

    /** One round of work. Tests call it on their own thread. */
    boolean tick() {
        boolean worked = drain();
        long now = nanos.getAsLong();
        if (memory.isDegraded()) {
            relieve(now);
        }
        if (now - lastSweep >= SWEEP_NANOS) {
            lastSweep = now;
            guarded(() -> sweep(now));
            guarded(() -> decision.expire(now));
        }
        completeFlushes();
        return worked;
    }

    private boolean drain() {
        TraceIntake source = intake;
        if (source == null) {
            return false;
        }
        boolean worked = false;
        for (ActiveTrace trace = source.jobs.poll(); trace != null; trace = source.jobs.poll()) {
            process(trace, false);
            worked = true;
        }
        for (ActiveTrace trace = source.refused.poll(); trace != null; trace = source.refused.poll()) {
            refuse(trace);
            worked = true;
        }
        for (SpanData span = source.late.poll(); span != null; span = source.late.poll()) {
            source.lateCount.decrementAndGet();
            SpanData late = span;
            guarded(() -> decision.late(late, nanos.getAsLong()));
            worked = true;
        }
        for (HeldTrace trace = source.claimed.poll(); trace != null; trace = source.claimed.poll()) {
            HeldTrace claimed = trace;
            guarded(() -> decision.release(claimed, nanos.getAsLong()));
            worked = true;
        }
        return worked;
    }

    private void process(ActiveTrace trace, boolean due) {
        guarded(() -> decision.process(trace, due, nanos.getAsLong()));
    }

    private void refuse(ActiveTrace trace) {
        List<SpanData> spans = active.take(trace, true).spans();
        guarded(() -> decision.measureDropped(spans));
        active.remove(trace);
        accounting.dropped(DropReason.MEMORY_PRESSURE);
    }

    /** Objects become bytes, a fifth of their size. */
    private void relieve(long now) {
        for (ActiveTrace trace : active.all()) {
            if (!memory.isDegraded()) {
                return;
            }
            if (!trace.isClosed() && trace.size() > 0) {
                process(trace, isDue(trace, now));
            }
        }
    }

    private void sweep(long now) {
        if (active.size() > 0) {
            check.run();
        }
        for (ActiveTrace trace : active.all()) {
            if (trace.isClosed()) {
                continue; // it is on its way
            }
            if (trace.seenCounter != trace.counter()) {
                trace.seenCounter = trace.counter();
                trace.seenSinceNanos = now;
            }
            long quiet = now - trace.seenSinceNanos;
            if (quiet >= ABANDONED_NANOS || (memory.isFull() && quiet >= ABANDONED_NANOS / 10)) {
                if (trace.close()) {
                    process(trace, true);
                }
            } else if (isDue(trace, now) && (!trace.decided || trace.size() > 0)) {
                process(trace, true);
            }
        }
    }

    private boolean isDue(ActiveTrace trace, long now) {
        if (trace.hasOpenRoot()) {
            return false;
        }
        long since = trace.rootEndedNanos() == 0 ? trace.seenSinceNanos : trace.rootEndedNanos();
        return now - since >= LINGER_NANOS;
    }

    /** Completes when everything complete by now went through all exporters; traces with open spans stay. */
    CompletableResultCode flush() {
        CompletableResultCode result = new CompletableResultCode();
        flushes.add(result);
        if (threaded && thread == null) {
            start(); // what it works on may only be touched by one thread
        } else if (threaded) {
            wake();
        } else {
            completeFlushes();
        }
        return result;
    }

    private void completeFlushes() {
        List<CompletableResultCode> asked = new ArrayList<>();
        for (CompletableResultCode flush = flushes.poll(); flush != null; flush = flushes.poll()) {
            asked.add(flush);
        }
        if (asked.isEmpty()) {
            return;
        }
        drain();
        for (ActiveTrace trace : active.all()) {
            if (!trace.isClosed() && !trace.hasOpenRoot() && trace.rootEndedNanos() != 0) {
                process(trace, true);
            }
        }
        List<CompletableResultCode> perLane = new ArrayList<>();
        lanes.forEach(lane -> perLane.add(lane.flush()));
        CompletableResultCode all = CompletableResultCode.ofAll(perLane);
        all.whenComplete(() -> asked.forEach(flush -> {
            if (all.isSuccess()) {
                flush.succeed();
            } else {
                flush.fail();
            }
        }));
    }

    /**
     * Stops the thread and decides everything that is still active with what has ended so far.
     * @return false when the thread did not stop in time
     */
    boolean finish(long timeoutNanos) {
        Thread started;
        synchronized (this) {
            stopping = true;
            started = thread;
        }
        if (started != null) {
            LockSupport.unpark(started);
            try {
                TimeUnit.NANOSECONDS.timedJoin(started, Math.max(1, timeoutNanos));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return false;
            }
            if (started.isAlive()) {
                accounting.dropped(DropReason.SHUTDOWN, active.size()); // cannot be touched from here
                return false;
            }
        }
        drain();
        for (ActiveTrace trace : active.all()) {
            if (trace.close()) {
                process(trace, true);
            }
        }
        drain();
        guarded(decision::dropHeld);
        completeFlushes();
        return true;
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
            accounting.dropped(DropReason.ENCODING_FAILED);
            if (!failedBefore) {
                failedBefore = true;
                LOGGER.warn("A trace was lost by a failure of ours; further ones are counted", failure);
            }
        }
    }
}
