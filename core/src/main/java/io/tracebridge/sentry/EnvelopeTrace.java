/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Baggage;
import io.sentry.NoOpLogger;
import io.sentry.SentryEnvelope;
import io.sentry.SentryEnvelopeHeader;
import io.sentry.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts the trace of an envelope's header right. The SDK takes it from the scope, never from the event, so the two
 * disagree for every event whose trace is OpenTelemetry's; and it repeats a transaction's name, which may hold a secret.
 */
final class EnvelopeTrace {
    private final Texts texts;

    EnvelopeTrace(Texts texts) {
        this.texts = texts;
    }

    /** The envelope with the right trace in its header; the same instance where it is right already. */
    SentryEnvelope correct(SentryEnvelope envelope, @Nullable TraceContext wanted) {
        SentryEnvelopeHeader header = envelope.getHeader();
        TraceContext present = header.getTraceContext();
        TraceContext trace = withoutSecret(agrees(present, wanted) ? present : wanted);
        if (trace == present) {
            return envelope;
        }
        return new SentryEnvelope(
                new SentryEnvelopeHeader(header.getEventId(), header.getSdkVersion(), trace), envelope.getItems());
    }

    // where the ids agree, the SDK knows more: a transaction of its own may be running
    private static boolean agrees(@Nullable TraceContext present, @Nullable TraceContext wanted) {
        return wanted == null || (present != null && present.getTraceId().equals(wanted.getTraceId()));
    }

    private @Nullable TraceContext withoutSecret(@Nullable TraceContext trace) {
        String name = trace == null ? null : trace.getTransaction();
        if (trace == null || name == null || name.equals(texts.text(name))) {
            return trace;
        }
        Baggage baggage = new Baggage(NoOpLogger.getInstance());
        baggage.setTraceId(trace.getTraceId().toString());
        baggage.setPublicKey(trace.getPublicKey());
        baggage.setRelease(trace.getRelease());
        baggage.setEnvironment(trace.getEnvironment());
        baggage.setTransaction(texts.text(name));
        baggage.setSampled(trace.getSampled());
        baggage.setSampleRate(number(trace.getSampleRate()));
        baggage.setSampleRand(number(trace.getSampleRand()));
        return baggage.toTraceContext();
    }

    private static @Nullable Double number(@Nullable String text) {
        try {
            return text == null ? null : Double.valueOf(text);
        } catch (NumberFormatException malformed) {
            return null;
        }
    }
}
