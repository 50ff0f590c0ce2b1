/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One trace with spans in this process that have not ended, or that waits for its decision. Several local roots of one
 * trace share it, so an error in one keeps them all.
 *
 * <p>Ended spans lie on a lock-free stack. A span is pushed before it is counted as ended; whoever then finds all
 * started spans ended and swaps the counter to closed has every span on the stack.
 */
final class ActiveTrace {
    /** Global accounting moves in steps of this size, so that most spans touch nothing shared. */
    static final int BYTE_STEP = 1 << 14;

    private static final long CLOSED = 1L << 63;
    private static final long ONE_STARTED = 1L << 32;
    private static final long ENDED_MASK = 0xffff_ffffL;
    private static final Ended SEALED = new Ended(null, null, 0, 0);

    private static final VarHandle COUNTER;
    private static final VarHandle STACK;
    private static final VarHandle ROOTS;
    private static final VarHandle KEEP;
    private static final VarHandle REQUESTED;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            COUNTER = lookup.findVarHandle(ActiveTrace.class, "counter", long.class);
            STACK = lookup.findVarHandle(ActiveTrace.class, "stack", Ended.class);
            ROOTS = lookup.findVarHandle(ActiveTrace.class, "openRoots", int.class);
            KEEP = lookup.findVarHandle(ActiveTrace.class, "keepReason", String.class);
            REQUESTED = lookup.findVarHandle(ActiveTrace.class, "requested", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    /** An ended span and the totals of the stack below and including it. */
    private static final class Ended {
        final @Nullable SpanData span;
        final @Nullable Ended below;
        final int count;
        final long bytes;

        Ended(@Nullable SpanData span, @Nullable Ended below, int count, long bytes) {
            this.span = span;
            this.below = below;
            this.count = count;
            this.bytes = bytes;
        }
    }

    final String traceId;
    final long openedNanos;
    /** New traces were not recorded when this one began, so only the head decision counts for it. */
    final boolean degraded;

    private volatile long counter; // closed bit, 31 bits started, 32 bits ended
    private volatile @Nullable Ended stack;
    private volatile int openRoots;
    private volatile @Nullable String keepReason;
    private volatile boolean requested;
    private volatile boolean head;
    private volatile long rootEndedNanos;
    private volatile @Nullable String deniedFingerprint;

    /** The tail decision was made, though spans may still come. Written by the worker. */
    volatile boolean decided;

    // touched by the worker only
    @Nullable
    Verdict verdict;

    boolean removed;
    /** Some of its spans had to be dropped before the decision. */
    boolean lostSpans;

    long seenCounter = -1;
    long seenSinceNanos;

    ActiveTrace(String traceId, long openedNanos, boolean degraded) {
        this.traceId = traceId;
        this.openedNanos = openedNanos;
        this.degraded = degraded;
        seenSinceNanos = openedNanos;
    }

    /** Counts a span as started. False when this trace is closed and another one has to be opened. */
    boolean start(boolean localRoot, boolean sampled) {
        if ((long) COUNTER.getAndAdd(this, ONE_STARTED) < 0) {
            return false;
        }
        if (localRoot) {
            ROOTS.getAndAdd(this, 1);
        }
        if (sampled && !head) {
            head = true;
        }
        return true;
    }

    /**
     * Puts an ended span on the stack.
     * @return by how much the memory of all active traces grew, in whole steps; -1 when the trace is sealed and the
     *     span not taken
     */
    long push(SpanData span, int size) {
        while (true) {
            Ended top = stack;
            if (top == SEALED) {
                return -1;
            }
            long before = top == null ? 0 : top.bytes;
            int count = top == null ? 1 : top.count + 1;
            if (STACK.compareAndSet(this, top, new Ended(span, top, count, before + size))) {
                return steps(before + size) - steps(before);
            }
        }
    }

    /** How many ended spans lie here. */
    int size() {
        Ended top = stack;
        return top == null ? 0 : top.count;
    }

    void rootEnded(long nowNanos) {
        rootEndedNanos = nowNanos;
        ROOTS.getAndAdd(this, -1);
    }

    /** Counts a span as ended; true for exactly one caller, who finds the trace complete and now closed. */
    boolean endedLast() {
        long now = (long) COUNTER.getAndAdd(this, 1L) + 1;
        return now >= 0 && now >>> 32 == (now & ENDED_MASK) && COUNTER.compareAndSet(this, now, now | CLOSED);
    }

    /** Closes it whatever is still open. True for exactly one caller. */
    boolean close() {
        return (long) COUNTER.getAndBitwiseOr(this, CLOSED) >= 0;
    }

    boolean isClosed() {
        return counter < 0;
    }

    /** Changes whenever a span starts or ends. */
    long counter() {
        return counter;
    }

    boolean hasOpenRoot() {
        return openRoots > 0;
    }

    /** When the last local root ended; meaningful only if none is open. */
    long rootEndedNanos() {
        return rootEndedNanos;
    }

    /** Takes what lies on the stack, in the order in which the spans ended. */
    Taken take(boolean seal) {
        Ended top = (Ended) STACK.getAndSet(this, seal ? SEALED : null);
        if (top == null || top == SEALED) {
            return Taken.NOTHING;
        }
        List<SpanData> spans = new ArrayList<>(top.count);
        for (Ended each = top; each != null; each = each.below) {
            SpanData span = each.span;
            if (span != null) {
                spans.add(span);
            }
        }
        Collections.reverse(spans);
        return new Taken(spans, steps(top.bytes));
    }

    /** True for the first caller until {@link #clearRequest}: the worker is to look at this trace. */
    boolean request() {
        return !requested && (boolean) REQUESTED.compareAndSet(this, false, true);
    }

    void clearRequest() {
        requested = false;
    }

    boolean isHead() {
        return head;
    }

    @Nullable
    String keepReason() {
        return keepReason;
    }

    /** Marks it as one to keep. True for the first reason. */
    boolean markKept(String reason) {
        return KEEP.compareAndSet(this, null, reason);
    }

    @Nullable
    String deniedFingerprint() {
        return deniedFingerprint;
    }

    void deny(String fingerprint) {
        deniedFingerprint = fingerprint;
    }

    private static long steps(long bytes) {
        return bytes & -BYTE_STEP;
    }

    /**
     * What was on the stack.
     * @param bytes by how much the memory of all active traces shrinks
     */
    record Taken(List<SpanData> spans, long bytes) {
        static final Taken NOTHING = new Taken(List.of(), 0);
    }
}
