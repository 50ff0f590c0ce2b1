/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * Something a detector found in one trace.
 *
 * @param type {@code n_plus_one}, {@code serial_ai_calls} or {@code retry_storm}
 * @param operation what is repeated
 * @param parent what it is repeated under
 * @param detail words for the sentence: the statement, or the error; may be ""
 * @param startMicros Unix time in microseconds
 * @param totalMicros time the calls took together
 * @param wasteMicros what removing it would have saved at most
 * @param spanIds the calls, at most 50
 * @since 0.1
 */
public record TraceFinding(
        String type,
        OperationRef operation,
        OperationRef parent,
        String detail,
        long startMicros,
        long totalMicros,
        long wasteMicros,
        int calls,
        String parentSpanId,
        List<String> spanIds) {
    public TraceFinding {
        spanIds = List.copyOf(spanIds);
    }
}
