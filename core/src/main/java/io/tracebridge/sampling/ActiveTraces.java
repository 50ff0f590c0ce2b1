/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All active traces by id. Lock-free for spans of a trace that is known; thread-safe. */
final class ActiveTraces {
    /** What an entry costs beside its spans. */
    private static final long ENTRY_BYTES = 500;

    private final Map<String, ActiveTrace> byId = new ConcurrentHashMap<>();
    private final ActiveMemory memory;

    ActiveTraces(ActiveMemory memory) {
        this.memory = memory;
    }

    @Nullable
    ActiveTrace get(String traceId) {
        return byId.get(traceId);
    }

    int size() {
        return byId.size();
    }

    Collection<ActiveTrace> all() {
        return byId.values();
    }

    /**
     * Counts a span as started, in a new entry if need be. A closed entry that still waits for its decision is replaced:
     * the worker has it, and the segments meet again in its decision.
     * @return null when memory is exhausted: the span is not followed
     */
    @Nullable
    ActiveTrace start(String traceId, boolean localRoot, boolean sampled, long nowNanos) {
        while (true) {
            ActiveTrace trace = byId.get(traceId);
            if (trace != null && trace.start(localRoot, sampled)) {
                return trace;
            }
            if (memory.isExhausted()) {
                return null;
            }
            ActiveTrace fresh = new ActiveTrace(traceId, nowNanos, memory.isDegraded());
            boolean opened =
                    trace == null ? byId.putIfAbsent(traceId, fresh) == null : byId.replace(traceId, trace, fresh);
            if (opened) {
                memory.add(ENTRY_BYTES);
            }
        }
    }

    /** Adds an ended span. False when the trace was sealed meanwhile: the span is late. */
    boolean push(ActiveTrace trace, SpanData span) {
        long grown = trace.push(span, SpanSize.of(span));
        if (grown > 0) {
            memory.add(grown);
        }
        return grown >= 0;
    }

    ActiveTrace.Taken take(ActiveTrace trace, boolean seal) {
        ActiveTrace.Taken taken = trace.take(seal);
        if (taken.bytes() > 0) {
            memory.release(taken.bytes());
        }
        return taken;
    }

    /** The entry is done with. To be called once for each closed entry. */
    void remove(ActiveTrace trace) {
        byId.remove(trace.traceId, trace);
        memory.release(ENTRY_BYTES);
    }
}
