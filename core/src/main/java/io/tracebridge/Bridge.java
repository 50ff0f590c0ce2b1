/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import io.tracebridge.console.ErrorLinePrinter;
import io.tracebridge.context.ContextRuntime;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.delivery.Destination;
import io.tracebridge.delivery.HttpTransmission;
import io.tracebridge.delivery.Outbox;
import io.tracebridge.error.ErrorRuntime;
import io.tracebridge.error.ErrorSink;
import io.tracebridge.error.UncaughtErrors;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.Health;
import io.tracebridge.metrics.Metrics;
import io.tracebridge.otlp.SpoolingSenders;
import io.tracebridge.sampling.TailSampling;
import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.sdk.OpenTelemetrySetup;
import io.tracebridge.sentry.SentryBridge;
import io.tracebridge.sentry.SentryDestination;
import io.tracebridge.settings.Settings;
import io.tracebridge.settings.SettingsReader;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running bridge: which parts there are, and in what order they start and end. The facade is its only user.
 *
 * <p>Start: delivery, sampling, Sentry, OpenTelemetry, then the static doors. Close runs the other way, and delivery
 * last, since all others hand it their remains.
 */
final class Bridge {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge");
    private static final String SCOPE = "io.tracebridge";
    private static final Duration AT_EXIT = Duration.ofSeconds(5);
    private static final Object LOCK = new Object();

    private static volatile @Nullable Bridge running;
    private static @Nullable Decision handBuilt;

    private final boolean withSettingsInCode;
    private final Settings settings;
    private final Accounting accounting;
    private final Delivery delivery;
    private final TailSampling sampling;
    private final boolean decisionInForeignSdk;
    private final @Nullable LocalSearch search;
    private final SentryBridge sentry;
    private final OpenTelemetrySetup openTelemetry;
    private final ErrorRuntime errors;
    private final ContextRuntime context;
    private final Scrubber scrubber;
    private final Thread shutdownHook = new Thread(() -> close(AT_EXIT), "tracebridge-shutdown");
    private volatile boolean closed;

    private Bridge(Tracebridge.Builder builder, Settings settings, @Nullable Decision prepared) {
        withSettingsInCode = builder.inCode();
        this.settings = settings;
        scrubber = builder.scrubber() == null ? rules(settings) : builder.scrubber();
        decisionInForeignSdk = prepared != null;
        Decision decision = prepared == null ? Decision.of(settings, scrubber) : prepared;
        accounting = decision.accounting;
        sampling = decision.sampling;
        Clock clock = Clock.systemUTC();
        delivery = Delivery.open(settings.spoolDir(), accounting, clock);
        SpoolingSenders senders = SpoolingSenders.over(delivery);
        search = LocalSearch.of(settings, builder.localPorts(), senders, accounting);
        sentry = SentryBridge.builder(
                        search == null
                                ? settings
                                : settings.toBuilder().dsn(search.dsn()).build())
                .scrubber(scrubber)
                .accounting(accounting)
                .outboxes(search == null ? this::open : search::outbox)
                .traceKeeper(sampling::keep)
                .options(builder.sentry())
                .start();
        sampling.addTraceExporter("sentry", sentry.spanExporter());
        openTelemetry = OpenTelemetrySetup.start(
                settings,
                sampling,
                senders,
                List.of(sentry.textMapPropagator()),
                search == null ? null : search.export());
        if (decisionInForeignSdk) {
            OpenTelemetrySetup.exportFromForeign(settings, sampling, senders);
        }
        errors = ErrorRuntime.builder()
                .sink(sink())
                .keeper(sampling::keep)
                .scrubber(scrubber)
                .accounting(accounting)
                .clock(clock)
                .tracing(settings.tracing())
                .reportsEscapes(settings.escapedErrors())
                .traceUrlTemplate(this::traceUrlTemplate)
                .build();
        context = ContextRuntime.builder()
                .openTelemetry(openTelemetry.openTelemetry())
                .scrubber(scrubber)
                .escapes(ErrorRuntime::escaped)
                .clock(clock)
                .build();
    }

    /** Starts, or returns the running one; see {@link Tracebridge.Builder#start()}. */
    static Bridge start(Tracebridge.Builder builder) {
        synchronized (LOCK) {
            Bridge before = running;
            if (before != null) {
                if (before.withSettingsInCode || !builder.inCode()) {
                    return before;
                }
                LOG.info("Starting again, with the settings that the application gave in code");
                before.close(AT_EXIT);
            }
            SettingsReader reader = SettingsReader.ofProcess(builder.settings());
            Settings read = reader.read();
            reader.problems().forEach(LOG::warn);
            Settings settings =
                    read.enabled() ? read : read.toBuilder().tracing(false).build();
            if (handBuilt != null) {
                // its resource says which instance this is
                settings = settings.toBuilder().instanceId(null).build();
            }
            Bridge bridge = new Bridge(builder, settings, handBuilt);
            handBuilt = null;
            bridge.open();
            running = bridge;
            return bridge;
        }
    }

