/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.tracebridge.error.CapturedError;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a failure that someone else gave to Sentry: the step it was thrown in and its pipeline's data.
 *
 * <p>Implementations are thread-safe, quick and never throw.
 */
@FunctionalInterface
public interface Enrichment {
    /** Knows nothing. */
    Enrichment NONE = throwable -> null;

    /**
     * Describes a failure.
     * @param throwable null for a message
     * @return null when nothing is known
     */
    @Nullable
    CapturedError describe(@Nullable Throwable throwable);
}
