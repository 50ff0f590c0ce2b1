/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import org.jspecify.annotations.Nullable;

/**
 * A question the store could not answer: the engine refused it, the time was up, or the store is closed.
 * @since 0.1
 */
public final class StoreQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreQueryException(String question, @Nullable Throwable cause) {
        super("the store cannot answer: " + question, cause);
    }
}
