/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Baggage;
import io.sentry.NoOpLogger;
import io.sentry.SentryOptions;
import io.sentry.TraceContext;
import io.sentry.TracesSamplingDecision;
import io.sentry.protocol.SentryId;
import io.sentry.protocol.TransactionNameSource;
import org.jspecify.annotations.Nullable;

/** Makes the trace of an envelope's header: what the server samples and groups by. */
final class TraceContexts {
    private TraceContexts() {}

    /**
     * The header of an error: ids, no rate, since errors are not sampled.
     * @param kept whether the trace is stored with it; null when that is not known
     */
    static @Nullable TraceContext ofError(SentryOptions options, String traceId, @Nullable Boolean kept) {
        Baggage baggage = new Baggage(NoOpLogger.getInstance());
        baggage.setValuesFromTransaction(new SentryId(traceId), null, options, null, null, null);
        baggage.setSampled(kept == null ? null : kept.toString());
        return baggage.toTraceContext();
    }

    /** The header of a transaction: how likely its trace was to be kept, so that the server can count back. */
    static @Nullable TraceContext ofTransaction(
            SentryOptions options, String traceId, String name, String source, SamplingWeight weight) {
        Baggage baggage = new Baggage(NoOpLogger.getInstance());
        baggage.setValuesFromTransaction(
                new SentryId(traceId), null, options, decision(weight), name, nameSource(source));
        return baggage.toTraceContext();
    }

    static TracesSamplingDecision decision(SamplingWeight weight) {
        return new TracesSamplingDecision(true, weight.rate(), weight.rand());
    }

    private static TransactionNameSource nameSource(String source) {
        for (TransactionNameSource known : TransactionNameSource.values()) {
            if (known.apiName().equals(source)) {
                return known;
            }
        }
        return TransactionNameSource.CUSTOM;
    }
}
