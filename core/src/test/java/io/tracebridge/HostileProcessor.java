/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;

/** A processor of the application's, found on its class path, that cannot be flushed and shut down. Only while switched on. */
public final class HostileProcessor implements AutoConfigurationCustomizerProvider {
    static volatile boolean on;

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        if (on) {
            customizer.addTracerProviderCustomizer((builder, config) -> builder.addSpanProcessor(new Hostile()));
        }
    }

    private static final class Hostile implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return false;
        }

        @Override
        public CompletableResultCode forceFlush() {
            throw new AssertionError("flush");
        }

        @Override
        public CompletableResultCode shutdown() {
            throw new AssertionError("shutdown");
        }
    }
}
