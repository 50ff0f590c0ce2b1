/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Attrs;
import io.tracebridge.context.Place;
import io.tracebridge.context.SpanMarks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An error that the application reports, with what it wants to add. Nothing happens before {@link #send}.
 *
 * <p>Not thread-safe; never throws, and takes null everywhere.
 * @since 0.1
 */
public final class ErrorReport {
    private static final List<String> LEVELS = List.of("fatal", "error", "warning", "info", "debug");

    private final @Nullable Throwable throwable;
    private final Map<String, Object> tags = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> contexts = new LinkedHashMap<>();
    private Attrs details = Attrs.none();
    private List<String> fingerprint = List.of();
    private String level = "error";
    private boolean handled = true;

    private ErrorReport(@Nullable Throwable throwable) {
        this.throwable = throwable;
    }

    /** A report about a throwable; about null there is nothing to send. */
    public static ErrorReport of(@Nullable Throwable throwable) {
        return new ErrorReport(throwable);
    }

    /** Adds a searchable tag, at most 200 characters. */
    public ErrorReport tag(@Nullable String key, @Nullable Object value) {
        tags.putAll(Attrs.attrs(key, value).asMap());
        return this;
    }

    /** Adds a named group of values to the event. */
    public ErrorReport context(@Nullable String name, @Nullable Map<String, ?> values) {
        if (name != null && !name.isBlank() && values != null) {
            contexts.put(name, Attrs.of(values).asMap());
        }
        return this;
    }

    /** Adds values to the event, as context {@code details}, and to the current span, as attributes. */
    public ErrorReport details(@Nullable Map<String, ?> values) {
        details = Attrs.of(values);
        return context("details", values);
    }

    /** One of {@code fatal}, {@code error}, {@code warning}, {@code info}, {@code debug}; anything else is {@code error}. */
    public ErrorReport level(@Nullable String value) {
        String lower = value == null ? "" : value.toLowerCase(Locale.ROOT);
        level = LEVELS.contains(lower) ? lower : "error";
        return this;
    }

    /** Says what belongs to one issue; {@code {{ default }}} stands for Sentry's own grouping. */
    public ErrorReport fingerprint(@Nullable String @Nullable ... parts) {
        fingerprint = parts == null
                ? List.of()
                : Arrays.stream(parts)
                        .filter(part -> part != null && !part.isEmpty())
                        .limit(32)
                        .toList();
        return this;
    }

    /** Whether the application coped with it; true unless told. */
    public ErrorReport handled(boolean value) {
        handled = value;
        return this;
    }

    /**
     * Sends it as an event, unless one was sent for the same throwable in this trace within the last minute, and marks
     * the current span.
     * @return the event id, 32 hex digits; that of the first event for a failure sent before; {@code ""} when none was made
     */
    public String send() {
        Throwable failure = throwable;
        if (failure == null) {
            return "";
        }
        ErrorRuntime runtime = ErrorRuntime.current();
        boolean failed = level.equals("error") || level.equals("fatal");
        SpanMarks.captured(failure, details, failed);
        return runtime.capture(new Report(
                failure,
                null,
                level,
                handled,
                "tracebridge.captureError",
                "captured_error",
                runtime.clock().instant(),
                Place.here(),
                fingerprint,
                tags,
                contexts,
                "tracebridge.captureError"));
    }
}
