/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a failure happened: the deepest step and the pipeline's data at that moment. A copy that later changes do not
 * reach. Texts are not scrubbed yet.
 *
 * @param traceId 32 hex digits; null together with {@code spanId} when there is no trace
 * @param spanId 16 hex digits
 * @param parentSpanId null for a root or when unknown
 * @param pipeline its name; null outside a pipeline
 * @param step name of the deepest step; null outside steps
 * @param errorType what the step or the throwable says; null when nothing failed yet
 * @param stepAttributes of the deepest step alone
 * @param attributes of all steps from the root to the deepest; the deeper one wins
 * @param data of the pipeline
 * @param tags of the pipeline
 * @param path the steps so far, oldest first
 * @param notes breadcrumbs so far, oldest first; without the steps
 * @param dropped how many keys, steps and notes did not fit
 * @param threadName of the thread where it happened
 * @param at what identifies the place, also without a trace; null outside of spans and steps
 * @param within the places around it, itself included
 */
public record Origin(
        @Nullable String traceId,
        @Nullable String spanId,
        @Nullable String parentSpanId,
        @Nullable String pipeline,
        @Nullable String step,
        @Nullable String errorType,
        Map<String, Object> stepAttributes,
        Map<String, Object> attributes,
        Map<String, Object> data,
        Map<String, String> tags,
        List<StepTime> path,
        List<Note> notes,
        long dropped,
        @Nullable String threadName,
        @Nullable String at,
        Set<String> within) {

    /** Only ids are known: a span of other instrumentation. */
    public static Origin ofIds(@Nullable String traceId, @Nullable String spanId, @Nullable String threadName) {
        return new Origin(
                traceId,
                spanId,
                null,
                null,
                null,
                null,
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of(),
                0,
                threadName,
                spanId,
                spanId == null ? Set.of() : Set.of(spanId));
    }

    /** Whether this happened inside the other place, or at the same. */
    boolean isWithin(Origin other) {
        return other.at != null && within.contains(other.at);
    }
}
