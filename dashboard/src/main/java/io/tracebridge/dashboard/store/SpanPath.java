/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * What operations are computed from: one span with its share of the time somebody waited.
 *
 * @param root operation of the root that this span's trace was waited for under
 * @param startMicros Unix time in microseconds
 * @param selfMicros duration without the union of its children
 * @param criticalMicros its time on the critical path
 * @param weight how many spans it stands for; null when unknown
 * @param pathWeight how many traces its trace stands for; 0 when unknown
 * @param top nothing in the trace called it
 * @since 0.1
 */
public record SpanPath(
        OperationRef root,
        OperationRef operation,
        long startMicros,
        long durationMicros,
        long selfMicros,
        long criticalMicros,
        @Nullable Double weight,
        double pathWeight,
        boolean error,
        boolean top,
        @Nullable String environment,
        String runId) {}
