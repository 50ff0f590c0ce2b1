/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a running bridge holds, kept and lost, at one moment. Counts run from the start; sizes are estimates.
 *
 * @param activeTraces traces with spans that have not ended, or that wait for their decision
 * @param activeBytes memory of their ended spans
 * @param heldTraces dropped traces that an error could still bring back
 * @param heldBytes their encoded size
 * @param heldHorizon age of the oldest held trace: how far back an error can reach
 * @param kept kept traces by reason, for example {@code head=12, error=3}
 * @param lateSpans spans that ended after the decision on their trace and still joined it
 * @param degraded whether, right now, new traces fall back to the head decision for lack of memory
 * @param degradedTraces traces that were not recorded for that reason
 * @param partialTraces kept traces of which we know that spans are missing
 * @param exportedSpans spans handed over by exporter; an exporter that refused them is counted in {@code lost}
 * @param lost everything dropped, by reason; reasons without a loss are left out
 * @since 0.1
 */
public record Health(
        long activeTraces,
        long activeBytes,
        long heldTraces,
        long heldBytes,
        Duration heldHorizon,
        Map<String, Long> kept,
        long lateSpans,
        boolean degraded,
        long degradedTraces,
        long partialTraces,
        Map<String, Long> exportedSpans,
        Map<DropReason, Long> lost) {

    public Health {
        kept = Map.copyOf(kept);
        exportedSpans = Map.copyOf(exportedSpans);
        lost = Map.copyOf(lost);
    }

    /** The health of a bridge that records nothing: only its losses. */
    public static Health withoutTracing(Accounting accounting) {
        return new Health(0, 0, 0, 0, Duration.ZERO, Map.of(), 0, false, 0, 0, Map.of(), losses(accounting));
    }

    /** The losses in this accounting, reasons without one left out. */
    public static Map<DropReason, Long> losses(Accounting accounting) {
        Map<DropReason, Long> losses = new EnumMap<>(DropReason.class);
        accounting.drops().forEach((reason, count) -> {
            if (count > 0) {
                losses.put(reason, count);
            }
        });
        return losses;
    }

    /** How many traces were kept, for whatever reason. */
    public long keptTraces() {
        return kept.values().stream().mapToLong(Long::longValue).sum();
    }

    /** One line for the log. */
    public String line() {
        return "kept " + keptTraces() + " traces" + listed(kept)
                + ", exported spans" + listed(exportedSpans)
                + ", active " + activeTraces + " (" + activeBytes / 1024 + " KiB)"
                + ", held " + heldTraces + " (" + heldBytes / 1024 + " KiB, " + heldHorizon.toMillis() + " ms)"
                + ", late spans " + lateSpans
                + ", partial " + partialTraces
                + ", degraded " + degradedTraces + (degraded ? " (now)" : "")
                + ", dropped" + (lost.isEmpty() ? " nothing" : listed(lost));
    }

    private static String listed(Map<?, Long> counts) {
        if (counts.isEmpty()) {
            return "";
        }
        Map<String, Long> sorted = new TreeMap<>();
        counts.forEach((key, count) -> sorted.put(String.valueOf(key).toLowerCase(java.util.Locale.ROOT), count));
        return sorted.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(", ", " (", ")"));
    }
}
