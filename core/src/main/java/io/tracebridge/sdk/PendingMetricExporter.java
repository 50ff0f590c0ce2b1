/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Swallows metrics while it is not known yet where they go. Nothing is lost by that: points are cumulative, the next
 * export repeats the sums.
 */
final class PendingMetricExporter implements MetricExporter {
    private volatile @Nullable MetricExporter destination;

    void decide(MetricExporter found) {
        destination = found;
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
        return AggregationTemporality.CUMULATIVE;
    }

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
        MetricExporter known = destination;
        return known == null ? CompletableResultCode.ofSuccess() : known.export(metrics);
    }

    @Override
    public CompletableResultCode flush() {
        MetricExporter known = destination;
        return known == null ? CompletableResultCode.ofSuccess() : known.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        MetricExporter known = destination;
        return known == null ? CompletableResultCode.ofSuccess() : known.shutdown();
    }
}
