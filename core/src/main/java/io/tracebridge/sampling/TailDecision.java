/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to the ended spans of a trace: exported, held, or dropped. Everything here runs on one thread,
 * the worker's; {@link TraceIntake} is what the application's threads touch.
 *
 * <p>Whether a trace is kept, and with which weight, say {@link KeepRules}.
 */
final class TailDecision {
    /** Spans of one trace that wait as objects; more of them become bytes. */
    static final int MAX_OBJECTS = 1_000;

    /** Spans of one undecided trace that wait as bytes; more of them are exported early if the trace is kept. */
    private static final int MAX_WAITING_SPANS = 10_000;

    private final ActiveTraces active;
    private final HeldTraces held;
    private final KeptTraces kept;
    private final KeepRules rules;
    private final SpanScrubber scrubber;
    private final SpanCodec codec = new SpanCodec();
    private final RequestMetrics metrics;
    private final Export export;
    private final Counts counts;
    private final Accounting accounting;

    TailDecision(Parts parts, int firstTraces) {
        active = parts.active();
        held = parts.held();
        kept = parts.kept();
        rules = new KeepRules(kept, parts.budget(), parts.slow(), firstTraces);
        scrubber = parts.scrubber();
        metrics = parts.metrics();
        export = parts.export();
        counts = parts.counts();
        accounting = parts.accounting();
    }

    /** What the decision works with; shared with the threads that feed it. */
    record Parts(
            ActiveTraces active,
            HeldTraces held,
            KeptTraces kept,
            ErrorBudget budget,
            SlowTraces slow,
            SpanScrubber scrubber,
            RequestMetrics metrics,
            Export export,
            Counts counts,
            Accounting accounting) {}

    /**
     * Takes the ended spans of a trace and decides, if its time has come.
     * @param due decide even though spans are still open; a closed trace is always due
     */
    void process(ActiveTrace trace, boolean due, long nowNanos) {
        trace.clearRequest(); // first: whoever asks from here on is heard again
        boolean closed = trace.isClosed();
        List<SpanData> ended = active.take(trace, closed).spans();
        if (export.isEmpty() && !metrics.isUsed()) {
            discard(trace, closed);
            return;
        }
        List<PlainSpan> spans = scrubbed(ended);
        boolean early = !closed && !due && !trace.decided;
        if (early) {
            wait(trace, spans);
            return;
        }
        decide(trace, spans, nowNanos);
        removeIf(closed, trace);
    }

    private void removeIf(boolean closed, ActiveTrace trace) {
        if (closed && !trace.removed) {
            trace.removed = true;
            active.remove(trace);
        }
    }

    /** Nobody wants spans: tracing is on for the ids on events and log lines alone. */
    private void discard(ActiveTrace trace, boolean closed) {
        if (closed && !trace.removed) {
            accounting.dropped(DropReason.SAMPLED_OUT);
        }
        removeIf(closed, trace);
    }

    private List<PlainSpan> scrubbed(List<SpanData> spans) {
        List<PlainSpan> scrubbed = new ArrayList<>(spans.size());
        for (SpanData span : spans) {
            try {
                scrubbed.add(scrubber.scrub(span));
            } catch (Throwable foreign) {
                Throwables.rethrowIfFatal(foreign);
                accounting.dropped(DropReason.ENCODING_FAILED);
            }
        }
        return scrubbed;
    }

    /** A large or old trace waits for its root as bytes. */
    private void wait(ActiveTrace trace, List<PlainSpan> spans) {
        boolean likely = trace.keepReason() != null || trace.isHead();
        measure(spans, likely);
        HeldTrace waiting = held.get(trace.traceId);
        if (likely && waiting != null && waiting.open && waiting.spans() > MAX_WAITING_SPANS) {
            exportWaiting(trace, waiting);
        }
        if (!spans.isEmpty()) {
            held.addOpen(trace.traceId, codec.encode(spans));
            shrinkHeld();
        }
    }

    /** Its final reason may still change; what goes out now has the weight that is known now. */
    private void exportWaiting(ActiveTrace trace, HeldTrace waiting) {
        held.remove(waiting);
        String reason = trace.keepReason();
        List<PlainSpan> spans = KeepRules.decoded(waiting);
        long threshold = reason != null && !trace.degraded ? Threshold.ALWAYS : KeepRules.headThreshold(spans);
        Export.Chunk chunk = new Export.Chunk(
                new Verdict(threshold, trace.isHead() || reason == null ? Verdict.HEAD : reason), false, false);
        for (HeldTrace.Part part : waiting.parts()) {
            chunk.add(SpanCodec.decode(part.spans()), part.decided() ? Threshold.UNKNOWN : threshold);
        }
        export.send(chunk);
    }

    private void decide(ActiveTrace trace, List<PlainSpan> spans, long nowNanos) {
        HeldTrace before = held.get(trace.traceId);
        PlainSpan root = localRoot(spans);
        boolean late = trace.decided || (root == null && isKnown(trace, before));
        Verdict verdict = rules.verdict(trace, spans, root, before, nowNanos);
        measure(spans, verdict != null);
        if (verdict == null) {
            hold(trace, spans, late, nowNanos);
            return;
        }
        boolean first = trace.verdict == null && kept.get(trace.traceId) == null;
        boolean partial = trace.lostSpans || (first && !trace.decided && root == null && before == null);
        Export.Chunk chunk = new Export.Chunk(verdict, late && before == null, partial);
        addHeld(chunk, before, verdict.threshold());
        chunk.add(spans, verdict.threshold());
        if (late) {
            counts.lateSpans.add(spans.size());
        }
        if (partial && first) {
            counts.partialTraces.increment();
        }
        kept(trace.traceId, verdict, first, nowNanos);
        trace.verdict = verdict;
        trace.decided = true;
        export.send(chunk);
    }

