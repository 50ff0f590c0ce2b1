/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to bring a payload to its destination. Called by delivery's own threads only: one at a time, and up to
 * four while many payloads wait.
 * @since 0.1
 */
public interface Transmission extends AutoCloseable {
    /**
     * Sends once and waits for the answer.
     * @param attempt 1 for the first one
     * @throws IOException when there was no answer: the payload is tried again
     */
    Answer send(Payload payload, int attempt) throws IOException;

    @Override
    default void close() {}

    /**
     * What the destination said.
     * @param status the HTTP status
     * @param retryAfter the header's value; null when absent
     * @param rateLimits {@code X-Sentry-Rate-Limits}; null when absent
     * @param rejected how many parts of the payload it refused while it took the rest; zero or more
     */
    record Answer(
            int status,
            @Nullable String retryAfter,
            @Nullable String rateLimits,
            long rejected) {

        /** Took all of it, or none. */
        public Answer(int status, @Nullable String retryAfter, @Nullable String rateLimits) {
            this(status, retryAfter, rateLimits, 0);
        }
    }
}
