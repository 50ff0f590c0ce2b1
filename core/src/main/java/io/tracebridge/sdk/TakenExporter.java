/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;

/**
 * Stands where an exporter was that the tail decision feeds now. Exports nothing and never closes the real one: a
 * failed configuration closes both.
 */
record TakenExporter(SpanExporter real) implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public String toString() {
        return "Taken{" + real + "}";
    }
}
