/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.SeriesCap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rate, errors and duration of all recorded spans, whether their trace is kept or not: histogram
 * {@code traces.span.metrics.duration} in milliseconds, named as the Collector's span metrics are. Exemplars point to
 * kept traces only.
 */
final class RequestMetrics {
    private static final String NAME = "traces.span.metrics.duration";
    private static final AttributeKey<String> SPAN_NAME = AttributeKey.stringKey("span.name");
    private static final AttributeKey<String> SPAN_KIND = AttributeKey.stringKey("span.kind");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("status.code");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");
    private static final List<Double> BOUNDARIES_MILLIS =
            List.of(1d, 2d, 5d, 10d, 20d, 50d, 100d, 200d, 500d, 1e3, 2e3, 5e3, 1e4, 2e4, 6e4);

    private final SeriesCap series = new SeriesCap();
    private volatile @Nullable DoubleHistogram durations;

    void use(MeterProvider meters) {
        durations = meters.get("io.tracebridge")
                .histogramBuilder(NAME)
                .setDescription("Duration of spans, from all of them before sampling")
                .setUnit("ms")
                .setExplicitBucketBoundariesAdvice(BOUNDARIES_MILLIS)
                .build();
    }

    boolean isUsed() {
        return durations != null;
    }

    /**
     * Adds one span.
     * @param span scrubbed: its name becomes an attribute
     * @param kept whether an exemplar may point to it
     */
    void record(PlainSpan span, boolean kept) {
        DoubleHistogram histogram = durations;
        if (histogram == null) {
            return;
        }
        double millis = (span.endEpochNanos() - span.startEpochNanos()) / 1e6;
        Context context = kept ? Context.root().with(Span.wrap(sampled(span.spanContext()))) : Context.root();
        histogram.record(millis, series.admit(attributes(span)), context);
    }

    private static SpanContext sampled(SpanContext context) {
        return context.isSampled()
                ? context
                : SpanContext.create(
                        context.getTraceId(), context.getSpanId(), TraceFlags.getSampled(), context.getTraceState());
    }

    private static Attributes attributes(SpanData span) {
        String kind = "SPAN_KIND_" + span.getKind().name();
        String status = "STATUS_CODE_" + span.getStatus().getStatusCode().name();
        return span.getStatus().getStatusCode() == StatusCode.ERROR
                ? Attributes.of(SPAN_NAME, span.getName(), SPAN_KIND, kind, STATUS, status, ERROR_TYPE, errorType(span))
                : Attributes.of(SPAN_NAME, span.getName(), SPAN_KIND, kind, STATUS, status);
    }

    private static String errorType(SpanData span) {
        String type = ErrorTriggers.type(span);
        return type.isEmpty() ? "_OTHER" : type;
    }
}
