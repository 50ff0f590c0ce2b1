/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Exemplar;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** OTLP metrics to points, as sent: who reads resolves resets and temporality. */
final class OtlpMetrics {
    private static final int MAX_BUCKETS = 2_000;
    private static final int MAX_EXEMPLARS = 16;

    /** Set on a point that only says "the series has a gap here". */
    private static final int FLAG_NO_RECORDED_VALUE = 1;

    private final Context context;
    private final Decoded into;
    private final SenderFacts sender;

    private OtlpMetrics(Context context, Decoded into, SenderFacts sender) {
        this.context = context;
        this.into = into;
        this.sender = sender;
    }

    static void read(ExportMetricsServiceRequest request, Context context, Decoded into) {
        for (ResourceMetrics resource : request.getResourceMetricsList()) {
            OtlpMetrics reader = new OtlpMetrics(context, into, context.sender(resource.getResource()));
            for (ScopeMetrics scope : resource.getScopeMetricsList()) {
                scope.getMetricsList().forEach(reader::metric);
            }
        }
    }

    private void metric(Metric metric) {
        if (metric.getName().isBlank()) {
            into.reject("metric without a name");
            return;
        }
        switch (metric.getDataCase()) {
            case GAUGE -> metric.getGauge().getDataPointsList().forEach(point -> number(metric, "gauge", false, point));
            case SUM -> {
                String type = metric.getSum().getIsMonotonic() ? "counter" : "sum";
                boolean delta = isDelta(metric.getSum().getAggregationTemporality());
                metric.getSum().getDataPointsList().forEach(point -> number(metric, type, delta, point));
            }
            case HISTOGRAM -> {
                boolean delta = isDelta(metric.getHistogram().getAggregationTemporality());
                metric.getHistogram().getDataPointsList().forEach(point -> histogram(metric, delta, point));
            }
            case EXPONENTIAL_HISTOGRAM -> {
                boolean delta = isDelta(metric.getExponentialHistogram().getAggregationTemporality());
                metric.getExponentialHistogram()
                        .getDataPointsList()
                        .forEach(point -> exponential(metric, delta, point));
            }
            case SUMMARY -> metric.getSummary().getDataPointsList().forEach(point -> summary(metric, point));
            case DATA_NOT_SET -> into.reject("metric without data");
        }
    }

    private void number(Metric metric, String type, boolean delta, NumberDataPoint point) {
        boolean gap = (point.getFlags() & FLAG_NO_RECORDED_VALUE) != 0;
        double value = gap ? Double.NaN : point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
        add(point(metric, type, point.getTimeUnixNano(), point.getStartTimeUnixNano(), point.getAttributesList())
                .delta(delta)
                .value(value)
                .count(1)
                .exemplars(exemplars(point.getExemplarsList())));
    }

