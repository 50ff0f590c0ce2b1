/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.sentry.EventProcessor;
import io.sentry.Hint;
import io.sentry.SentryEvent;
import io.sentry.SentryLogEvent;
import io.sentry.SentryMetricsEvent;
import io.sentry.SentryOptions;
import io.sentry.SpanId;
import io.sentry.exception.ExceptionMechanismException;
import io.sentry.protocol.Mechanism;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryId;
import io.sentry.util.HintUtils;
import io.tracebridge.error.Enrichment;
import io.tracebridge.error.TraceKeeper;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives events and logs that others hand to Sentry what ours have: the ids of the step they belong to, its pipeline's
 * data, and a kept trace. A failure that was sent already is dropped. Also repairs exceptions that the SDK could not
 * convert.
 *
 * <p>Never throws: since 8.62 a throwing processor drops the event.
 */
final class ForeignEvents implements EventProcessor {
    private final SentryOptions options;
    private final EventWriter writer;
    private final ForeignFailures failures;
    private final TraceKeeper keeper;
    private final Accounting accounting;
    private final ModulesOnce modules;

    ForeignEvents(
            SentryOptions options,
            EventWriter writer,
            ForeignFailures failures,
            TraceKeeper keeper,
            Accounting accounting,
            ModulesOnce modules) {
        this.options = options;
        this.writer = writer;
        this.failures = failures;
        this.keeper = keeper;
        this.accounting = accounting;
        this.modules = modules;
    }

    @Override
    public @Nullable SentryEvent process(SentryEvent event, Hint hint) {
        try {
            repairExceptions(event);
            modules.addTo(event);
            boolean foreign = !Carried.in(hint).own() && HintUtils.shouldApplyScopeData(hint);
            return foreign ? enriched(event) : event;
        } catch (RuntimeException | LinkageError e) {
            Log.first("sentry.enrich", "An event goes to Sentry without its trace and pipeline data", e);
            return event;
        }
    }

    @Override
    public SentryLogEvent process(SentryLogEvent event) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            event.setTraceId(new SentryId(span.getTraceId()));
            event.setSpanId(new SpanId(span.getSpanId()));
        }
        return event;
    }

    @Override
    public SentryMetricsEvent process(SentryMetricsEvent event, Hint hint) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            event.setTraceId(new SentryId(span.getTraceId()));
            event.setSpanId(new SpanId(span.getSpanId()));
        }
        return event;
    }

    private @Nullable SentryEvent enriched(SentryEvent event) {
        Enrichment known = failures.enrich(event.getThrowable());
        if (known != null && known.duplicate()) {
            accounting.dropped(DropReason.DUPLICATE);
            return null;
        }
        if (known != null) {
            writer.enrich(event, known.error());
        }
        if (known == null || known.error().traceId() == null) {
            currentTrace(event);
        }
        return event;
    }

    private void currentTrace(SentryEvent event) {
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            Boolean kept = keeper.keep(span.getTraceId(), "captured_error", fingerprint(event));
            writer.trace(event, span.getTraceId(), span.getSpanId(), null, kept);
        }
    }

    private static String fingerprint(SentryEvent event) {
        Throwable throwable = event.getThrowable();
        return throwable == null ? "message" : throwable.getClass().getName();
    }

    private void repairExceptions(SentryEvent event) {
        List<SentryException> converted = event.getExceptions();
        Throwable throwable = event.getThrowable();
        boolean failed = converted == null || converted.isEmpty();
        if (throwable != null && (failed || ThrowableChain.hasRebuilt(throwable))) {
            event.setExceptions(new ThrowableChain(options).of(throwable, mechanism(event)));
        }
        List<SentryException> chain = event.getExceptions();
        if (chain != null) {
            chain = new ArrayList<>(chain);
            int leftOut = ThrowableChain.bound(chain);
            event.setExceptions(chain);
            if (leftOut > 0) {
                event.getContexts().put("exceptions_left_out", Map.of("count", leftOut));
            }
        }
    }

    private static Mechanism mechanism(SentryEvent event) {
        return event.getThrowableMechanism() instanceof ExceptionMechanismException wrapped
                ? wrapped.getExceptionMechanism()
                : new Mechanism();
    }
}
