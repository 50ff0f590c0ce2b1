/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sentry.DataCategory;
import io.sentry.Hint;
import io.sentry.IScope;
import io.sentry.IScopes;
import io.sentry.ScopeType;
import io.sentry.Sentry;
import io.sentry.SentryOptions;
import io.sentry.SpanContext;
import io.sentry.TraceContext;
import io.sentry.clientreport.DiscardReason;
import io.sentry.protocol.SentryTransaction;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Makes a transaction of each kept local trace. The JSON is written here once and read by the SDK's own deserialiser,
 * so that the application's {@code beforeSendTransaction} sees the typed object; sent from a clean scope, so that
 * nothing of the exporting thread sticks to it.
 *
 * <p>Called by one thread at a time, never an application's.
 */
final class SentrySpanExporter implements SpanExporter {
    private final SentryOwner owner;
    private final Accounting accounting;
    private final LossReports losses;
    private final TraceContexts headers;

    SentrySpanExporter(SentryOwner owner, Accounting accounting, LossReports losses, TraceContexts headers) {
        this.owner = owner;
        this.accounting = accounting;
        this.losses = losses;
        this.headers = headers;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        try {
            SentryOptions options = owner.ready();
            if (options != null) {
                losses.report(options);
                List<SpanData> wanted = withoutOwnRequests(spans, options);
                LocalTrace.of(wanted).forEach(trace -> send(trace, options));
            }
        } catch (RuntimeException | LinkageError | StackOverflowError e) {
            accounting.dropped(DropReason.ENCODING_FAILED);
            Log.first("sentry.export", "A trace could not be sent to Sentry", e);
        }
        return CompletableResultCode.ofSuccess();
    }

    private void send(LocalTrace trace, SentryOptions options) {
        TransactionJson written = TransactionJson.of(trace);
        SentryTransaction transaction =
                options.getSerializer().deserialize(new StringReader(written.json()), SentryTransaction.class);
        SpanContext context =
                transaction == null ? null : transaction.getContexts().getTrace();
        if (transaction == null || context == null) {
            accounting.dropped(DropReason.ENCODING_FAILED);
            return;
        }
        SamplingWeight weight = SamplingWeight.of(
                trace.root().getSpanContext().getTraceState(), trace.root().getTraceId());
        context.setSamplingDecision(TraceContexts.decision(weight));
        TraceContext header =
                headers.ofTransaction(options, trace.root().getTraceId(), written.name(), written.source(), weight);
        countPruned(written.pruned(), options);
        Hint hint = new Carried(null, written.spans(), true).put(new Hint());
        cleanScopes().captureTransaction(transaction, header, hint, null);
    }

    // a copy of the root scope still has the notes of the thread that initialised Sentry
    private static IScopes cleanScopes() {
        IScopes scopes = Sentry.forkedRootScopes("tracebridge");
        scopes.configureScope(ScopeType.CURRENT, IScope::clearBreadcrumbs);
        scopes.configureScope(ScopeType.ISOLATION, IScope::clearBreadcrumbs);
        return scopes;
    }

    private void countPruned(int pruned, SentryOptions options) {
        if (pruned > 0) {
            accounting.dropped(DropReason.TRANSACTION_PRUNED, pruned);
            options.getClientReportRecorder().recordLostEvent(DiscardReason.EVENT_PROCESSOR, DataCategory.Span, pruned);
        }
    }

    // an agent may trace the requests that bring these very spans
    private static List<SpanData> withoutOwnRequests(Collection<SpanData> spans, SentryOptions options) {
        String endpoint = SpoolingTransportFactory.endpoint(options);
        List<SpanData> wanted = new ArrayList<>(spans.size());
        for (SpanData span : spans) {
            String url = new Attributed(span.getAttributes()).text("url.full", "http.url");
            if (url == null || !url.startsWith(endpoint)) {
                wanted.add(span);
            }
        }
        return wanted;
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    /** Leaves Sentry open: errors may follow. */
    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public String toString() {
        return "SentrySpanExporter";
    }
}
