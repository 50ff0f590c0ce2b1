/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.logs.LoggerProvider;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.LogRecordProcessor;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import io.tracebridge.metrics.Health;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Records every span, decides at the end of the local trace, and keeps every trace with an error. One instance serves
 * one OpenTelemetry SDK.
 *
 * <p>Thread-safe. Nothing here throws into, blocks or leaks into the application. Threads start with the first span.
 * @since 0.1
 */
public final class TailSampling implements AutoCloseable {
    private final boolean tracing;
    private final double rate;
    private final Accounting accounting;
    private final LongSupplier nanos;
    private final boolean ownThreads;
    private final double incomingPerSecond;

    private final Counts counts = new Counts();
    private final RequestMetrics metrics = new RequestMetrics();
    private final Wiring wiring = new Wiring();
    private final List<ExportLane> lanes = new CopyOnWriteArrayList<>();
    private final ActiveMemory memory;
    private final ActiveTraces active;
    private final HeldTraces held;
    private final KeptTraces kept = new KeptTraces();
    private final TraceIntake intake;
    private final DecisionWorker worker;
    private final TailSpanProcessor processor;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean samplerAsked = new AtomicBoolean();

    private TailSampling(Builder builder) {
        Settings settings = requireNonNull(builder.settings, "settings");
        tracing = settings.tracing();
        rate = settings.samplingRate();
        accounting = builder.accounting;
        nanos = builder.nanos;
        ownThreads = builder.ownThreads;
        incomingPerSecond = builder.incomingPerSecond;
        memory = new ActiveMemory(builder.activeBytes);
        active = new ActiveTraces(memory);
        held = new HeldTraces(builder.heldBytes, builder.holdFor.toNanos());
        ErrorBudget budget = new ErrorBudget(builder.errorTracesPerMinute, nanos.getAsLong());
        TailDecision.Parts parts = new TailDecision.Parts(
                active,
                held,
                kept,
                budget,
                new SlowTraces(settings.slowTrace().toNanos()),
                new SpanScrubber(builder.scrubber),
                metrics,
                new Export(lanes, ownThreads),
                counts,
                accounting);
        TailDecision decision = new TailDecision(parts, builder.firstTraces);
        worker = new DecisionWorker(decision, parts, memory, lanes, nanos, ownThreads);
        Runnable wake = ownThreads ? worker::wake : () -> {};
        intake = new TraceIntake(parts, memory, nanos, wake);
        worker.feedFrom(intake, this::checkSampler);
        processor = new TailSpanProcessor(this, intake, accounting);
    }

    public static Builder builder() {
        return new Builder();
    }

    /**
     * The sampler for the SDK: records everything, decides only what the wire says. With tracing off it records
     * nothing, and ids go on.
     * @param configured the head decision the user chose; null for our consistent one at the configured rate
     */
    public Sampler sampler(@Nullable Sampler configured) {
        if (!tracing) {
            return Sampler.alwaysOff();
        }
        RateCap incoming = new RateCap(incomingPerSecond, (int) Math.ceil(incomingPerSecond), nanos.getAsLong());
        return new RecordAllSampler(configured, rate, memory, this::notRecorded, incoming, nanos, samplerAsked);
    }

    /** The only span processor between the SDK and our exporters. */
    public SpanProcessor spanProcessor() {
        return tracing ? processor : SpanProcessor.composite();
    }

    /** Sees log records at level ERROR and keeps their traces. Add it before any exporter's processor. */
    public LogRecordProcessor logRecordProcessor() {
        return tracing ? new ErrorLogProcessor(intake) : LogRecordProcessor.composite();
    }

    /**
     * Wraps the SDK's propagator: after a known error outgoing calls say "sampled, weight 1", so that the services
     * called from then on keep their part.
     */
    public TextMapPropagator propagator(TextMapPropagator propagator) {
        return tracing ? new ErrorAwarePropagator(requireNonNull(propagator, "propagator"), intake) : propagator;
    }

    /** Where request rate, errors and durations of all spans are recorded; call it once the SDK stands. */
    public void meterProvider(MeterProvider meterProvider) {
        metrics.use(meterProvider);
    }

    /**
     * Says so once when the SDK's loggers drop errors of traces that are not sampled; call it once the SDK stands.
     * @return whether they do
     */
    public boolean checkLogs(LoggerProvider loggerProvider) {
        return tracing && wiring.checkLogs(loggerProvider);
    }

    private void checkSampler() {
        wiring.checkSampler(samplerAsked.get());
    }

    private void notRecorded() {
        counts.degradedTraces.increment();
        accounting.dropped(DropReason.MEMORY_PRESSURE);
    }

    /**
     * Adds an exporter that gets one call for each kept local trace, or for each later part of one. Before the first
     * span. Its calls come from one thread of its own.
     * @param name in counts and thread names, for example {@code sentry}
     */
    public void addTraceExporter(String name, SpanExporter exporter) {
        lanes.add(new ExportLane(name, requireNonNull(exporter, "exporter"), false, accounting));
    }

    /**
     * Adds an exporter that gets batches of at most 512 spans, at least once a second. Before the first span. Its calls
     * come from one thread of its own.
     * @param name in counts and thread names, for example {@code otlp}
     */
    public void addBatchExporter(String name, SpanExporter exporter) {
        lanes.add(new ExportLane(name, requireNonNull(exporter, "exporter"), true, accounting));
    }

