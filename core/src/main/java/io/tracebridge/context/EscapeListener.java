/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

/** Hears of throwables that leave {@code Pipeline.run} or {@code resume}. Implementations are thread-safe and never throw. */
@FunctionalInterface
public interface EscapeListener {
    /** Hears nothing. */
    EscapeListener NONE = (throwable, traceId) -> {};

    /**
     * Called on the thread where it happened, while the pipeline is still current.
     * @param traceId of the pipeline's root, 32 hex digits; empty when there is no trace
     */
    void escaped(Throwable throwable, String traceId);
}
