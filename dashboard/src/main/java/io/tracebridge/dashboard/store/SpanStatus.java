/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * Outcome of a span.
 * @since 0.1
 */
public enum SpanStatus {
    UNSET,
    OK,
    ERROR
}
