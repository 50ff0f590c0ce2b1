/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import io.sentry.SentryOptions;
import io.tracebridge.Tracebridge;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sends log lines to Sentry, each with its trace and the pipeline step it belongs to: as an event from
 * {@code minimumEventLevel} on (default ERROR), as a breadcrumb from {@code minimumBreadcrumbLevel} on (INFO), as a
 * line from {@code minimumLevel} on (INFO) where Sentry's logs are switched on. The names in the XML are those of
 * Sentry's own appender.
 *
 * <pre>{@code
 * <appender name="TRACEBRIDGE" class="io.tracebridge.logback.TracebridgeAppender"/>
 * <root level="INFO">
 *   <appender-ref ref="CONSOLE"/>
 *   <appender-ref ref="TRACEBRIDGE"/>
 * </root>
 * }</pre>
 *
 * <p>Starts the bridge at its first line, on a thread of its own; a bridge that the application starts, before or
 * later, wins. Thread-safe; never throws and never waits, but for {@link #stop}, which flushes for at most
 * {@code flushTimeoutMillis} (2,000), after a start that may be under way. May stand behind an {@code AsyncAppender}.
 * @since 0.1
 */
public final class TracebridgeAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** A start takes a second; ten times that on a machine that is busy with everything else. */
    private static final Duration START = Duration.ofSeconds(15);

    private final KeyPatterns contextTags = new KeyPatterns();
    private final AtomicBoolean warned = new AtomicBoolean();
    private Level minimumEventLevel = Level.ERROR;
    private Level minimumBreadcrumbLevel = Level.INFO;
    private Level minimumLevel = Level.INFO;
    private Duration flushTimeout = Duration.ofSeconds(2);
    private @Nullable Encoder<ILoggingEvent> encoder;
    private @Nullable SentryOptions options;
    private volatile @Nullable LogLines lines;
    private volatile @Nullable Starting starting;
    private @Nullable Thread exit;
    private volatile @Nullable Tracebridge own;

    /** Prepares; opens nothing. */
    @Override
    public void start() {
        SentryOptions given = options;
        if (given != null) {
            given.getContextTags().forEach(contextTags::add);
        }
        lines = new LogLines(contextTags, encoder);
        starting = new Starting(getContext(), this::startBridge, this::closeIfStopped);
        awaitAtExit();
        super.start();
    }

    /** Flushes for a bounded time. A bridge that this appender started ends with Logback's context, not here. */
    @Override
    public void stop() {
        if (!isStarted()) {
            return;
        }
        super.stop();
        Starting begun = starting;
        if (begun != null) {
            begun.await(START);
        }
        if (Tracebridge.isStarted()) {
            LoopGuard.once(() -> {
                boolean unused = Tracebridge.start().flush(flushTimeout);
            });
        }
        forgetExit();
    }

    @Override
    protected void append(ILoggingEvent event) {
        LogLines reader = lines;
        Starting begun = starting;
        if (reader == null || begun == null || LoopGuard.isOurs(event.getLoggerName(), event.getThreadName())) {
            return;
        }
        LoopGuard.once(() -> {
            try {
                if (isOfInterest(event.getLevel())) {
                    boolean isEvent = event.getLevel().isGreaterOrEqual(minimumEventLevel);
                    begun.handle(reader.read(event), isEvent, handlerFor(event.getLevel()));
                }
            } catch (VirtualMachineError fatal) {
                throw fatal;
            } catch (Throwable failed) { // asked for its text, an argument of the application's may throw anything
                warnOnce("A log line could not be passed on; more of these are not reported", failed);
            }
        });
    }

    private boolean isOfInterest(Level level) {
        return level.isGreaterOrEqual(minimumEventLevel)
                || level.isGreaterOrEqual(minimumBreadcrumbLevel)
                || level.isGreaterOrEqual(minimumLevel);
    }

    /** Line, event, breadcrumb: in this order an event does not carry itself as a breadcrumb. */
    private Starting.Handler handlerFor(Level level) {
        boolean asLine = level.isGreaterOrEqual(minimumLevel);
        boolean asEvent = level.isGreaterOrEqual(minimumEventLevel);
        boolean asBreadcrumb = level.isGreaterOrEqual(minimumBreadcrumbLevel);
        return line -> {
            if (asLine) {
                line.line();
            }
            if (asEvent) {
                String unused = line.capture();
            }
            if (asBreadcrumb) {
                line.breadcrumb();
            }
        };
    }

    private void startBridge() {
        try {
            if (getContext() instanceof LoggerContext context) {
                if (SentryAppenderBeside.detach(context) > 0) {
                    addWarn("Sentry's own appender was detached: beside TracebridgeAppender it would send every error"
                            + " twice. Remove it from the configuration");
                }
            }
            if (!Tracebridge.isStarted()) {
                own = startOnBehalf();
                ContextEnd.closeWith(getContext(), own);
            }
        } catch (RuntimeException | LinkageError failed) {
            addError("Tracebridge could not be started: log lines do not reach Sentry", failed);
        }
    }

    /** Logback's context ended while the bridge was starting: nobody else would close it. */
    private void closeIfStopped() {
        Tracebridge started = own;
        if (started != null && !isStarted()) {
            started.close();
        }
    }

    private Tracebridge startOnBehalf() {
        SentryOptions given = options;
        Tracebridge.Builder builder = Tracebridge.builder();
        if (given != null) {
            OptionsSettings.apply(given, builder, this::addWarn);
            builder.sentry(actual -> OptionsCopy.copy(given, actual, this::addWarn));
        }
        return builder.givesWay().start();
    }

    private void awaitAtExit() {
        try {
            Thread hook = new Thread(this::endOfProcess, "tracebridge-appender-exit");
            Runtime.getRuntime().addShutdownHook(hook);
            exit = hook;
        } catch (IllegalStateException alreadyShuttingDown) {
            // too late to wait for anything
        }
    }

    /** An exit may come while the bridge is still starting; then its own hook cannot be set any more. */
    private void endOfProcess() {
        Starting begun = starting;
        if (begun != null) {
            begun.await(START);
        }
        Tracebridge started = own;
        if (started != null) {
            started.close();
        }
    }

    private void forgetExit() {
        Thread hook = exit;
        if (hook != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException alreadyShuttingDown) {
                // then it runs anyway
            }
        }
    }

    private void warnOnce(String text, Throwable failed) {
        if (warned.compareAndSet(false, true)) {
            addWarn(text, failed);
        }
    }

    /** Lines from this level on become events; default ERROR. */
    public void setMinimumEventLevel(Level level) {
        minimumEventLevel = level;
    }

    /** Lines from this level on become breadcrumbs; default INFO. */
    public void setMinimumBreadcrumbLevel(Level level) {
        minimumBreadcrumbLevel = level;
    }

    /** Lines from this level on are kept as lines, where Sentry's logs are switched on; default INFO. */
    public void setMinimumLevel(Level level) {
        minimumLevel = level;
    }

    /** Makes the text in place of the formatted message; the template and its arguments are not sent then. */
    public void setEncoder(Encoder<ILoggingEvent> value) {
        encoder = value;
    }

    /** MDC entries that become tags: names separated by commas, {@code *} for any characters. */
    public void setContextTags(String names) {
        contextTags.add(names);
    }

    /** One more name for {@link #setContextTags}. */
    public void addContextTag(String name) {
        contextTags.add(name);
    }

    /** Any options of Sentry's, for a bridge that this appender starts; those the application gives in code win. */
    public void setOptions(SentryOptions value) {
        options = value;
    }

    /** How long {@link #stop} may wait for what is under way, 0 to 60,000 ms; default 2,000. */
    public void setFlushTimeoutMillis(long millis) {
        if (millis < 0 || millis > 60_000) {
            addWarn("flushTimeoutMillis: " + millis + " is not within 0 and 60000; 2000 is used");
            return;
        }
        flushTimeout = Duration.ofMillis(millis);
    }
}
