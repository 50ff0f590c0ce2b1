/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link DuckDbStore} is opened.
 *
 * @param folder where the data lives, made when missing; null keeps it in memory only
 * @param maxBytes what the data may take; at least 8 MiB
 * @param queueBytes what may wait for the writer; at least 1 MiB
 * @param runId stands for senders that name no run
 * @since 0.1
 */
public record DuckDbOptions(@Nullable Path folder, long maxBytes, long queueBytes, String runId) {
    private static final long MIB = 1 << 20;

    public DuckDbOptions {
        if (maxBytes < 8 * MIB) {
            throw new IllegalArgumentException("maxBytes is " + maxBytes + ", needs at least 8 MiB");
        }
        if (queueBytes < MIB) {
            throw new IllegalArgumentException("queueBytes is " + queueBytes + ", needs at least 1 MiB");
        }
    }
}
