/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Hint;
import io.sentry.ISerializer;
import io.sentry.ITransportFactory;
import io.sentry.SentryEvent;
import io.sentry.SentryLogEvent;
import io.sentry.SentryLogEventAttributeValue;
import io.sentry.SentryMetricsEvent;
import io.sentry.SentryOptions;
import io.sentry.SpanContext;
import io.sentry.TraceContext;
import io.sentry.protocol.SentryTransaction;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Our parts inside one options object: processor, callbacks behind the application's own, transport. Installing opens
 * nothing; {@link #remove()} leaves the options as they were.
 */
final class Parts {
    private final SentryOptions options;
    private final Accounting accounting;
    private final Texts texts;
    private final TraceContexts headers;
    private final EventScrubber events;
    private final TransactionScrubber transactions;
    private final ForeignEvents processor;

    private final ITransportFactory transportBefore;
    private final ISerializer serializerBefore;
    private final boolean deduplicationBefore;
    private final SentryOptions.@Nullable BeforeSendCallback eventsBefore;
    private final SentryOptions.@Nullable BeforeSendCallback feedbackBefore;
    private final SentryOptions.@Nullable BeforeSendTransactionCallback transactionsBefore;
    private final SentryOptions.Logs.@Nullable BeforeSendLogCallback logsBefore;
    private final SentryOptions.Metrics.@Nullable BeforeSendMetricCallback metricsBefore;

    private Parts(
            SentryOptions options, ForeignEvents processor, Texts texts, TraceContexts headers, Accounting accounting) {
        this.options = options;
        this.accounting = accounting;
        this.processor = processor;
        this.texts = texts;
        this.headers = headers;
        events = new EventScrubber(texts);
        transactions = new TransactionScrubber(texts, events);
        transportBefore = options.getTransportFactory();
        serializerBefore = options.getSerializer();
        deduplicationBefore = options.isEnableDeduplication();
        eventsBefore = options.getBeforeSend();
        feedbackBefore = options.getBeforeSendFeedback();
        transactionsBefore = options.getBeforeSendTransaction();
        logsBefore = options.getLogs().getBeforeSend();
        metricsBefore = options.getMetrics().getBeforeSend();
    }

    static Parts install(
            SentryOptions options,
            ITransportFactory transport,
            ForeignEvents processor,
            Texts texts,
            TraceContexts headers,
            Accounting accounting) {
        Parts parts = new Parts(options, processor, texts, headers, accounting);
        options.addEventProcessor(processor);
        options.setBeforeSend(parts::event);
        options.setBeforeSendFeedback(parts::feedback);
        options.setBeforeSendTransaction(parts::transaction);
        options.getLogs().setBeforeSend(parts::log);
        options.getMetrics().setBeforeSend(parts::metric);
        options.setTransportFactory(transport);
        options.setSerializer(FastSerializer.of(options));
        // equal is not the same: two failures of one value are two events, and who saw one first is asked elsewhere
        options.setEnableDeduplication(false);
        return parts;
    }

    void remove() {
        options.getEventProcessors().remove(processor);
        options.setBeforeSend(eventsBefore);
        options.setBeforeSendFeedback(feedbackBefore);
        options.setBeforeSendTransaction(transactionsBefore);
        options.getLogs().setBeforeSend(logsBefore);
        options.getMetrics().setBeforeSend(metricsBefore);
        options.setTransportFactory(transportBefore);
        options.setSerializer(serializerBefore);
        options.setEnableDeduplication(deduplicationBefore);
    }

    private @Nullable SentryEvent event(SentryEvent original, Hint hint) {
        SentryEvent event = eventsBefore == null ? original : eventsBefore.execute(original, hint);
        if (event == null) {
            if (!Carried.in(hint).own()) { // ours are counted where they are captured
                accounting.dropped(DropReason.CALLBACK);
            }
            return null;
        }
        events.scrub(event);
        carryTrace(event, hint);
        return event;
    }

    private @Nullable SentryEvent feedback(SentryEvent original, Hint hint) {
        SentryEvent event = feedbackBefore == null ? original : feedbackBefore.execute(original, hint);
        if (event != null) {
            events.scrub(event);
        }
        return event;
    }

    private void carryTrace(SentryEvent event, Hint hint) {
        SpanContext trace = event.getContexts().getTrace();
        if (trace != null) {
            String kept = event.getTag("trace_kept");
            TraceContext header = headers.ofError(
                    options, trace.getTraceId().toString(), kept == null ? null : Boolean.valueOf(kept));
            Carried.in(hint).withTrace(header).put(hint);
        }
    }

    private @Nullable SentryTransaction transaction(SentryTransaction original, Hint hint) {
        SentryTransaction transaction =
                transactionsBefore == null ? original : transactionsBefore.execute(original, hint);
        if (transaction == null) {
            accounting.dropped(DropReason.CALLBACK);
            return null;
        }
        SentryTransaction scrubbed =
                transactions.scrub(transaction, Carried.in(hint).own() && !isSeenByOthers());
        Carried.in(hint).withSpans(scrubbed.getSpans().size() + 1).put(hint);
        return scrubbed;
    }

    private boolean isSeenByOthers() {
        return transactionsBefore != null
                || options.getEventProcessors().stream()
                        .anyMatch(each ->
                                each != processor && !each.getClass().getName().startsWith("io.sentry."));
    }

    private @Nullable SentryMetricsEvent metric(SentryMetricsEvent original, Hint hint) {
        SentryMetricsEvent event = metricsBefore == null ? original : metricsBefore.execute(original, hint);
        if (event != null && event.getAttributes() != null) {
            event.setAttributes(attributes(event.getAttributes()));
        }
        return event;
    }

    private @Nullable SentryLogEvent log(SentryLogEvent original) {
        SentryLogEvent event = logsBefore == null ? original : logsBefore.execute(original);
        if (event == null) {
            return null;
        }
        String body = texts.text(event.getBody());
        event.setBody(body == null ? "" : body);
        Map<String, SentryLogEventAttributeValue> attributes = event.getAttributes();
        if (attributes != null) {
            event.setAttributes(attributes(attributes));
        }
        return event;
    }

    private Map<String, SentryLogEventAttributeValue> attributes(Map<String, SentryLogEventAttributeValue> raw) {
        Map<String, SentryLogEventAttributeValue> scrubbed = new LinkedHashMap<>();
        raw.forEach((key, value) -> {
            Object safe = texts.value(key, value.getValue());
            scrubbed.put(
                    key,
                    safe == value.getValue()
                            ? value
                            : new SentryLogEventAttributeValue(
                                    safe instanceof String ? "string" : value.getType(), safe));
        });
        return scrubbed;
    }
}
