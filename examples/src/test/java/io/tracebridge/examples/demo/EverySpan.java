/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;

/** Writes down every span that ended, kept or not, and gives trace ids by a seed, so that the same traces are kept each time. */
public final class EverySpan implements AutoConfigurationCustomizerProvider {
    private static final Queue<Ended> ENDED = new ConcurrentLinkedQueue<>();
    private static Random traceIds = new Random(0);

    /** One span. */
    record Ended(String traceId, String name, long micros, boolean failed) {}

    /** Forgets what ended, and starts the ids over. */
    static synchronized void restart(long seed) {
        traceIds = new Random(seed);
        ENDED.clear();
    }

    static List<Ended> ended() {
        return List.copyOf(ENDED);
    }

    private static synchronized String nextTraceId() {
        return TraceId.fromLongs(traceIds.nextLong() | 1, traceIds.nextLong());
    }

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        customizer.addTracerProviderCustomizer(
                (builder, config) -> builder.setIdGenerator(new Ids()).addSpanProcessor(new Recorder()));
    }

    private static final class Ids implements IdGenerator {
        @Override
        public String generateSpanId() {
            return SpanId.fromLong(ThreadLocalRandom.current().nextLong() | 1);
        }

        @Override
        public String generateTraceId() {
            return nextTraceId();
        }
    }

    private static final class Recorder implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ENDED.add(new Ended(
                    span.getSpanContext().getTraceId(),
                    span.getName(),
                    span.getLatencyNanos() / 1_000,
                    span.toSpanData().getStatus().getStatusCode() == StatusCode.ERROR));
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
