/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * The part of a span that analysis reads.
 *
 * @param weight as sent; null when unknown
 * @param storedWeight see {@link StoredSpan}
 * @param aiAttributes the attributes, a JSON object, of a span of category {@code ai}; null for all others
 * @param late marked so by its sender, or held back until after the decision
 * @param pruned came by Sentry's protocol alone, and its sender left children of it out
 * @since 0.1
 */
public record SpanFacts(
        String traceId,
        String spanId,
        @Nullable String parentId,
        String service,
        @Nullable String environment,
        @Nullable String release,
        String runId,
        String name,
        String operation,
        String kind,
        String category,
        long startNanos,
        long durationNanos,
        SpanStatus status,
        @Nullable String errorType,
        @Nullable Double weight,
        double storedWeight,
        @Nullable String keptBecause,
        @Nullable String aiAttributes,
        boolean late,
        boolean pruned) {
    /** The part of a stored span that analysis reads. */
    public static SpanFacts of(StoredSpan stored) {
        SpanRecord span = stored.span();
        String runId = span.runId();
        return new SpanFacts(
                span.traceId(),
                span.spanId(),
                span.parentId(),
                span.service(),
                span.environment(),
                span.release(),
                runId == null ? "" : runId,
                span.name(),
                span.operation(),
                span.kind(),
                span.category(),
                span.startNanos(),
                span.durationNanos(),
                span.status(),
                span.errorType(),
                span.weight(),
                stored.storedWeight(),
                span.keptBecause(),
                span.category().equals("ai") ? span.attributes() : null,
                span.attributes().contains("\"tracebridge.late\""),
                span.sources() == Source.SENTRY && span.attributes().contains("\"tracebridge.spans_pruned\""));
    }
}
