/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.Source;
import java.util.HashMap;
import java.util.Map;

/** OTLP logs to log records; those that carry an exception become events too. */
final class OtlpLogs {
    static final int MAX_BODY = 64 * 1024;

    private OtlpLogs() {}

    static void read(ExportLogsServiceRequest request, Context context, Decoded into) {
        for (ResourceLogs resource : request.getResourceLogsList()) {
            SenderFacts sender = context.sender(resource.getResource());
            for (ScopeLogs scope : resource.getScopeLogsList()) {
                scope.getLogRecordsList().forEach(log -> log(log, scope.getScope(), sender, context, into));
            }
        }
    }

    private static void log(
            io.opentelemetry.proto.logs.v1.LogRecord log,
            InstrumentationScope scope,
            SenderFacts sender,
            Context context,
            Decoded into) {
        boolean badTrace = !log.getTraceId().isEmpty() && log.getTraceId().size() != Ids.TRACE_BYTES;
        boolean badSpan = !log.getSpanId().isEmpty() && log.getSpanId().size() != Ids.SPAN_BYTES;
        if (badTrace || badSpan) {
            into.reject("trace or span id of a log record: expected 32 and 16 hex digits, or none");
            return;
        }
        if (log.getTimeUnixNano() < 0 || log.getObservedTimeUnixNano() < 0) {
            into.reject("time of a log record: past the year 2262");
            return;
        }
        int severity = log.getSeverityNumberValue();
        if (severity < 0 || severity > 24) {
            into.reject("severityNumber: expected 0 to 24");
            return;
        }
        Map<String, Object> raw = new HashMap<>();
        OtlpAttributes.read(log.getAttributesList(), raw::put);
        Attributes attributes = context.attributes();
        raw.forEach(attributes::put);
        String level = severity == 0 ? Levels.ofText(log.getSeverityText()) : Levels.ofSeverity(severity);
        String logger = attributes.text("logger.name");
        LogRecord record = LogRecord.builder(time(log, context))
                .service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .severity(severity)
                .level(level)
                .body(context.text(OtlpAttributes.text(log.getBody()), MAX_BODY))
                .logger(logger != null ? logger : OtlpSpans.blankToNull(scope.getName()))
                .thread(attributes.text("thread.name"))
                .eventName(OtlpSpans.blankToNull(log.getEventName()))
                .traceId(Ids.hex(log.getTraceId(), Ids.TRACE_BYTES))
                .spanId(Ids.hex(log.getSpanId(), Ids.SPAN_BYTES))
                .sources(Source.OTLP)
                .attributes(attributes.json())
                .resource(sender.resource())
                .build();
        into.add(record);
        OtlpExceptions.ofLog(raw, record, sender, context, into);
    }

    private static long time(io.opentelemetry.proto.logs.v1.LogRecord log, Context context) {
        if (log.getTimeUnixNano() != 0) {
            return log.getTimeUnixNano();
        }
        return log.getObservedTimeUnixNano() != 0 ? log.getObservedTimeUnixNano() : context.nowNanos();
    }
}
