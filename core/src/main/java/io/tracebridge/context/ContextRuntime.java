/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import java.time.Clock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What pipelines and steps run on. The facade installs one at start and takes it away at close; without one, the
 * application's work runs as if we were not there.
 *
 * <p>Thread-safe. Steps that are open when it is taken away end with the one they began with.
 */
public final class ContextRuntime {
    private static final ContextRuntime INERT = new ContextRuntime(builder());
    private static volatile ContextRuntime current = INERT;

    private final boolean active;
    private final Tracer tracer;
    private final TextMapPropagator propagator;
    private final Scrubber scrubber;
    private final EscapeListener escapes;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final boolean mirrorsMdc;
    private final Origins origins = new Origins();
    private final RecentSteps recentSteps = new RecentSteps();

    private ContextRuntime(Builder builder) {
        OpenTelemetry openTelemetry = builder.openTelemetry;
        active = openTelemetry != null;
        OpenTelemetry used = openTelemetry == null ? OpenTelemetry.noop() : openTelemetry;
        tracer = used.getTracer("io.tracebridge");
        propagator = used.getPropagators().getTextMapPropagator();
        scrubber = builder.scrubber;
        escapes = builder.escapes;
        clock = builder.clock;
        nanoTime = builder.nanoTime;
        mirrorsMdc = builder.mirrorsMdc;
    }

    /** Starts with no OpenTelemetry: inert. */
    public static Builder builder() {
        return new Builder();
    }

    /** The installed one; an inert one when there is none. */
    public static ContextRuntime current() {
        return current;
    }

    /** Makes this the one that new steps use. */
    public void install() {
        current = this;
    }

    /** Takes this away; does nothing when another one was installed meanwhile. */
    public void uninstall() {
        if (current == this) {
            current = INERT;
        }
    }

    /** Whether steps are recorded at all. */
    public boolean active() {
        return active;
    }

    /** Where throwables came from. */
    public Origins origins() {
        return origins;
    }

    Tracer tracer() {
        return tracer;
    }

    TextMapPropagator propagator() {
        return propagator;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    EscapeListener escapes() {
        return escapes;
    }

    Clock clock() {
        return clock;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    boolean mirrorsMdc() {
        return mirrorsMdc;
    }

    RecentSteps recentSteps() {
        return recentSteps;
    }

    /** Collects what a runtime needs. Not thread-safe. */
    public static final class Builder {
        private @Nullable OpenTelemetry openTelemetry;
        private Scrubber scrubber = RuleScrubber.create();
        private EscapeListener escapes = EscapeListener.NONE;
        private Clock clock = Clock.systemUTC();
        private LongSupplier nanoTime = System::nanoTime;
        private boolean mirrorsMdc = true;

        private Builder() {}

        /** Gives the tracer and the propagators; {@code OpenTelemetry.noop()} makes steps without ids. */
        public Builder openTelemetry(OpenTelemetry value) {
            openTelemetry = requireNonNull(value, "openTelemetry");
            return this;
        }

        public Builder scrubber(Scrubber value) {
            scrubber = requireNonNull(value, "scrubber");
            return this;
        }

        public Builder escapes(EscapeListener value) {
            escapes = requireNonNull(value, "escapes");
            return this;
        }

        public Builder clock(Clock value) {
            clock = requireNonNull(value, "clock");
            return this;
        }

        public Builder nanoTime(LongSupplier value) {
            nanoTime = requireNonNull(value, "nanoTime");
            return this;
        }

        /** Whether {@code trace_id}, {@code span_id} and {@code pipeline} are put into the MDC; on by default. */
        public Builder mirrorsMdc(boolean value) {
            mirrorsMdc = value;
            return this;
        }

        public ContextRuntime build() {
            return new ContextRuntime(this);
        }
    }
}
