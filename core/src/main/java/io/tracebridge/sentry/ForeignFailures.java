/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.tracebridge.error.Enrichment;
import io.tracebridge.error.ErrorRuntime;
import org.jspecify.annotations.Nullable;

/** Who knows about a failure that someone else gives to Sentry. */
@FunctionalInterface
interface ForeignFailures {
    /** The running bridge. */
    ForeignFailures OF_RUNTIME = throwable -> ErrorRuntime.current().enrich(throwable);

    /**
     * Where it happened, and whether it was sent already.
     * @param throwable null for a message
     * @return null when nothing is known
     */
    @Nullable
    Enrichment enrich(@Nullable Throwable throwable);
}
