/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import org.jspecify.annotations.Nullable;

/**
 * What the arithmetic of a trace needs of one span.
 *
 * @param parentId null for a root
 * @param startNanos Unix time in nanoseconds
 * @param durationNanos never negative
 * @param consumer received from a queue: nobody waits for it
 */
record SpanShape(
        String spanId,
        @Nullable String parentId,
        String service,
        long startNanos,
        long durationNanos,
        boolean consumer) {}
