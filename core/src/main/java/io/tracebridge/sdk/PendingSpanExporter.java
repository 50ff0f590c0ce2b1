/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps spans while it is not known yet where they go, at most {@value #MAX_SPANS}; later ones are dropped and counted
 * {@link DropReason#QUEUE_FULL}. Each call's spans are passed on as one call.
 */
final class PendingSpanExporter implements SpanExporter {
    static final int MAX_SPANS = 2_000;

    private final Accounting accounting;
    private final List<Collection<SpanData>> waiting = new ArrayList<>();
    private int waitingSpans;
    private boolean decided;
    private @Nullable SpanExporter destination;

    PendingSpanExporter(Accounting accounting) {
        this.accounting = accounting;
    }

    /** @param found null: nothing goes anywhere, and nothing is counted as lost */
    synchronized void decide(@Nullable SpanExporter found) {
        if (decided) {
            return;
        }
        decided = true;
        destination = found;
        if (found != null) {
            waiting.forEach(found::export);
        }
        waiting.clear();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        SpanExporter known = known(spans);
        return known == null ? CompletableResultCode.ofSuccess() : known.export(spans);
    }

    private synchronized @Nullable SpanExporter known(Collection<SpanData> spans) {
        if (decided) {
            return destination;
        }
        if (waitingSpans + spans.size() > MAX_SPANS) {
            accounting.dropped(DropReason.QUEUE_FULL, spans.size());
        } else {
            waiting.add(List.copyOf(spans));
            waitingSpans += spans.size();
        }
        return null;
    }

    private synchronized @Nullable SpanExporter destination() {
        return destination;
    }

    @Override
    public CompletableResultCode flush() {
        SpanExporter known = destination();
        return known == null ? CompletableResultCode.ofSuccess() : known.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        SpanExporter known = destination();
        return known == null ? CompletableResultCode.ofSuccess() : known.shutdown();
    }
}