    private void histogram(Metric metric, boolean delta, HistogramDataPoint point) {
        int buckets = point.getBucketCountsCount();
        int bounds = point.getExplicitBoundsCount();
        if (buckets > MAX_BUCKETS || (buckets != bounds + 1 && (buckets != 0 || bounds != 0))) {
            into.reject("bucketCounts: expected one more than explicitBounds, or neither");
            return;
        }
        for (int i = 1; i < bounds; i++) {
            if (!(point.getExplicitBounds(i) > point.getExplicitBounds(i - 1))) {
                into.reject("explicitBounds: expected to rise");
                return;
            }
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bounds", point.getExplicitBoundsList());
        json.put("counts", point.getBucketCountsList());
        add(point(metric, "histogram", point.getTimeUnixNano(), point.getStartTimeUnixNano(), point.getAttributesList())
                .delta(delta)
                .value(point.hasSum() ? point.getSum() : 0)
                .count(point.getCount())
                .min(point.hasMin() ? (Double) point.getMin() : null)
                .max(point.hasMax() ? (Double) point.getMax() : null)
                .buckets(buckets == 0 ? null : Attributes.json(json))
                .exemplars(exemplars(point.getExemplarsList())));
    }

    private void exponential(Metric metric, boolean delta, ExponentialHistogramDataPoint point) {
        if (point.getPositive().getBucketCountsCount() > MAX_BUCKETS
                || point.getNegative().getBucketCountsCount() > MAX_BUCKETS) {
            into.reject("exponential histogram: expected at most " + MAX_BUCKETS + " buckets on each side");
            return;
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("scale", point.getScale());
        json.put("zero", point.getZeroCount());
        json.put("zeroThreshold", point.getZeroThreshold());
        json.put("positive", side(point.getPositive()));
        json.put("negative", side(point.getNegative()));
        add(point(
                        metric,
                        "exponential",
                        point.getTimeUnixNano(),
                        point.getStartTimeUnixNano(),
                        point.getAttributesList())
                .delta(delta)
                .value(point.hasSum() ? point.getSum() : 0)
                .count(point.getCount())
                .min(point.hasMin() ? (Double) point.getMin() : null)
                .max(point.hasMax() ? (Double) point.getMax() : null)
                .buckets(Attributes.json(json))
                .exemplars(exemplars(point.getExemplarsList())));
    }

    private static Map<String, Object> side(ExponentialHistogramDataPoint.Buckets buckets) {
        return Map.of("offset", buckets.getOffset(), "counts", buckets.getBucketCountsList());
    }

    private void summary(Metric metric, SummaryDataPoint point) {
        List<List<Double>> quantiles = point.getQuantileValuesList().stream()
                .limit(MAX_BUCKETS)
                .map(value -> List.of(value.getQuantile(), value.getValue()))
                .toList();
        add(point(metric, "summary", point.getTimeUnixNano(), point.getStartTimeUnixNano(), point.getAttributesList())
                .value(point.getSum())
                .count(point.getCount())
                .buckets(Attributes.json(Map.of("quantiles", quantiles))));
    }

    private MetricPoint.Builder point(Metric metric, String type, long time, long start, List<KeyValue> pairs) {
        Attributes attributes = context.attributes();
        OtlpAttributes.read(pairs, attributes);
        String name = context.text(metric.getName(), Context.MAX_NAME);
        String json = attributes.json();
        boolean known = context.names().isKnownSeries(sender.service(), name, json, context.ledger());
        return MetricPoint.builder(name, type, time == 0 ? context.nowNanos() : time)
                .service(sender.service())
                .environment(sender.environment())
                .release(sender.release())
                .runId(sender.runId())
                .startNanos(start)
                .unit(OtlpSpans.blankToNull(context.text(metric.getUnit(), Context.MAX_NAME)))
                .description(OtlpSpans.blankToNull(context.text(metric.getDescription(), Context.MAX_NAME)))
                .attributes(known ? json : "{\"" + KnownNames.OTHER + "\":true}")
                .sources(Source.OTLP);
    }

    private void add(MetricPoint.Builder point) {
        MetricPoint built = point.build();
        if (built.timeNanos() < 0 || built.startNanos() < 0) {
            into.reject("time of a data point: past the year 2262");
            return;
        }
        into.add(built);
    }

    private @Nullable String exemplars(List<Exemplar> exemplars) {
        List<Map<String, Object>> json = new ArrayList<>();
        for (Exemplar exemplar : exemplars) {
            String traceId = Ids.hex(exemplar.getTraceId(), Ids.TRACE_BYTES);
            String spanId = Ids.hex(exemplar.getSpanId(), Ids.SPAN_BYTES);
            if (traceId == null || json.size() == MAX_EXEMPLARS) {
                continue;
            }
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("t", exemplar.getTimeUnixNano());
            one.put("value", exemplar.hasAsInt() ? (Object) exemplar.getAsInt() : (Object) exemplar.getAsDouble());
            one.put("traceId", traceId);
            one.put("spanId", spanId);
            json.add(one);
        }
        return json.isEmpty() ? null : Attributes.json(json);
    }

    private static boolean isDelta(AggregationTemporality temporality) {
        return temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
    }
}
