/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.time.Instant;
import java.util.Map;

/**
 * Something that happened in a pipeline, kept for the next event: a log line, a retry, a failure seen again. Not scrubbed yet.
 *
 * @param time when it happened
 * @param category a logger name or {@code pipeline.step}
 * @param level one of {@code debug}, {@code info}, {@code warning}, {@code error}
 * @param data normal values only, see {@link Attrs}
 */
public record Note(Instant time, String category, String level, String message, Map<String, Object> data) {
    public Note {
        data = Map.copyOf(data);
    }
}
