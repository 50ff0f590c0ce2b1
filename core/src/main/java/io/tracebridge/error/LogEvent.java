/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Attrs;
import io.tracebridge.context.Note;
import io.tracebridge.context.Place;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A line of the application's log on its way to Sentry: as an event, as a breadcrumb of the next event, or as a line.
 * The door for appenders; which of the three, is theirs to say.
 *
 * <p>Immutable; never throws. Without a running bridge all three do nothing.
 * @since 0.1
 */
public final class LogEvent {
    private final Instant time;
    private final String level;
    private final String logger;
    private final String message;
    private final @Nullable String template;
    private final List<String> params;
    private final @Nullable Throwable throwable;
    private final @Nullable String threadName;
    private final Map<String, String> mdc;
    private final Map<String, Object> keyValues;
    private final List<String> markers;
    private final Map<String, String> tags;
    private final Place here;

    private LogEvent(Builder builder) {
        time = builder.time;
        level = builder.level;
        logger = builder.logger;
        message = builder.message;
        template = builder.template;
        params = List.copyOf(builder.params);
        throwable = builder.throwable;
        threadName = builder.threadName;
        mdc = new LinkedHashMap<>(builder.mdc);
        keyValues = builder.keyValues.asMap();
        markers = List.copyOf(builder.markers);
        tags = new LinkedHashMap<>(builder.tags);
        here = builder.where();
    }

    /**
     * A line.
     * @param level one of {@code trace}, {@code debug}, {@code info}, {@code warning}, {@code error}, {@code fatal}
     * @param message the formatted text
     */
    public static Builder builder(Instant time, String level, String logger, @Nullable String message) {
        return new Builder(time, level, logger, message);
    }

    /** Counts lines that an appender could not keep until the bridge ran. */
    public static void lost(long lines) {
        if (lines > 0) {
            ErrorRuntime.current().lost(lines);
        }
    }

    /**
     * Sends the line as an event, unless its throwable was sent before in this trace.
     * @return the event id; empty when none was made
     */
    public String capture() {
        Map<String, Map<String, Object>> contexts = new LinkedHashMap<>();
        if (!mdc.isEmpty()) {
            contexts.put("MDC", Attrs.of(mdc).asMap());
        }
        Map<String, Object> line = new LinkedHashMap<>(keyValues);
        line.put("logger", logger);
        putUnlessEmpty(line, "thread_name", threadName);
        putUnlessEmpty(line, "markers", markers.isEmpty() ? null : markers);
        contexts.put("log", line);
        return ErrorRuntime.current()
                .capture(new Report(
                        throwable,
                        new Report.LogText(message, template, params, logger),
                        level.equals("trace") ? "debug" : level,
                        true,
                        "tracebridge.log",
                        "error_log",
                        time,
                        here,
                        List.of(),
                        new LinkedHashMap<>(tags),
                        contexts,
                        logger));
    }

    /** Keeps the line for the next event of its pipeline, or of its thread where there is no pipeline. */
    public void breadcrumb() {
        Map<String, Object> data = new LinkedHashMap<>(keyValues);
        putUnlessEmpty(data, "thread", threadName);
        putUnlessEmpty(data, "exception", throwable == null ? null : EventData.typeName(throwable));
        mdc.forEach(data::putIfAbsent);
        ErrorRuntime runtime = ErrorRuntime.current();
        Boolean unused = runtime.guarded(() -> {
            runtime.note(new Note(time, logger, level, message, data), here);
            return true;
        });
    }

    /** Keeps the line as a line, where Sentry's logs are switched on. */
    public void line() {
        ErrorRuntime runtime = ErrorRuntime.current();
        ErrorSink sink = runtime.sink();
        if (sink == null || !sink.takesLogs()) {
            return;
        }
        Boolean unused = runtime.guarded(() -> {
            sink.log(structured(runtime));
            return true;
        });
    }

    private StructuredLog structured(ErrorRuntime runtime) {
        Map<String, Object> attributes = new LinkedHashMap<>(keyValues);
        tags.forEach((key, value) -> attributes.put("mdc." + key, value));
        putUnlessEmpty(attributes, "markers", markers.isEmpty() ? null : String.join(",", markers));
        putUnlessEmpty(attributes, "pipeline", here.pipeline());
        putUnlessEmpty(attributes, "step", here.step());
        putUnlessEmpty(attributes, "exception.type", throwable == null ? null : EventData.typeName(throwable));
        BoundedContext bounded = new BoundedContext(runtime.scrubber(), EventData.MAX_CONTEXT);
        attributes.forEach(bounded::put);
        return new StructuredLog(
                time,
                level.equals("fatal") ? "error" : level,
                runtime.scrubber().text(message, EventData.MAX_MESSAGE),
                template == null ? null : runtime.scrubber().text(template, EventData.MAX_MESSAGE),
                params.stream()
                        .limit(32)
                        .map(each -> runtime.scrubber().text(each, 1_024))
                        .toList(),
                logger,
                threadName,
                here.traceId(),
                here.spanId(),
                bounded.build(0));
    }

    private static void putUnlessEmpty(Map<String, Object> map, String key, @Nullable Object value) {
        if (value != null) {
            map.putIfAbsent(key, value);
        }
    }

    /** Collects what a line says. Not thread-safe. */
    public static final class Builder {
        private final Instant time;
        private final String level;
        private final String logger;
        private final String message;
        private @Nullable String template;
        private List<String> params = List.of();
        private @Nullable Throwable throwable;
        private @Nullable String threadName;
        private Map<String, String> mdc = Map.of();
        private Attrs keyValues = Attrs.none();
        private List<String> markers = List.of();
        private Map<String, String> tags = Map.of();
        private @Nullable String traceId;
        private @Nullable String spanId;
        private boolean onLoggingThread = true;

        private Builder(Instant time, String level, String logger, @Nullable String message) {
            this.time = time;
            this.level = level;
            this.logger = logger;
            this.message = message == null ? "" : message;
        }

        /** The text before formatting, and its arguments as text. */
        public Builder template(@Nullable String value, List<String> arguments) {
            template = value;
            params = arguments;
            return this;
        }

        public Builder throwable(@Nullable Throwable value) {
            throwable = value;
            return this;
        }

        /** The thread that logged. */
        public Builder threadName(@Nullable String value) {
            threadName = value;
            return this;
        }

        public Builder mdc(Map<String, String> value) {
            mdc = value;
            return this;
        }

        public Builder keyValues(Attrs value) {
            keyValues = value;
            return this;
        }

        public Builder markers(List<String> value) {
            markers = value;
            return this;
        }

        /** Searchable; the MDC entries that the configuration names. */
        public Builder tags(Map<String, String> value) {
            tags = value;
            return this;
        }

        /** The ids that the line itself carries; used where the thread knows no better. */
        public Builder ids(@Nullable String trace, @Nullable String span) {
            traceId = trace;
            spanId = span;
            return this;
        }

        /** False when another thread than the logging one calls: then only {@link #ids} say where it was. */
        public Builder onLoggingThread(boolean value) {
            onLoggingThread = value;
            return this;
        }

        public LogEvent build() {
            return new LogEvent(this);
        }

        private Place where() {
            Place here = onLoggingThread ? Place.here() : Place.unknown(threadName);
            return here.isUnknown() && traceId != null && spanId != null ? Place.at(traceId, spanId, threadName) : here;
        }
    }
}
