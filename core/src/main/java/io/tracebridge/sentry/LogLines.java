/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.sentry.Sentry;
import io.sentry.SentryAttribute;
import io.sentry.SentryAttributes;
import io.sentry.SentryLogLevel;
import io.sentry.SentryLongDate;
import io.sentry.logger.SentryLogParameters;
import io.tracebridge.error.StructuredLog;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/** Log lines as Sentry's structured logs, under the ids and the time that the line itself has. */
final class LogLines {
    private LogLines() {}

    static void send(StructuredLog line, Map<String, String> resource) {
        SentryLogParameters parameters =
                SentryLogParameters.create(new SentryLongDate(nanos(line.time())), attributes(line, resource));
        parameters.setOrigin("auto.log.tracebridge");
        // the body is final: with arguments it would be taken for a format string and formatted again
        place(line)
                .wrap(() -> Sentry.logger().log(level(line.level()), parameters, line.body(), new Object[0]))
                .run();
    }

    private static Context place(StructuredLog line) {
        if (line.traceId() == null || line.spanId() == null) {
            return Context.root();
        }
        return Context.root()
                .with(Span.wrap(SpanContext.create(
                        line.traceId(), line.spanId(), TraceFlags.getDefault(), TraceState.getDefault())));
    }

    private static SentryAttributes attributes(StructuredLog line, Map<String, String> resource) {
        SentryAttributes attributes =
                SentryAttributes.of(SentryAttribute.stringAttribute("logger.name", line.logger()));
        resource.forEach((key, value) -> attributes.add(SentryAttribute.stringAttribute(key, value)));
        if (line.threadName() != null) {
            attributes.add(SentryAttribute.stringAttribute("thread.name", line.threadName()));
        }
        if (line.template() != null) {
            attributes.add(SentryAttribute.stringAttribute("sentry.message.template", line.template()));
        }
        for (int i = 0; i < line.params().size(); i++) {
            attributes.add(SentryAttribute.stringAttribute(
                    "sentry.message.parameter." + i, line.params().get(i)));
        }
        line.attributes().forEach((key, value) -> attributes.add(attribute(key, value)));
        return attributes;
    }

    private static SentryAttribute attribute(String key, Object value) {
        if (value instanceof Boolean flag) {
            return SentryAttribute.booleanAttribute(key, flag);
        }
        if (value instanceof Integer number) {
            return SentryAttribute.integerAttribute(key, number);
        }
        if (value instanceof Double || value instanceof Float) {
            return SentryAttribute.doubleAttribute(key, ((Number) value).doubleValue());
        }
        return SentryAttribute.stringAttribute(key, String.valueOf(value));
    }

    private static long nanos(Instant time) {
        return time.getEpochSecond() * 1_000_000_000L + time.getNano();
    }

    private static SentryLogLevel level(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "trace" -> SentryLogLevel.TRACE;
            case "debug" -> SentryLogLevel.DEBUG;
            case "warn", "warning" -> SentryLogLevel.WARN;
            case "error" -> SentryLogLevel.ERROR;
            case "fatal" -> SentryLogLevel.FATAL;
            default -> SentryLogLevel.INFO;
        };
    }
}
