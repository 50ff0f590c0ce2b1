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

/**
 * Makes the trace of an envelope's header, what the server samples and groups by: the words of the trace's head where
 * it is another service, and always our own sampling.
 */
final class TraceContexts {
    private final HeadContexts heads;

    TraceContexts(HeadContexts heads) {
        this.heads = heads;
    }

    /**
     * The header of an error: ids, no rate, since errors are not sampled.
     * @param kept whether the trace is stored with it; null when that is not known
     */
    @Nullable
    TraceContext ofError(SentryOptions options, String traceId, @Nullable Boolean kept) {
        Baggage baggage = baggage(options, traceId, null, null);
        baggage.setSampled(kept == null ? null : kept.toString());
        return baggage.toTraceContext();
    }

    /** The header of a transaction: how likely its trace was to be kept, so that the server can count back. */
    @Nullable
    TraceContext ofTransaction(
            SentryOptions options, String traceId, String name, String source, SamplingWeight weight) {
        Baggage baggage = baggage(options, traceId, name, source);
        baggage.setValuesFromSamplingDecision(decision(weight));
        return baggage.toTraceContext();
    }

    static TracesSamplingDecision decision(SamplingWeight weight) {
        return new TracesSamplingDecision(true, weight.rate(), weight.rand());
    }

    private Baggage baggage(SentryOptions options, String traceId, @Nullable String name, @Nullable String source) {
        String head = heads.of(traceId);
        Baggage incoming = head == null ? null : Baggage.fromHeader(head, NoOpLogger.getInstance());
        if (incoming != null && incoming.getPublicKey() != null) {
            incoming.setTraceId(traceId);
            return incoming;
        }
        return own(options, traceId, name, source);
    }

    /** A trace that begins here. */
    static Baggage own(SentryOptions options, String traceId, @Nullable String name, @Nullable String source) {
        Baggage baggage = new Baggage(NoOpLogger.getInstance());
        baggage.setValuesFromTransaction(
                new SentryId(traceId), null, options, null, name, source == null ? null : nameSource(source));
        return baggage;
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
