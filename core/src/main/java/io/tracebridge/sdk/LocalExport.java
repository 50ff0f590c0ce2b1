/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.otlp.SpoolingSenders;
import io.tracebridge.sampling.TailSampling;

/**
 * The exporters of a bridge in development that was told no destination and looks for one on this machine. Until it is
 * decided a bounded amount waits in memory. Decide once; thread-safe.
 */
public final class LocalExport {
    private final SpoolingSenders senders;
    private final PendingSpanExporter batches;
    private final PendingSpanExporter traces;
    private final PendingMetricExporter metrics = new PendingMetricExporter();

    public LocalExport(SpoolingSenders senders, Accounting accounting) {
        this.senders = senders;
        batches = new PendingSpanExporter(accounting);
        traces = new PendingSpanExporter(accounting);
    }

    /** Everything goes to the OTLP receiver at this base URL. */
    public void toOtlp(String baseUrl) {
        traces.decide(null);
        batches.decide(senders.rebuild(OtlpHttpSpanExporter.builder()
                .setEndpoint(OtlpProperties.tracesUrl(baseUrl))
                .build()));
        metrics.decide(OtlpHttpMetricExporter.builder()
                .setEndpoint(baseUrl + "/v1/metrics")
                .build());
    }

    /** Traces go to this printer, one call for each; metrics go nowhere. */
    public void toTerminal(SpanExporter printer) {
        batches.decide(null);
        traces.decide(printer);
    }

    void addTo(TailSampling sampling) {
        sampling.addBatchExporter("local", batches);
        sampling.addTraceExporter("terminal", traces);
    }

    MetricExporter metrics() {
        return metrics;
    }
}
