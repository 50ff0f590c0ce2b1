/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import io.sentry.Sentry;
import io.tracebridge.Tracebridge;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.delivery.Destination;
import io.tracebridge.delivery.HttpTransmission;
import io.tracebridge.delivery.Outbox;
import io.tracebridge.delivery.Payload;
import io.tracebridge.delivery.Transmission;
import io.tracebridge.delivery.Transmission.Answer;
import io.tracebridge.metrics.Accounting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a captured error costs the application's thread, durable and not, beside plain Sentry; and what one sender
 * brings to a server on the same machine.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class DeliveryBenchmarks {
    private static final int BATCH = 2_000;

    /**
     * Captures at a stretch; what they left is delivered before the next stretch, outside the measurement. Without an end they would
     * measure the disk instead: 20,000 a second are 150 MB a second.
     */
    private static final int BURST = 500;

    private static final Duration DRAINED = Duration.ofSeconds(30);

    /** A spool whose destination takes everything at once, without a network. */
    @State(Scope.Benchmark)
    public static class Spooling {
        Delivery delivery;
        Outbox outbox;
        Payload error;

        @Setup(Level.Trial)
        public void start() {
            delivery = Delivery.open(folder(), new Accounting(), InstantSource.system());
            Transmission takesAll = (payload, attempt) -> new Answer(200, null, null);
            outbox = delivery.outbox(Destination.of("bench", "bench", takesAll));
            error = payload("error");
        }

        @TearDown(Level.Trial)
        public void stop() {
            System.out.println(delivery.state());
            delivery.close(Duration.ofSeconds(2));
        }
    }

    /** Plain Sentry as its users have it: default transport, which drops when its queue of 30 is full. */
    @State(Scope.Benchmark)
    public static class Plain {
        Sink sink;

        @Setup(Level.Trial)
        public void start() {
            sink = new Sink();
            Sentry.init(options -> {
                options.setDsn(sink.dsn());
                options.setSendModules(false);
            });
        }

        @Setup(Level.Invocation)
        public void drain() {
            sink.release();
            Sentry.flush(DRAINED.toMillis());
            sink.hold();
        }

        @TearDown(Level.Trial)
        public void stop() {
            sink.release();
            Sentry.close();
            System.out.println("plain Sentry: received " + sink.requests);
            sink.close();
        }
    }

    /** Tracebridge with its defaults. */
    @State(Scope.Benchmark)
    public static class Bridged {
        Sink sink;
        Tracebridge bridge;

        @Setup(Level.Trial)
        public void start() {
            sink = new Sink();
            bridge = Tracebridge.builder()
                    .dsn(sink.dsn())
                    .environment("production")
                    .spoolDir(folder())
                    .start();
        }

        @Setup(Level.Invocation)
        public void drain() {
            sink.release();
            if (!bridge.flush(DRAINED)) {
                throw new IllegalStateException(
                        "not drained: " + Tracebridge.health().line());
            }
            sink.hold();
        }

        @TearDown(Level.Trial)
        public void stop() {
            sink.release();
            System.out.println(Tracebridge.health().line());
            bridge.close();
            System.out.println("Tracebridge: received " + sink.requests);
            sink.close();
        }
    }

    /** One sender over HTTP. */
    @State(Scope.Benchmark)
    public static class Sending {
        Sink sink;
        Delivery delivery;
        Outbox outbox;
        Payload error;

        @Setup(Level.Trial)
        public void start() {
            sink = new Sink();
            delivery = Delivery.open(folder(), new Accounting(), InstantSource.system());
            outbox = delivery.outbox(
                    Destination.of("bench", "bench", HttpTransmission.ofEnvelopes(sink.envelopeUrl(), Map::of)));
            error = payload("error");
        }

        @TearDown(Level.Trial)
        public void stop() {
            delivery.close(Duration.ofSeconds(2));
            sink.close();
        }
    }

    @Benchmark
    public boolean offerDurably_8kB(Spooling spooling) {
        return spooling.outbox.offerDurably(spooling.error);
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void captureException_plainSentry(Plain plain, Blackhole blackhole) {
        for (int i = 0; i < BURST; i++) {
            blackhole.consume(Sentry.captureException(Failing.failure()));
        }
    }

    @Benchmark
    @OperationsPerInvocation(BURST)
    public void captureError_durable(Bridged bridged, Blackhole blackhole) {
        for (int i = 0; i < BURST; i++) {
            blackhole.consume(Tracebridge.captureError(Failing.failure()));
        }
    }

    /** The exception alone, to be subtracted. */
    @Benchmark
    public Throwable exception_withoutCapture() {
        return Failing.failure();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public boolean send_8kB(Sending sending) {
        for (int i = 0; i < BATCH; i++) {
            sending.outbox.offerDurably(sending.error);
        }
        return sending.outbox.flush(Duration.ofMinutes(1));
    }

    private static Payload payload(String category) {
        byte[] body = new byte[8_000];
        Random random = new Random(1);
        for (int i = 0; i < body.length; i++) {
            body[i] = (byte) ('a' + random.nextInt(6));
        }
        return new Payload(category, "0123456789abcdef0123456789abcdef", Map.of(category, 1), body);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("tracebridge-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Failures with about 30 frames and one cause. */
    private static final class Failing {
        private Failing() {}

        static RuntimeException failure() {
            return at(20);
        }

        private static RuntimeException at(int depth) {
            return depth > 0
                    ? at(depth - 1)
                    : new IllegalStateException("scene 42 cannot be drawn", new IOException("connection reset"));
        }
    }
}
