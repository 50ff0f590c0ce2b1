/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;

/** Emits log records through a real logger provider. */
final class Logs {
    private Logs() {}

    static void error(TailSampling sampling, SpanContext span, String logger) {
        emit(sampling, span, logger, Severity.ERROR);
    }

    static void emit(TailSampling sampling, SpanContext span, String logger, Severity severity) {
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder()
                .addLogRecordProcessor(sampling.logRecordProcessor())
                .build()) {
            provider.get(logger)
                    .logRecordBuilder()
                    .setSeverity(severity)
                    .setContext(Context.root().with(Span.wrap(span)))
                    .setBody("it failed")
                    .emit();
        }
    }
}
