/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.StoredSpan;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The traces written last, each with all its stored spans, so that neither the search for copies nor analysis has to read them
 * back. Bounded by {@value #MAX_BYTES} bytes, roughly counted; the trace that was added to longest ago leaves first. A trace that
 * is not here may be stored all the same.
 *
 * <p>Thread-safe.
 */
final class RecentTraces {
    static final long MAX_BYTES = 24L << 20;
    /** A trace larger than this is left to the engine. */
    private static final long MAX_TRACE_BYTES = MAX_BYTES / 4;

    private static final int SPAN_BYTES = 500;

    private final Map<String, Trace> traces = new LinkedHashMap<>(1_024, 0.75f, true);
    private long bytes;

    private static final class Trace {
        private final Map<String, SpanFacts> spans = new HashMap<>();
        private long bytes;
    }

    /** Whether all stored spans of the trace are here. */
    synchronized boolean has(String traceId) {
        return traces.containsKey(traceId);
    }

    /** Start of a stored span, Unix nanoseconds; null when the trace is here and no such span is stored. */
    synchronized @Nullable Long startOf(String traceId, String spanId) {
        Trace trace = traces.get(traceId);
        SpanFacts span = trace == null ? null : trace.spans.get(spanId);
        return span == null ? null : span.startNanos();
    }

    /** All stored spans of the trace; null when it is not here. */
    synchronized @Nullable List<SpanFacts> spans(String traceId) {
        Trace trace = traces.get(traceId);
        return trace == null ? null : List.copyOf(trace.spans.values());
    }

    /** Follows what was committed: spans of traces that are here, or that were not stored before. */
    synchronized void add(Collection<StoredSpan> committed) {
        Set<String> spoiled = new HashSet<>();
        for (StoredSpan stored : committed) {
            String traceId = stored.span().traceId();
            if (!spoiled.contains(traceId) && !fits(traceId, SpanFacts.of(stored))) {
                spoiled.add(traceId);
            }
        }
        spoiled.forEach(this::forget);
        Iterator<Trace> oldest = traces.values().iterator();
        while (bytes > MAX_BYTES && oldest.hasNext()) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    private boolean fits(String traceId, SpanFacts span) {
        Trace trace = traces.computeIfAbsent(traceId, unused -> new Trace());
        String ai = span.aiAttributes();
        long size = SPAN_BYTES + (ai == null ? 0L : ai.length());
        trace.bytes += size;
        bytes += size;
        // two applications with one span id are kept apart in the store, but not here
        return trace.spans.put(span.spanId(), span) == null && trace.bytes <= MAX_TRACE_BYTES;
    }

    synchronized void forget(String traceId) {
        Trace trace = traces.remove(traceId);
        bytes -= trace == null ? 0 : trace.bytes;
    }

    /** Ids of all that are here. */
    synchronized List<String> ids() {
        return List.copyOf(traces.keySet());
    }

    /** To be called when any stored span may have been removed or changed. */
    synchronized void clear() {
        traces.clear();
        bytes = 0;
    }
}
