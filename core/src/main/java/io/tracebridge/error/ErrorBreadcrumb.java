/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import java.time.Instant;
import java.util.Map;

/**
 * A timestamped note sent with the next event.
 *
 * @param time when it happened, not when it was noted
 * @param category a logger name or {@code pipeline.step}
 * @param level one of {@code debug}, {@code info}, {@code warning}, {@code error}
 * @param message scrubbed
 * @param data scrubbed; may be empty
 */
public record ErrorBreadcrumb(Instant time, String category, String level, String message, Map<String, Object> data) {
    public ErrorBreadcrumb {
        data = Map.copyOf(data);
    }
}
