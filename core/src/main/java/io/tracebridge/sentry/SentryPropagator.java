/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import io.sentry.Baggage;
import io.sentry.NoOpLogger;
import io.sentry.SentryOptions;
import io.sentry.util.TracingUtils;
import io.tracebridge.context.AiProviders;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes {@code sentry-trace} and the Sentry part of {@code baggage}. A W3C parent wins where both came, since
 * it says more; what Sentry's headers add (the random number, the head's words) is taken over either way.
 *
 * <p>Outgoing, a trace kept by its head decision says so ({@code -1}); every other one leaves the decision to the next
 * service, because an error can still keep it. Never throws; malformed headers are as good as none.
 */
final class SentryPropagator implements TextMapPropagator {
    private static final String BAGGAGE = "baggage";
    private static final String SENTRY_PREFIX = "sentry-";
    private static final ContextKey<String> INCOMING = ContextKey.named("tracebridge-sentry-baggage");

    private final SentryOwner owner;
    private final HeadContexts heads;
    private final double headRate;

    SentryPropagator(SentryOwner owner, HeadContexts heads, double headRate) {
        this.owner = owner;
        this.heads = heads;
        this.headRate = headRate;
    }

    @Override
    public Collection<String> fields() {
        return List.of(SentryTraceHeader.NAME, BAGGAGE);
    }

    @Override
    public <C> void inject(Context context, @Nullable C carrier, TextMapSetter<C> setter) {
        try {
            Span span = Span.fromContext(context);
            SentryOptions options = span.getSpanContext().isValid() ? owner.ready() : null;
            if (options != null && PropagationTargets.allow(options, AiProviders.url(context))) {
                inject(span.getSpanContext(), context, options, carrier, setter);
            }
        } catch (RuntimeException | LinkageError e) {
            Log.first("sentry.inject", "Sentry's headers could not be added to a request", e);
        }
    }

    private <C> void inject(
            SpanContext span, Context context, SentryOptions options, @Nullable C carrier, TextMapSetter<C> setter) {
        Boolean sampled = span.isSampled() ? Boolean.TRUE : null;
        SentryTraceHeader header = new SentryTraceHeader(span.getTraceId(), span.getSpanId(), sampled);
        setter.set(carrier, SentryTraceHeader.NAME, header.toString());
        String incoming = context.get(INCOMING);
        Baggage baggage = incoming == null
                ? own(span, options)
                : Baggage.fromHeader(incoming, NoOpLogger.getInstance()); // the head's words, unchanged
        String value = baggage.toHeaderString(others(context));
        if (!value.isEmpty()) {
            setter.set(carrier, BAGGAGE, value);
        }
    }

    private Baggage own(SpanContext span, SentryOptions options) {
        Baggage baggage = TraceContexts.own(options, span.getTraceId(), null, null);
        TraceState state = span.getTraceState();
        baggage.setSampleRand(SamplingWeight.rand(SamplingWeight.randomness(state, span.getTraceId())));
        if (span.isSampled()) {
            baggage.setSampled("true");
            baggage.setSampleRate(
                    SamplingWeight.hasThreshold(state)
                            ? SamplingWeight.of(state, span.getTraceId()).rate()
                            : headRate);
        }
        return baggage;
    }

    // the header of OpenTelemetry's own baggage, which ours replaces
    private static @Nullable String others(Context context) {
        Map<String, String> headers = new HashMap<>();
        W3CBaggagePropagator.getInstance().inject(context, headers, (carrier, key, value) -> {
            if (carrier != null) {
                carrier.put(key, value);
            }
        });
        return headers.get(BAGGAGE);
    }

    @Override
    public <C> Context extract(Context context, @Nullable C carrier, TextMapGetter<C> getter) {
        try {
            SentryTraceHeader trace = SentryTraceHeader.parse(getter.get(carrier, SentryTraceHeader.NAME));
            Context clean = withoutSentryBaggage(context);
            return trace == null
                    ? clean
                    : extract(trace, sentryPart(getter.get(carrier, BAGGAGE)), clean, owner.ready());
        } catch (RuntimeException | LinkageError e) {
            Log.first("sentry.extract", "Sentry's headers of a request could not be read", e);
            return context;
        }
    }

    private Context extract(SentryTraceHeader trace, String header, Context context, @Nullable SentryOptions options) {
        Baggage baggage = Baggage.fromHeader(header, NoOpLogger.getInstance());
        SpanContext parent = Span.fromContext(context).getSpanContext();
        boolean sameTrace = parent.getTraceId().equals(trace.traceId());
        if (options != null && !TracingUtils.shouldContinueTrace(options, baggage)) {
            // another organisation's trace: a new one begins here, whoever else forwarded its id
            return sameTrace && parent.isRemote() ? context.with(Span.getInvalid()) : context;
        }
        if (parent.isValid() && !sameTrace) {
            return context;
        }
        if (!header.isEmpty()) {
            heads.remember(trace.traceId(), header);
        }
        TraceState state = withRandomValue(parent.getTraceState(), baggage.getSampleRand());
        String parentId = parent.isValid() ? parent.getSpanId() : trace.spanId();
        TraceFlags flags = parent.isValid()
                ? parent.getTraceFlags()
                : Boolean.TRUE.equals(trace.sampled()) ? TraceFlags.getSampled() : TraceFlags.getDefault();
        SpanContext continued = SpanContext.createFromRemoteParent(trace.traceId(), parentId, flags, state);
        return context.with(Span.wrap(continued)).with(INCOMING, header);
    }

    private static TraceState withRandomValue(TraceState state, @Nullable Double sampleRand) {
        String value = sampleRand == null ? null : SamplingWeight.randomValue(sampleRand);
        String ot = state.get("ot");
        if (value == null || (ot != null && ot.contains("rv:"))) {
            return state;
        }
        return state.toBuilder()
                .put("ot", ot == null ? "rv:" + value : ot + ";rv:" + value)
                .build();
    }

    // they would go out a second time, as OpenTelemetry's
    private static Context withoutSentryBaggage(Context context) {
        io.opentelemetry.api.baggage.Baggage present = io.opentelemetry.api.baggage.Baggage.fromContext(context);
        if (present.asMap().keySet().stream().noneMatch(key -> key.startsWith(SENTRY_PREFIX))) {
            return context;
        }
        BaggageBuilder kept = io.opentelemetry.api.baggage.Baggage.builder();
        present.forEach((key, entry) -> {
            if (!key.startsWith(SENTRY_PREFIX)) {
                kept.put(key, entry.getValue(), entry.getMetadata());
            }
        });
        return context.with(kept.build());
    }

    private static String sentryPart(@Nullable String header) {
        if (header == null) {
            return "";
        }
        StringBuilder sentry = new StringBuilder();
        for (String member : header.split(",")) {
            if (member.strip().startsWith(SENTRY_PREFIX)) {
                sentry.append(sentry.isEmpty() ? "" : ",").append(member.strip());
            }
        }
        return sentry.toString();
    }

    @Override
    public String toString() {
        return "SentryPropagator";
    }
}