    private boolean isKnown(ActiveTrace trace, @Nullable HeldTrace before) {
        return kept.get(trace.traceId) != null || (before != null && !before.open);
    }

    private void hold(ActiveTrace trace, List<PlainSpan> spans, boolean late, long nowNanos) {
        if (late) {
            counts.lateSpans.add(spans.size());
        }
        trace.decided = true;
        if (export.isEmpty()) {
            accounting.dropped(DropReason.SAMPLED_OUT);
            return;
        }
        held.hold(trace.traceId, spans.isEmpty() ? null : codec.encode(spans), nowNanos);
        shrinkHeld();
        if (trace.keepReason() != null) {
            // marked between our look at it and its arrival here; the one who marked it saw it undecided
            decide(trace, List.of(), nowNanos);
        }
    }

    /** A held trace was claimed by a signal after its root ended. */
    void release(HeldTrace claimed, long nowNanos) {
        String reason = claimed.claimed();
        if (reason == null || held.get(claimed.traceId) != claimed) {
            return;
        }
        ActiveTrace again = active.get(claimed.traceId);
        if (again != null && !again.decided) {
            again.markKept(reason); // another request of the trace has begun since: it ends with the same reason
        }
        if (claimed.open && again != null) {
            return; // and takes along what waits
        }
        Verdict verdict = new Verdict(Threshold.UNKNOWN, reason);
        Export.Chunk chunk = new Export.Chunk(verdict, false, false);
        addHeld(chunk, claimed, Threshold.UNKNOWN);
        kept(claimed.traceId, verdict, true, nowNanos);
        export.send(chunk);
    }

    /** A span ended that no active trace knows: its trace was decided, evicted or never seen. */
    void late(SpanData ended, long nowNanos) {
        List<PlainSpan> spans = scrubbed(List.of(ended));
        if (spans.isEmpty()) {
            return;
        }
        String traceId = ended.getTraceId();
        HeldTrace before = held.get(traceId);
        Verdict verdict = rules.late(ended, before, nowNanos);
        measure(spans, verdict != null);
        if (verdict == null) {
            if (before == null) {
                accounting.dropped(DropReason.LATE_SPAN);
            } else {
                counts.lateSpans.increment();
                held.hold(traceId, codec.encode(spans), nowNanos);
                shrinkHeld();
            }
            return;
        }
        counts.lateSpans.increment();
        boolean first = kept.get(traceId) == null;
        boolean partial = first && before == null;
        Export.Chunk chunk = new Export.Chunk(verdict, before == null, partial);
        addHeld(chunk, before, Threshold.UNKNOWN);
        chunk.add(spans, verdict.threshold());
        if (partial) {
            counts.partialTraces.increment();
        }
        kept(traceId, verdict, first, nowNanos);
        export.send(chunk);
    }

    /** The held part goes first: its spans ended first. */
    private void addHeld(Export.Chunk chunk, @Nullable HeldTrace before, long undecidedThreshold) {
        if (before == null || !held.remove(before)) {
            return;
        }
        for (HeldTrace.Part part : before.parts()) {
            chunk.add(SpanCodec.decode(part.spans()), part.decided() ? Threshold.UNKNOWN : undecidedThreshold);
        }
    }

    private void kept(String traceId, Verdict verdict, boolean first, long nowNanos) {
        if (first) {
            kept.put(traceId, verdict, nowNanos);
            counts.kept(verdict.reason());
        }
    }

    private void measure(List<PlainSpan> spans, boolean isKept) {
        for (PlainSpan span : spans) {
            try {
                metrics.record(span, isKept);
            } catch (Throwable foreign) {
                Throwables.rethrowIfFatal(foreign);
            }
        }
    }

    void measureDropped(List<SpanData> spans) {
        measure(scrubbed(spans), false);
    }

    void expire(long nowNanos) {
        held.expire(nowNanos, victim -> drop(victim, DropReason.SAMPLED_OUT));
        kept.expire(nowNanos);
    }

    private void shrinkHeld() {
        held.shrink(victim -> drop(victim, DropReason.HELD_EVICTED));
    }

    private void drop(HeldTrace victim, DropReason reason) {
        ActiveTrace trace = victim.open ? active.get(victim.traceId) : null;
        if (trace != null && (trace.isHead() || trace.keepReason() != null)) {
            exportWaiting(trace, victim);
        } else if (victim.evict()) {
            accounting.dropped(reason);
            if (trace != null) {
                trace.lostSpans = true;
            }
        } else {
            exportClaimed(victim);
        }
    }

    /** The claim came first: it is on its way to be kept, so eviction only brings that forward. */
    private void exportClaimed(HeldTrace victim) {
        String reason = victim.claimed();
        if (reason != null) {
            Export.Chunk chunk = new Export.Chunk(new Verdict(Threshold.UNKNOWN, reason), false, false);
            for (HeldTrace.Part part : victim.parts()) {
                chunk.add(SpanCodec.decode(part.spans()), Threshold.UNKNOWN);
            }
            counts.kept(reason);
            export.send(chunk);
        }
    }

    /** The end: what is still held was dropped by the decision. */
    void dropHeld() {
        held.clear(victim -> drop(victim, DropReason.SAMPLED_OUT));
    }

    private static @Nullable PlainSpan localRoot(List<PlainSpan> spans) {
        for (int i = spans.size() - 1; i >= 0; i--) { // roots end last
            if (spans.get(i).isLocalRoot()) {
                return spans.get(i);
            }
        }
        return null;
    }
}
