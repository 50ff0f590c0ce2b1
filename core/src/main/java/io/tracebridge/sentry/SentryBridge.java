/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.sentry.SentryOptions;
import io.tracebridge.delivery.LossListener;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorBreadcrumb;
import io.tracebridge.error.ErrorSink;
import io.tracebridge.error.StructuredLog;
import io.tracebridge.error.TraceKeeper;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.settings.Settings;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The bridge to Sentry: errors become events, kept traces become transactions, and both share their ids. Where Sentry
 * is missing, too old, mixed in version or without a DSN, it does nothing; that is said once.
 *
 * <p>Thread-safe. Nothing here throws or waits for the network.
 * @since 0.1
 */
public final class SentryBridge implements ErrorSink {
    private final @Nullable SentryLink link;

    private SentryBridge(@Nullable SentryLink link) {
        this.link = link;
    }

    /** Collects what the bridge works with. */
    public static Builder builder(Settings settings) {
        return new Builder(settings);
    }

    /** Whether events can be sent now: there is an enabled Sentry and it has our parts. */
    public boolean active() {
        return guarded("sentry.active", () -> link != null && link.active(), false);
    }

    @Override
    public String send(CapturedError error) {
        return guarded("sentry.send", () -> link == null ? "" : link.send(error), "");
    }

    @Override
    public void breadcrumb(ErrorBreadcrumb breadcrumb) {
        guarded("sentry.breadcrumb", () -> {
            if (link != null) {
                link.breadcrumb(breadcrumb);
            }
        });
    }

    @Override
    public boolean takesLogs() {
        return guarded("sentry.takesLogs", () -> link != null && link.takesLogs(), false);
    }

    @Override
    public void log(StructuredLog line) {
        guarded("sentry.log", () -> {
            if (link != null) {
                link.log(line);
            }
        });
    }

    /**
     * The exporter for kept traces: one call with all spans of a local trace makes one transaction. Its
     * {@code shutdown} leaves Sentry open, since errors may follow.
     */
    public SpanExporter spanExporter() {
        return link == null ? SpanExporter.composite() : link.spanExporter();
    }

    /** Reads and writes {@code sentry-trace} and {@code baggage}; goes after the W3C propagators. */
    public TextMapPropagator textMapPropagator() {
        return link == null ? TextMapPropagator.noop() : link.textMapPropagator();
    }

    /** Hears of losses in delivery, so that Sentry's own page of losses shows them too. */
    public LossListener lossListener() {
        return (reason, category, quantities) -> guarded("sentry.loss", () -> {
            if (link != null) {
                link.lost(reason, quantities);
            }
        });
    }

    /**
     * Hands over what Sentry's client still holds (logs, reports of losses) and waits until all of it was tried once.
     * @param timeout for both together
     */
    public void flush(Duration timeout) {
        guarded("sentry.flush", () -> {
            if (link != null) {
                link.flush(timeout);
            }
        });
    }

    /** Flushes; then closes Sentry if we opened it, or gives the application's back as it was. Safe to call twice. */
    public void close(Duration timeout) {
        guarded("sentry.close", () -> {
            if (link != null) {
                link.close(timeout);
            }
        });
    }

    // whatever happens inside the SDK stays here: an application's call must never see it
    private static <T> T guarded(String kind, Supplier<T> attempt, T otherwise) {
        try {
            return attempt.get();
        } catch (Throwable e) { // callbacks and processors of the application run in there
            if (e instanceof VirtualMachineError fatal && !(e instanceof StackOverflowError)) {
                throw fatal;
            }
            Log.first(kind, "A call into Sentry failed", e);
            return otherwise;
        }
    }

    private static void guarded(String kind, Runnable attempt) {
        guarded(
                kind,
                () -> {
                    attempt.run();
                    return true;
                },
                false);
    }

    /** Collects the parts. Not thread-safe. */
    public static final class Builder {
        private final Settings settings;
        private @Nullable Scrubber scrubber;
        private @Nullable OutboxFactory outboxes;
        private Accounting accounting = new Accounting();
        private TraceKeeper keeper = TraceKeeper.NONE;
        // no empty lambda: making one would already need the class that may be missing
        private @Nullable Consumer<SentryOptions> callback;

        private Builder(Settings settings) {
            this.settings = requireNonNull(settings);
        }

        public Builder scrubber(Scrubber value) {
            scrubber = value;
            return this;
        }

        public Builder outboxes(OutboxFactory value) {
            outboxes = value;
            return this;
        }

        public Builder accounting(Accounting value) {
            accounting = value;
            return this;
        }

        /** Who keeps the traces of errors that others give to Sentry. */
        public Builder traceKeeper(TraceKeeper value) {
            keeper = value;
            return this;
        }

        /** The application's say in options we make; runs after the settings and before our parts go in. */
        public Builder options(@Nullable Consumer<SentryOptions> value) {
            callback = value;
            return this;
        }

        /** Starts the bridge; never throws. */
        public SentryBridge start() {
            Log.forget();
            requireNonNull(scrubber, "scrubber");
            requireNonNull(outboxes, "outboxes");
            if (!settings.enabled()) {
                return new SentryBridge(null);
            }
            try {
                SentryLink link = new SentryLink(settings, new Texts(scrubber), accounting, outboxes, keeper, callback);
                link.start();
                return new SentryBridge(link);
            } catch (RuntimeException | LinkageError e) {
                Log.first(
                        "sentry.start",
                        "Sentry is off: it is missing, too old or mixed in version; everything else runs",
                        e);
                return new SentryBridge(null);
            }
        }
    }
}