    static @Nullable Bridge running() {
        return running;
    }

    static Health noHealth() {
        return Health.withoutTracing(new Accounting());
    }

    /** The decision for an SDK that the application builds before it starts the bridge, by the same settings. */
    static TailSampling handBuilt() {
        synchronized (LOCK) {
            Bridge bridge = running;
            if (bridge != null) {
                return bridge.sampling;
            }
            Decision known = handBuilt;
            if (known == null) {
                Settings settings = SettingsReader.ofProcess(Map.of()).read();
                known = Decision.of(settings, rules(settings));
                handBuilt = known;
            }
            return known.sampling;
        }
    }

    Health health() {
        return sampling.health();
    }

    boolean flush(Duration timeout) {
        if (closed) {
            return false;
        }
        Deadline deadline = new Deadline(timeout);
        boolean recorded = guarded(() -> openTelemetry.flush(deadline.left()));
        boolean decided = guarded(() -> sampling.flush(deadline.left()));
        sentry.flush(deadline.left());
        boolean sent = delivery.flush(deadline.left());
        return recorded && decided && sent;
    }

    void close(Duration timeout) {
        synchronized (LOCK) {
            if (closed) {
                return;
            }
            closed = true;
            if (running == this) {
                running = null;
            }
        }
        Deadline deadline = new Deadline(timeout);
        UncaughtErrors.uninstall();
        context.uninstall();
        boolean recorded = guarded(() -> openTelemetry.close(deadline.share(2)));
        boolean decided = guarded(() -> sampling.shutdown(deadline.share(2)));
        Metrics.uninstall();
        errors.uninstall();
        sentry.close(deadline.share(2));
        delivery.close(deadline.left());
        forgetShutdownHook();
        LOG.debug("Traces were closed in time: {}, {}", recorded, decided);
        LOG.info("Tracebridge closed: {}", health().line());
    }

    // the application's processors and exporters are asked in there: what they throw must not keep delivery from its
    // end
    private static boolean guarded(BooleanSupplier part) {
        try {
            return part.getAsBoolean();
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable foreign) {
            LOG.warn(
                    "A part of OpenTelemetry failed to flush or to shut down ({})",
                    foreign.getClass().getName());
            LOG.debug("It failed so", foreign);
            return false;
        }
    }

    private void open() {
        if (!settings.enabled()) {
            LOG.info("Tracebridge is off: TRACEBRIDGE_ENABLED=false");
            return;
        }
        context.install();
        errors.install();
        Metrics.install(openTelemetry.openTelemetry().getMeter(SCOPE), scrubber::text);
        UncaughtErrors.install();
        addShutdownHook();
        if (search == null) {
            LOG.info(StartLine.of(settings, StartLine.destinations(settings)));
        } else {
            search.start(this::open, found -> LOG.info(StartLine.of(settings, found)));
        }
        if (openTelemetry.isForeign() && settings.tracing() && !decisionInForeignSdk) {
            LOG.warn(
                    "An OpenTelemetry SDK that Tracebridge did not build is in use. To keep whole traces of errors, build"
                            + " it with .setSampler(Tracebridge.sampler()).addSpanProcessor(Tracebridge.spanProcessor())");
        }
    }

    private Outbox open(SentryDestination destination) {
        return delivery.outbox(new Destination(
                "sentry",
                destination.endpoint().toString(),
                HttpTransmission.ofEnvelopes(destination.endpoint().toString(), destination::headers),
                // looked up when it happens: this runs while the bridge to Sentry is being built
                (reason, category, quantities) -> sentry.lossListener().lost(reason, category, quantities)));
    }

    private ErrorSink sink() {
        return settings.development() ? new ErrorLinePrinter(sentry, System.err, this::traceUrlTemplate) : sentry;
    }

    private @Nullable String traceUrlTemplate() {
        if (settings.traceUrlTemplate() != null) {
            return settings.traceUrlTemplate();
        }
        return search == null ? null : search.traceUrlTemplate();
    }

    private static Scrubber rules(Settings settings) {
        return RuleScrubber.builder()
                .secretKeys(settings.secretKeys())
                .allowedKeys(settings.allowedKeys())
                .build();
    }

    private void addShutdownHook() {
        try {
            Runtime.getRuntime().addShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // started by the last log line of a process: the appender closes it
        }
    }

    private void forgetShutdownHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException alreadyShuttingDown) {
            // then the hook is what runs this
        }
    }

    /** The decision and what it counts with, which can exist before the bridge. */
    private record Decision(TailSampling sampling, Accounting accounting) {
        static Decision of(Settings settings, Scrubber scrubber) {
            Accounting accounting = new Accounting();
            return new Decision(
                    TailSampling.builder()
                            .settings(settings)
                            .scrubber(scrubber)
                            .accounting(accounting)
                            .build(),
                    accounting);
        }
    }
}
