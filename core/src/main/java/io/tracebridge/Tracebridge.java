/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.sentry.SentryOptions;
import io.tracebridge.context.Attrs;
import io.tracebridge.context.Call;
import io.tracebridge.context.Run;
import io.tracebridge.context.StepCall;
import io.tracebridge.context.Steps;
import io.tracebridge.error.ErrorReport;
import io.tracebridge.metrics.Health;
import io.tracebridge.scrub.Scrubber;
import io.tracebridge.settings.SettingsReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Every error arrives with its whole trace. Start it once at the top of {@code main}, wrap steps with
 * {@link #withSpan(String, Call)}, and log errors or call {@link #captureError(Throwable)}:
 *
 * <pre>{@code
 * try (Tracebridge bridge = Tracebridge.start()) {
 *   Scene scene = withSpan("generation.generateScene", attrs("project.id", id), () -> generate(prompt));
 * }
 * }</pre>
 *
 * <p>One bridge runs in a process. Until it is started, and after it was closed, the static methods run the
 * application's work and do nothing else. Nothing here throws into the application, blocks it or leaks into it; its own
 * exceptions go through unchanged. Thread-safe.
 * @since 0.1
 */
public final class Tracebridge implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final @Nullable Bridge bridge;

    private Tracebridge(@Nullable Bridge bridge) {
        this.bridge = bridge;
    }

    /** Starts from system properties and environment; returns the running one if there is one. Never throws. */
    public static Tracebridge start() {
        return builder().start();
    }

    /** For settings in code, which win over all others. */
    public static Builder builder() {
        return new Builder();
    }

    /** Whether a bridge runs in this process. */
    public static boolean isStarted() {
        return Bridge.running() != null;
    }

    /**
     * The sampler for an OpenTelemetry SDK that the application builds by hand: records every span, so that the decision
     * can be made when the trace has ended. Goes together with {@link #spanProcessor()}; call both before
     * {@link #start()}. Reads rate and {@code ENABLE_TRACING} from system properties and environment, since settings in
     * code come later.
     */
    public static Sampler sampler() {
        return Bridge.handBuilt().sampler(null);
    }

    /** The span processor for an OpenTelemetry SDK that the application builds by hand. See {@link #sampler()}. */
    public static SpanProcessor spanProcessor() {
        return Bridge.handBuilt().spanProcessor();
    }

    /**
     * Runs the work in a span. A failure marks the span and goes through unchanged, same type and same instance. A
     * returned {@link java.util.concurrent.CompletionStage} ends the span when it completes.
     * @param name of few kinds: no ids in it
     */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(String name, Call<T, E> body) throws E {
        return Steps.call(name, null, body);
    }

    /** Like {@link #withSpan(String, Call)} for work that adds to its step. */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(String name, StepCall<T, E> body)
            throws E {
        return Steps.call(name, null, body);
    }

    /** Like {@link #withSpan(String, Call)} for work without a value. */
    public static <E extends Exception> void withSpan(String name, Run<E> body) throws E {
        Steps.run(name, null, body);
    }

    /** Like {@link #withSpan(String, Call)}, with attributes. */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(
            String name, Attrs attrs, Call<T, E> body) throws E {
        return Steps.call(name, attrs, body);
    }

    /** Like {@link #withSpan(String, Call)}, with attributes, for work that adds to its step. */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(
            String name, Attrs attrs, StepCall<T, E> body) throws E {
        return Steps.call(name, attrs, body);
    }

    /** Like {@link #withSpan(String, Call)}, with attributes, for work without a value. */
    public static <E extends Exception> void withSpan(String name, Attrs attrs, Run<E> body) throws E {
        Steps.run(name, attrs, body);
    }

    /** Like {@link #withSpan(String, Attrs, Call)}; null keys and values are left out. */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(
            String name, Map<String, ?> attrs, Call<T, E> body) throws E {
        return Steps.call(name, Attrs.of(attrs), body);
    }

    /** Like {@link #withSpan(String, Attrs, StepCall)}; null keys and values are left out. */
    public static <T extends @Nullable Object, E extends Exception> T withSpan(
            String name, Map<String, ?> attrs, StepCall<T, E> body) throws E {
        return Steps.call(name, Attrs.of(attrs), body);
    }

    /** Like {@link #withSpan(String, Attrs, Run)}; null keys and values are left out. */
    public static <E extends Exception> void withSpan(String name, Map<String, ?> attrs, Run<E> body) throws E {
        Steps.run(name, Attrs.of(attrs), body);
    }

    /** Attributes to begin a chain with: {@code attrs("project.id", id).and("has.images", true)}. Null values are left out. */
    public static Attrs attrs(String key, @Nullable Object value) {
        return Attrs.attrs(key, value);
    }

    /**
     * Puts {@code X-Trace-Id} on a response, before it is committed: {@code addTraceHeaders(response::setHeader)}. Does
     * nothing when there is no trace.
     */
    public static void addTraceHeaders(BiConsumer<String, String> setter) {
        Steps.addTraceHeaders(setter);
    }

    /**
     * Makes an event of the error, with the step it was thrown in and the pipeline's data, and keeps its trace. The
     * event is on disk when this returns.
     * @param error null does nothing
     * @return the event id, 32 hex digits; that of the first event for a failure that has one already; empty when none was made
     */
    public static String captureError(@Nullable Throwable error) {
        return ErrorReport.of(error).send();
    }

    /** Like {@link #captureError(Throwable)}, with data that is put on the event and on the current span. */
    public static String captureError(@Nullable Throwable error, @Nullable Map<String, ?> context) {
        return ErrorReport.of(error).details(context).send();
    }

    /** What is held, kept and lost at this moment; all zero when no bridge runs. */
    public static Health health() {
        Bridge running = Bridge.running();
        return running == null ? Bridge.noHealth() : running.health();
    }

    /**
     * Waits until everything captured and every ended trace was handed to its destination once.
     * @param timeout zero or less does not wait; a year at most
     * @return false when the time was up, and after {@link #close()}; what is left stays in the spool
     */
    public boolean flush(Duration timeout) {
        return bridge == null || bridge.flush(requireNonNullElse(timeout, Duration.ZERO));
    }

    /** Ends the bridge within five seconds; what could not be sent stays on disk for the next start. Safe twice. */
    @Override
    public void close() {
        if (bridge != null) {
            bridge.close(CLOSE);
        }
    }

    /**
     * Settings in code; what is not set here comes from system properties and environment, then from the default. Each
     * method throws at once: {@link IllegalArgumentException} for a value that is not allowed, with the setting's name
     * and what is; {@link NullPointerException} with its name for null. Not thread-safe.
     */
    public static final class Builder {
        private final Map<String, String> settings = new HashMap<>();
        // no empty lambda: making one would already need Sentry's class, which may be missing
        private @Nullable Consumer<SentryOptions> sentry;
        private @Nullable Scrubber scrubber;
        private boolean inCode;
        private boolean givesWay;
        private LocalSearch.Ports localPorts = LocalSearch.Ports.USUAL;

        private Builder() {}

        /** {@code TRACEBRIDGE_ENABLED}: false makes all our parts step aside. Default true. */
        public Builder enabled(boolean enabled) {
            return set("TRACEBRIDGE_ENABLED", String.valueOf(enabled));
        }

        /**
         * {@code ENABLE_TRACING}: whether spans are recorded, held and exported. Default false in the environments
         * {@code development}, {@code dev}, {@code local} and {@code test}, else true.
         */
        public Builder tracing(boolean tracing) {
            return set("ENABLE_TRACING", String.valueOf(tracing));
        }

        /**
         * {@code OTLP_ENDPOINT}: a base URL, which gets metrics and logs as well, or a full {@code /v1/traces} URL. None by
         * default.
         */
        public Builder otlpEndpoint(String endpoint) {
            return set("OTLP_ENDPOINT", endpoint);
        }

        /** {@code OTLP_HEADERS}: sent with every export; never printed. */
        public Builder otlpHeaders(Map<String, String> headers) {
            return set(
                    "OTLP_HEADERS",
                    requireNonNull(headers, "OTLP_HEADERS").entrySet().stream()
                            .map(header -> encode(header.getKey()) + "=" + encode(header.getValue()))
                            .collect(Collectors.joining(",")));
        }

        /**
         * {@code TRACE_SAMPLING_RATE}: share of ordinary traces to keep, 0 to 1; default 0.1 in {@code production}, else 1.
         * Traces with an error are kept anyway.
         */
        public Builder samplingRate(double rate) {
            return set("TRACE_SAMPLING_RATE", String.valueOf(rate));
        }

        /**
         * {@code SLOW_TRACE_MS}: local traces at least this long are kept, at most one a second and operation; up to a day,
         * default ten seconds.
         */
        public Builder slowTrace(Duration duration) {
            return set("SLOW_TRACE_MS", String.valueOf(millis(requireNonNull(duration, "SLOW_TRACE_MS"))));
        }

        /** {@code SENTRY_DSN}: where errors go; none by default, and then they are not sent. Never printed whole. */
        public Builder dsn(String dsn) {
            return set("SENTRY_DSN", dsn);
        }

        /** {@code SENTRY_RELEASE}. */
        public Builder release(String release) {
            return set("SENTRY_RELEASE", release);
        }

        /** {@code SENTRY_ENVIRONMENT}: default {@code production} with a DSN, else {@code development}. */
        public Builder environment(String environment) {
            return set("SENTRY_ENVIRONMENT", environment);
        }

        /** {@code OTEL_SERVICE_NAME}: default the name of the main jar or class. */
        public Builder serviceName(String name) {
            return set("OTEL_SERVICE_NAME", name);
        }

        /** {@code TRACE_URL_TEMPLATE}: the link on every event, with {@code {traceId}} and {@code {spanId}}. */
        public Builder traceUrlTemplate(String template) {
            return set("TRACE_URL_TEMPLATE", template);
        }

        /** {@code TRACEBRIDGE_SPOOL_DIR}: where payloads wait for delivery; default the user's state folder. */
        public Builder spoolDir(Path dir) {
            return set(
                    "TRACEBRIDGE_SPOOL_DIR",
                    requireNonNull(dir, "TRACEBRIDGE_SPOOL_DIR").toString());
        }

        /** {@code TRACEBRIDGE_LOCAL}: whether a backend on this machine may be looked for. Default true. */
        public Builder local(boolean local) {
            return set("TRACEBRIDGE_LOCAL", String.valueOf(local));
        }

        /**
         * {@code TRACEBRIDGE_CAPTURE_ESCAPED}: whether an exception that leaves {@code Pipeline.run} uncaptured makes an
         * event. Default true.
         */
        public Builder captureEscaped(boolean capture) {
            return set("TRACEBRIDGE_CAPTURE_ESCAPED", String.valueOf(capture));
        }

        /** Callbacks and options of Sentry itself; runs once, when the bridge initialises Sentry. */
        public Builder sentry(Consumer<SentryOptions> options) {
            sentry = requireNonNull(options, "options");
            inCode = true;
            return this;
        }

        /** Rules of your own for secrets, instead of the settings' default rules. */
        public Builder scrubber(Scrubber rules) {
            scrubber = requireNonNull(rules, "rules");
            inCode = true;
            return this;
        }

        /**
         * Starts the bridge, or returns the running one. A bridge that was started without settings in code, by an
         * appender for example, gives way to one with them. Never throws: where it cannot start, as on a class path
         * with libraries that are too old, that is logged and the application runs without it.
         */
        public Tracebridge start() {
            try {
                return new Tracebridge(Bridge.start(this));
            } catch (VirtualMachineError fatal) {
                throw fatal;
            } catch (Throwable e) {
                StartLine.failed(e);
                return new Tracebridge(null);
            }
        }

        /** For whoever starts the bridge on the application's behalf: a later start by the application itself wins. */
        public Builder givesWay() {
            givesWay = true;
            return this;
        }

        /** Whether the application itself set anything that an environment alone does not say. */
        boolean inCode() {
            return inCode && !givesWay;
        }

        /** Looks for backends on other ports than theirs: on a test's machine the usual ones may be taken. */
        Builder localPorts(int dashboard, int collector) {
            localPorts = new LocalSearch.Ports(dashboard, collector);
            return this;
        }

        LocalSearch.Ports localPorts() {
            return localPorts;
        }

        Map<String, String> settings() {
            return Map.copyOf(settings);
        }

        @Nullable
        Consumer<SentryOptions> sentry() {
            return sentry;
        }

        @Nullable
        Scrubber scrubber() {
            return scrubber;
        }

        private Builder set(String name, String value) {
            requireNonNull(value, name);
            SettingsReader.check(name, value);
            settings.put(name, value);
            inCode = true;
            return this;
        }

        // one too long to be counted is out of range as well, and said to be
        private static long millis(Duration duration) {
            return duration.compareTo(Duration.ofMillis(Long.MAX_VALUE)) > 0 ? Long.MAX_VALUE : duration.toMillis();
        }

        private static String encode(String text) {
            return URLEncoder.encode(requireNonNull(text, "OTLP_HEADERS"), StandardCharsets.UTF_8)
                    .replace("+", "%20");
        }
    }
}
