/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.logs.ReadWriteLogRecord;

/** Keeps the trace of every log record at ERROR or above that belongs to one. */
final class ErrorLogProcessor implements LogRecordProcessor {
    private static final AttributeKey<String> EXCEPTION_TYPE = AttributeKey.stringKey("exception.type");

    private final TraceIntake intake;

    ErrorLogProcessor(TraceIntake intake) {
        this.intake = intake;
    }

    @Override
    public void onEmit(Context context, ReadWriteLogRecord logRecord) {
        try {
            if (logRecord.getSeverity().getSeverityNumber() < Severity.ERROR.getSeverityNumber()) {
                return;
            }
            SpanContext span = logRecord.getSpanContext();
            if (span.isValid()) {
                String type = logRecord.getAttribute(EXCEPTION_TYPE);
                String logger = logRecord.getInstrumentationScopeInfo().getName();
                intake.keep(span.getTraceId(), "error_log", (type == null ? "" : type) + '|' + logger);
            }
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
        }
    }

    @Override
    public String toString() {
        return "ErrorLogProcessor{}";
    }
}
