/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import org.jspecify.annotations.Nullable;

/**
 * What one live page is to be told. Collects changes between the calls of the hub and puts those of one kind together.
 * @since 0.1
 */
public interface LiveFeed extends AutoCloseable {
    /** The next message, or null when there is nothing to tell now. Called on the hub's thread, five times a second at most. */
    @Nullable
    LiveMessage next();

    /** The page is gone. */
    @Override
    void close();
}
