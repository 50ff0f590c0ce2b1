/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * A span as the store has it.
 *
 * @param storedWeight how many received spans this row stands for: 1, or more after eviction thinned ordinary traces. Every
 *     count multiplies {@link SpanRecord#weight} by it.
 * @since 0.1
 */
public record StoredSpan(SpanRecord span, double storedWeight) {}
