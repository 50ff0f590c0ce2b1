/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Writes down which spans ended, trace by trace, beside the tail decision and knowing nothing of it: what arrived is
 * compared with this.
 */
public final class SpanLedger implements AutoConfigurationCustomizerProvider {
    private static final Map<String, Set<String>> ENDED = new ConcurrentHashMap<>();

    /** The ids of the trace's spans that ended so far. */
    static Set<String> ended(String traceId) {
        return Set.copyOf(ENDED.getOrDefault(traceId, Set.of()));
    }

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        customizer.addTracerProviderCustomizer((builder, config) -> builder.addSpanProcessor(new Counting()));
    }

    private static final class Counting implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ENDED.computeIfAbsent(span.getSpanContext().getTraceId(), id -> ConcurrentHashMap.newKeySet())
                    .add(span.getSpanContext().getSpanId());
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
