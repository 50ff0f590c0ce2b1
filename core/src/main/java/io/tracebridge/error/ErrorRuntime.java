/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.tracebridge.context.ContextRuntime;
import io.tracebridge.context.Failure;
import io.tracebridge.context.Note;
import io.tracebridge.context.Origin;
import io.tracebridge.context.Origins;
import io.tracebridge.context.Place;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What captured errors run on: decides what makes an event, has it completed with where it happened and hands it to
 * the sink. The facade installs one at start and takes it away at close; without one, captures answer {@code ""}.
 *
 * <p>Thread-safe. Never throws; a capture that is caused by a capture on the same thread does nothing.
 */
public final class ErrorRuntime {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge");
    private static final ErrorRuntime INERT = new ErrorRuntime(builder());
    private static volatile ErrorRuntime current = INERT;

    private final @Nullable ErrorSink sink;
    private final Scrubber scrubber;
    private final Accounting accounting;
    private final Clock clock;
    private final boolean reportsEscapes;
    private final ErrorDetails details;
    private final SeenFailures seen;
    private final ThreadLocal<Boolean> capturing = new ThreadLocal<>();

    private ErrorRuntime(Builder builder) {
        sink = builder.sink;
        scrubber = builder.scrubber;
        accounting = builder.accounting;
        clock = builder.clock;
        reportsEscapes = builder.reportsEscapes;
        details = new ErrorDetails(scrubber, builder.keeper, builder.tracing ? builder.traceUrlTemplate : null);
        seen = new SeenFailures(clock);
    }

    /** Starts without a sink: inert. */
    public static Builder builder() {
        return new Builder();
    }

    /** The installed one; an inert one when there is none. */
    public static ErrorRuntime current() {
        return current;
    }

    /** Makes this the one that captures use. */
    public void install() {
        current = this;
    }

    /** Takes this away; does nothing when another one was installed meanwhile. */
    public void uninstall() {
        if (current == this) {
            current = INERT;
        }
    }

    /** Whether captures go anywhere. */
    public boolean active() {
        return sink != null;
    }

    /** The listener for pipelines: makes an event of what leaves one uncaptured. Looks the runtime up at each call. */
    public static void escaped(Throwable throwable, String traceId) {
        ErrorRuntime runtime = current;
        if (runtime.reportsEscapes) {
            runtime.captureUnlessTold(throwable, "tracebridge.pipeline", "error");
        }
    }

    /**
     * Makes an event of an uncaught exception, unless it was told already. Returns when it is with delivery.
     * @return the event id; empty when no event was made
     */
    public String uncaught(Throwable throwable) {
        return captureUnlessTold(throwable, "tracebridge.uncaught", "fatal");
    }

    private String captureUnlessTold(Throwable throwable, String mechanism, String level) {
        return orEmpty(guarded(() -> {
            Place here = Place.here();
            Origin origin = origins().find(throwable, here.origin());
            String hereTrace = here.traceId() == null ? "" : here.traceId();
            if (seen.isTold(throwable, trace(origin)) || seen.isTold(throwable, hereTrace)) {
                return "";
            }
            return captureNow(new Report(
                    throwable,
                    null,
                    level,
                    false,
                    mechanism,
                    "captured_error",
                    clock.instant(),
                    here,
                    List.of(),
                    Map.of(),
                    Map.of(),
                    mechanism));
        }));
    }

    /**
     * Completes an event that somebody else gives to Sentry: same ids, tags, contexts and breadcrumbs as ours, and its
     * trace is kept. A throwable counts as sent from now on; of a duplicate only the mark on the span is left, and
     * whoever drops the event counts it.
     * @return null when there is nothing to add, and for events that come from a capture of our own
     */
    public @Nullable Enrichment enrich(@Nullable Throwable throwable) {
        return guarded(() -> {
            Report report = new Report(
                    throwable,
                    null,
                    "error",
                    true,
                    "foreign",
                    "captured_error",
                    clock.instant(),
                    Place.here(),
                    List.of(),
                    Map.of(),
                    Map.of(),
                    "sentry");
            Origin origin = origin(report);
            SeenFailures.Sighting first =
                    throwable == null ? null : seen.claim(Failure.unwrap(throwable), trace(origin));
            if (throwable != null && first == null) {
                seen.sent(Failure.unwrap(throwable), trace(origin), "");
            } else if (throwable != null) {
                seenAgain(report, Failure.unwrap(throwable));
            }
            return new Enrichment(details.of(report, origin), first != null, first == null ? "" : first.eventId());
        });
    }

    /** Sends a report as an event, or adds it to the event that was sent for the same failure. */
    String capture(Report report) {
        return orEmpty(guarded(() -> captureNow(report)));
    }

