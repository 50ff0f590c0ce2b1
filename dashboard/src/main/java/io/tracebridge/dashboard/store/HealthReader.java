/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * What the store knows about itself.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public interface HealthReader {
    StoreFacts facts();

    /** Time of the oldest record of any kind, nanoseconds; {@link Long#MAX_VALUE} when nothing is stored. */
    long oldestNanos();

    /** Environments of stored traces and events, sorted; at most 100. */
    List<String> environments();

    /** Items without a use, newest first. */
    List<RetainedItem> retained(int limit);

    /** Runs of senders and of this server, newest first. */
    List<RunRecord> runs(int limit);
}
