/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.AnalysisStore;
import io.tracebridge.dashboard.store.SpanFacts;
import io.tracebridge.dashboard.store.TraceAnalysis;
import io.tracebridge.dashboard.store.TraceSummary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Analyses traces as they go quiet: {@value #QUIET_MILLIS} ms after their last span, and every {@value #PATIENCE_MILLIS} ms (longer for large
 * ones) while spans keep coming. A late span makes its trace analysed again. At the start, what was stored but not analysed is caught up.
 *
 * <p>One daemon thread. Bounded: past {@value #MAX_PENDING} waiting traces it forgets them and looks for unanalysed ones instead.
 */
final class AnalysisLoop implements AutoCloseable {
    static final long QUIET_MILLIS = 300;
    static final long PATIENCE_MILLIS = 2_000;
    static final int MAX_PENDING = 100_000;
    private static final long STEP_MILLIS = 100;
    private static final int BATCH_TRACES = 2_000;
    private static final int MAX_KNOWN = 50_000;
    /** How long before the first span that we saw of a trace others of it may have started. */
    private static final long SLACK_NANOS = 300_000_000_000L;

    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");

    private final AnalysisStore store;
    private final TraceAnalyzer analyzer;
    private final LongSupplier millis;
    private final Map<String, Pending> pending = new LinkedHashMap<>();
    private final Map<String, Known> known = new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    private final List<Consumer<List<TraceSummary>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread = new Thread(this::run, "tracebridge-analysis");
    private boolean behind = true;
    /** Told once until it goes well again. */
    private boolean failing;

    private volatile boolean closed;

    private record Pending(long firstMillis, long lastMillis, long sinceNanos) {}

    private record Known(long sinceNanos, int spans) {}

    AnalysisLoop(AnalysisStore store, TraceAnalyzer analyzer, LongSupplier millis) {
        this.store = store;
        this.analyzer = analyzer;
        this.millis = millis;
        thread.setDaemon(true);
    }

    void start() {
        store.onSpans(this::wrote);
        thread.start();
    }

    /** Calls the listener after each step with the traces that were analysed; be quick, never throw. */
    void onAnalysed(Consumer<List<TraceSummary>> listener) {
        listeners.add(listener);
    }

    void wrote(Map<String, Long> earliestByTrace) {
        long now = millis.getAsLong();
        synchronized (pending) {
            if (pending.size() + earliestByTrace.size() > MAX_PENDING) {
                pending.clear();
                behind = true;
                return;
            }
            earliestByTrace.forEach((id, start) -> pending.merge(
                    id,
                    new Pending(now, now, start),
                    (old, fresh) -> new Pending(old.firstMillis, now, Math.min(old.sinceNanos, fresh.sinceNanos))));
        }
    }

    private void run() {
        while (!closed) {
            try {
                step(false);
                failing = false;
                synchronized (pending) {
                    pending.wait(STEP_MILLIS);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (closed) {
                    // what was interrupted is read again at the next start
                    return;
                }
                if (!failing) {
                    failing = true;
                    Throwable cause = e.getCause() == null ? e : e.getCause();
                    LOG.warn("Analysis of traces failed, its traces are tried again: {}", cause.toString());
                }
                LOG.debug("analysis of traces failed", e);
                pause();
            }
        }
    }

    private void pause() {
        synchronized (pending) {
            behind = true;
            try {
                pending.wait(PATIENCE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                closed = true;
            }
        }
    }

    /** Analyses all that was written so far, quiet or not. */
    synchronized void settle() {
        while (step(true)) {
            // each step takes a bounded number of traces
        }
    }

    private synchronized boolean step(boolean all) {
        boolean more = catchUp();
        Map<String, Long> due = due(all);
        if (!due.isEmpty()) {
            analyse(due);
            return true;
        }
        return more;
    }

    private boolean catchUp() {
        synchronized (pending) {
            if (!behind) {
                return false;
            }
        }
        List<String> missed = store.unanalysed(BATCH_TRACES);
        Map<String, Long> due = new HashMap<>();
        missed.forEach(id -> due.put(id, Long.MIN_VALUE));
        boolean progress = !due.isEmpty() && analyse(due) > 0;
        synchronized (pending) {
            behind = progress && missed.size() == BATCH_TRACES;
            return behind;
        }
    }

    private Map<String, Long> due(boolean all) {
        long now = millis.getAsLong();
        Map<String, Long> due = new LinkedHashMap<>();
        synchronized (pending) {
            Iterator<Map.Entry<String, Pending>> entries = pending.entrySet().iterator();
            while (entries.hasNext() && due.size() < BATCH_TRACES) {
                Map.Entry<String, Pending> entry = entries.next();
                Pending trace = entry.getValue();
                Known before = known.get(entry.getKey());
                // a large trace is read whole each time: its patience grows with it
                long patience = PATIENCE_MILLIS + (before == null ? 0 : before.spans / 20);
                if (all || now - trace.lastMillis >= QUIET_MILLIS || now - trace.firstMillis >= patience) {
                    long since = trace.sinceNanos - SLACK_NANOS;
                    due.put(entry.getKey(), before == null ? since : Math.min(since, before.sinceNanos));
                    entries.remove();
                }
            }
        }
        return due;
    }

    private int analyse(Map<String, Long> due) {
        long since = due.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE);
        while (!closed) {
            long removals = store.removals();
            List<TraceAnalysis> analyses = analyses(store.spans(due.keySet(), since));
            if (analyses.isEmpty()) {
                return 0;
            }
            if (store.replace(analyses, removals)) {
                wasWritten(analyses, due, since);
                return analyses.size();
            }
            // some were evicted meanwhile: read again, they are found gone
        }
        return 0;
    }

    private List<TraceAnalysis> analyses(List<SpanFacts> found) {
        Map<String, List<SpanFacts>> traces = new LinkedHashMap<>();
        for (SpanFacts span : found) {
            traces.computeIfAbsent(span.traceId(), unused -> new ArrayList<>()).add(span);
        }
        List<TraceAnalysis> analyses = new ArrayList<>(traces.size());
        Set<String> failed = new HashSet<>();
        traces.forEach((id, spans) -> {
            try {
                analyses.add(analyzer.analyse(spans));
            } catch (RuntimeException e) {
                failed.add(id);
            }
        });
        if (!failed.isEmpty()) {
            LOG.warn(
                    "{} traces could not be analysed, {} for one",
                    failed.size(),
                    failed.iterator().next());
        }
        return analyses;
    }

    private void wasWritten(List<TraceAnalysis> analyses, Map<String, Long> due, long since) {
        synchronized (pending) {
            for (TraceAnalysis analysis : analyses) {
                String id = analysis.summary().traceId();
                known.put(
                        id,
                        new Known(
                                due.getOrDefault(id, since), analysis.summary().spans()));
            }
        }
        List<TraceSummary> summaries =
                analyses.stream().map(TraceAnalysis::summary).toList();
        listeners.forEach(listener -> listener.accept(summaries));
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