    private String captureNow(Report report) {
        ErrorSink receiver = sink;
        if (receiver == null) {
            return "";
        }
        Origin origin = origin(report);
        Throwable throwable = report.throwable();
        if (throwable == null) {
            return receiver.send(details.of(report, origin));
        }
        Throwable failure = Failure.unwrap(throwable);
        SeenFailures.Sighting first = seen.claim(failure, trace(origin));
        if (first != null) {
            accounting.dropped(DropReason.DUPLICATE);
            seenAgain(report, failure);
            return first.eventId();
        }
        boolean unused = origins().remember(failure, origin, false);
        String eventId = receiver.send(details.of(report, origin));
        seen.sent(failure, trace(origin), eventId);
        return eventId;
    }

    private Origin origin(Report report) {
        Throwable throwable = report.throwable();
        Origin here = report.here().origin();
        return throwable == null ? here : origins().find(throwable, here);
    }

    private void seenAgain(Report report, Throwable failure) {
        Report.LogText log = report.log();
        String message = log == null ? "seen again: " + EventData.typeName(failure) : log.formatted();
        AttributesBuilder attributes = Attributes.builder()
                .put("exception.type", EventData.typeName(failure))
                .put("seen.by", report.category())
                .put("seen.message", scrubber.text(message, 256));
        Span.current().addEvent("exception.seen", attributes.build());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("exception", EventData.typeName(failure));
        Map<String, Object> mdc = report.contexts().get("MDC");
        if (mdc != null) {
            data.putAll(mdc);
        }
        note(new Note(report.time(), report.category(), report.level(), message, data), report.here());
    }

    void lost(long lines) {
        accounting.dropped(DropReason.QUEUE_FULL, lines);
    }

    /** Keeps a note with the pipeline it belongs to; without one, with the sink. */
    void note(Note note, Place where) {
        ErrorSink receiver = sink;
        if (receiver != null && !where.note(note)) {
            receiver.breadcrumb(EventData.breadcrumb(scrubber, note));
        }
    }

    private static String orEmpty(@Nullable String eventId) {
        return eventId == null ? "" : eventId;
    }

    /** Runs our own work: once at a time on a thread, and with every failure kept from the caller, who gets null. */
    <T> @Nullable T guarded(Supplier<@Nullable T> work) {
        if (sink == null || capturing.get() != null) {
            return null;
        }
        capturing.set(true);
        try {
            return work.get();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable failed) {
            accounting.dropped(DropReason.ENCODING_FAILED);
            LOG.debug("An error could not be captured", failed);
            return null;
        } finally {
            capturing.remove();
        }
    }

    @Nullable
    ErrorSink sink() {
        return sink;
    }

    Scrubber scrubber() {
        return scrubber;
    }

    Clock clock() {
        return clock;
    }

    private static Origins origins() {
        return ContextRuntime.current().origins();
    }

    private static String trace(Origin origin) {
        return origin.traceId() == null ? "" : origin.traceId();
    }

    /** Collects what a runtime needs. Not thread-safe. */
    public static final class Builder {
        private @Nullable ErrorSink sink;
        private TraceKeeper keeper = TraceKeeper.NONE;
        private Scrubber scrubber = RuleScrubber.create();
        private Accounting accounting = new Accounting();
        private Clock clock = Clock.systemUTC();
        private boolean tracing = true;
        private boolean reportsEscapes = true;
        private Supplier<@Nullable String> traceUrlTemplate = () -> null;

        private Builder() {}

        public Builder sink(ErrorSink value) {
            sink = requireNonNull(value, "sink");
            return this;
        }

        public Builder keeper(TraceKeeper value) {
            keeper = requireNonNull(value, "keeper");
            return this;
        }

        public Builder scrubber(Scrubber value) {
            scrubber = requireNonNull(value, "scrubber");
            return this;
        }

        public Builder accounting(Accounting value) {
            accounting = requireNonNull(value, "accounting");
            return this;
        }

        public Builder clock(Clock value) {
            clock = requireNonNull(value, "clock");
            return this;
        }

        /** False: ids go on, but no trace is asked for and no link is given. */
        public Builder tracing(boolean value) {
            tracing = value;
            return this;
        }

        /** Whether an exception that leaves {@code Pipeline.run} or {@code resume} uncaptured makes an event; on by default. */
        public Builder reportsEscapes(boolean value) {
            reportsEscapes = value;
            return this;
        }

        /** Asked at every capture, since a local backend can be found later; null means no link. */
        public Builder traceUrlTemplate(Supplier<@Nullable String> value) {
            traceUrlTemplate = requireNonNull(value, "traceUrlTemplate");
            return this;
        }

        public ErrorRuntime build() {
            return new ErrorRuntime(this);
        }
    }
}