    /**
     * Keeps the trace, also after its root ended.
     * @param traceId 32 hex digits
     * @param reason why, for example {@code captured_error}
     * @param fingerprint what the error budget counts
     * @return whether the trace is or will be kept: false when it is unknown, gone or over budget
     */
    public boolean keep(String traceId, String reason, String fingerprint) {
        try {
            return tracing && intake.keep(traceId, reason, fingerprint);
        } catch (Throwable failure) {
            Throwables.rethrowIfFatal(failure);
            return false;
        }
    }

    /** Whether the trace is kept, or will be when it ends, as far as is known now. */
    public boolean isKept(String traceId) {
        return tracing && intake.isKept(traceId);
    }

    /** What is held, kept and lost by now. Cheap enough for every second. */
    public Health health() {
        long now = nanos.getAsLong();
        Map<String, Long> exported = new HashMap<>();
        lanes.forEach(lane -> exported.merge(lane.name(), lane.exported(), Long::sum));
        return new Health(
                active.size(),
                memory.bytes(),
                held.size(),
                held.bytes(),
                held.oldestAge(now),
                counts.kept(),
                counts.lateSpans.sum(),
                memory.isDegraded(),
                counts.degradedTraces.sum(),
                counts.partialTraces.sum(),
                exported,
                Health.losses(accounting));
    }

    /** Hands everything complete to the exporters; the result comes when they have it. */
    CompletableResultCode flushLater() {
        return worker.flush();
    }

    /**
     * Hands everything complete to the exporters and waits for them.
     * @return false when the time was up or an exporter failed
     */
    public boolean flush(Duration timeout) {
        return flushLater().join(timeout.toNanos(), TimeUnit.NANOSECONDS).isSuccess();
    }

    /**
     * Decides what is still active, empties the queues, then shuts the exporters down. Safe to call twice.
     * @return false when the time was up; what was left is counted
     */
    public boolean shutdown(Duration timeout) {
        if (!closed.compareAndSet(false, true)) {
            return true;
        }
        processor.stop();
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean inTime = worker.finish(timeout.toNanos());
        for (ExportLane lane : lanes) {
            inTime &= lane.shutdown(Math.max(0, deadline - System.nanoTime()));
        }
        return inTime;
    }

    /** {@link #shutdown} with ten seconds. */
    @Override
    public void close() {
        shutdown(Duration.ofSeconds(10));
    }

    /** One round of the worker and the lanes, for tests that move the clock themselves. */
    void tick() {
        worker.tick();
        lanes.forEach(ExportLane::drain);
    }

    /** What is held of this trace, for tests that look into it. */
    @Nullable
    HeldTrace heldForTest(String traceId) {
        return held.get(traceId);
    }

    /** Collects what the decision needs. Not thread-safe. */
    public static final class Builder {
        private static final long MIB = 1L << 20;

        private @Nullable Settings settings;
        private Scrubber scrubber = RuleScrubber.create();
        private Accounting accounting = new Accounting();
        private int errorTracesPerMinute = 100;
        private double incomingPerSecond = 500;
        private long activeBytes = Math.min(32 * MIB, Runtime.getRuntime().maxMemory() / 20);
        private long heldBytes = Math.min(32 * MIB, Runtime.getRuntime().maxMemory() / 20);
        private Duration holdFor = Duration.ofSeconds(30);
        private LongSupplier nanos = System::nanoTime;
        private int firstTraces = 10;
        private boolean ownThreads = true;

        private Builder() {}

        /** Required: head rate, slow threshold and whether tracing is on. */
        public Builder settings(Settings settings) {
            this.settings = settings;
            return this;
        }

        /** Default: our rules. */
        public Builder scrubber(Scrubber scrubber) {
            this.scrubber = requireNonNull(scrubber, "scrubber");
            return this;
        }

        /** Where losses are counted; shared with the other parts. */
        public Builder accounting(Accounting accounting) {
            this.accounting = requireNonNull(accounting, "accounting");
            return this;
        }

        /**
         * How many traces of each error fingerprint are kept for certain each minute; default 100, at least 0.
         * {@link Integer#MAX_VALUE} is no budget.
         */
        public Builder errorTracesPerMinute(int count) {
            errorTracesPerMinute = atLeast("errorTracesPerMinute", count, 0);
            return this;
        }

        /** How many incoming traces may say "sampled" each second before our own rate applies to them; default 500. */
        public Builder incomingSampledPerSecond(int count) {
            incomingPerSecond = atLeast("incomingSampledPerSecond", count, 1);
            return this;
        }

        /** How many traces at the start of the process are kept; default 10, at least 0. */
        public Builder firstTraces(int count) {
            firstTraces = atLeast("firstTraces", count, 0);
            return this;
        }

        /** Memory for traces whose spans have not all ended; default 32 MiB, or a twentieth of the heap if less. */
        public Builder activeBytes(long bytes) {
            activeBytes = bytes;
            return this;
        }

        /** Memory for held traces; default 32 MiB, or a twentieth of the heap if less. Taken when needed. */
        public Builder heldBytes(long bytes) {
            heldBytes = bytes;
            return this;
        }

        /** How long a dropped trace can still be kept by a late error; default 30 seconds. */
        public Builder holdFor(Duration duration) {
            holdFor = requireNonNull(duration, "duration");
            return this;
        }

        /** The clock, and no threads: the test calls {@link TailSampling#tick()}. */
        Builder manual(LongSupplier ticker) {
            nanos = ticker;
            ownThreads = false;
            return this;
        }

        private static int atLeast(String name, int value, int min) {
            if (value < min) {
                throw new IllegalArgumentException(name + ": " + value + ", must be at least " + min);
            }
            return value;
        }

        public TailSampling build() {
            return new TailSampling(this);
        }
    }
}
