/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import io.tracebridge.context.Attrs;
import io.tracebridge.error.LogEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/** Reads a Logback event completely, on the thread that hands it over. */
final class LogLines {
    private static final int MAX_PARAMS = 32;
    private static final int MAX_MARKERS = 32;

    private final KeyPatterns contextTags;
    private final @Nullable Encoder<ILoggingEvent> encoder;

    /** @param encoder makes the text, in place of the formatted message; the template is not shown then */
    LogLines(KeyPatterns contextTags, @Nullable Encoder<ILoggingEvent> encoder) {
        this.contextTags = contextTags;
        this.encoder = encoder;
    }

    LogEvent read(ILoggingEvent event) {
        Map<String, String> mdc = event.getMDCPropertyMap();
        Map<String, String> context = mdc == null ? Map.of() : mdc;
        List<String> markers = markers(event);
        String level = markers.contains("FATAL") ? "fatal" : level(event.getLevel());
        LogEvent.Builder line = LogEvent.builder(time(event), level, event.getLoggerName(), text(event))
                .throwable(ProxyThrowables.of(event.getThrowableProxy()))
                .threadName(event.getThreadName())
                .mdc(context)
                .keyValues(keyValues(event))
                .markers(markers)
                .tags(tags(context))
                .ids(traceId(context), spanId(context))
                .onLoggingThread(Thread.currentThread().getName().equals(event.getThreadName()));
        if (encoder == null) {
            line.template(event.getMessage(), params(event));
        }
        return line.build();
    }

    private String text(ILoggingEvent event) {
        if (encoder != null) {
            byte[] encoded = encoder.encode(event);
            return encoded == null ? "" : new String(encoded, StandardCharsets.UTF_8).strip();
        }
        return event.getFormattedMessage();
    }

    private static Instant time(ILoggingEvent event) {
        Instant precise = event.getInstant();
        return precise == null ? Instant.ofEpochMilli(event.getTimeStamp()) : precise;
    }

    private static String level(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> "error";
            case Level.WARN_INT -> "warning";
            case Level.INFO_INT -> "info";
            case Level.DEBUG_INT -> "debug";
            default -> "trace";
        };
    }

    private static List<String> params(ILoggingEvent event) {
        Object[] arguments = event.getArgumentArray();
        if (arguments == null) {
            return List.of();
        }
        List<String> params = new ArrayList<>();
        for (Object argument : arguments) {
            if (params.size() >= MAX_PARAMS) {
                break;
            }
            Object normal = Attrs.attrs("param", argument).asMap().get("param"); // bounded, and toString guarded
            if (normal != null) {
                params.add(normal.toString());
            }
        }
        return params;
    }

    private static Attrs keyValues(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        Attrs attrs = Attrs.none();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                attrs = attrs.and(pair.key, pair.value);
            }
        }
        return attrs;
    }

    private static List<String> markers(ILoggingEvent event) {
        List<Marker> markers = event.getMarkerList();
        if (markers == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        markers.forEach(marker -> addMarker(names, marker));
        return names;
    }

    @SuppressWarnings("deprecation") // SLF4J has no other way to see nested markers
    private static void addMarker(List<String> names, @Nullable Marker marker) {
        if (marker == null || names.size() >= MAX_MARKERS || names.contains(marker.getName())) {
            return;
        }
        names.add(marker.getName());
        marker.iterator().forEachRemaining(nested -> addMarker(names, nested));
    }

    private Map<String, String> tags(Map<String, String> mdc) {
        Map<String, String> tags = new LinkedHashMap<>();
        mdc.forEach((key, value) -> {
            if (key != null && value != null && contextTags.matches(key)) {
                tags.put(key, value);
            }
        });
        return tags;
    }

    private static @Nullable String traceId(Map<String, String> mdc) {
        return hex(mdc, 32, "trace_id", "traceId");
    }

    private static @Nullable String spanId(Map<String, String> mdc) {
        return hex(mdc, 16, "span_id", "spanId");
    }

    /** The application may keep ids of its own under these names: only what looks like ours is taken. */
    private static @Nullable String hex(Map<String, String> mdc, int length, String... names) {
        for (String name : names) {
            String value = mdc.get(name);
            if (value != null && value.length() == length && value.chars().allMatch(LogLines::isHex)) {
                return value;
            }
        }
        return null;
    }

    private static boolean isHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
}
