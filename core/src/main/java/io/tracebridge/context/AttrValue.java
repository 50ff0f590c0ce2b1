/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributesBuilder;
import io.tracebridge.scrub.Scrubber;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns whatever the application hands over into something small, immutable and safe to keep: {@code String},
 * {@code Long}, {@code Double}, {@code Boolean}, a list or a map of these.
 */
final class AttrValue {
    /** Longest text kept here; whoever uses it scrubs first and cuts shorter afterwards. */
    static final int MAX_TEXT = 65_536;
    /** Longest text on a span, in characters; OpenTelemetry itself sets no limit. */
    static final int MAX_SPAN_TEXT = 4_096;

    private static final int MAX_ELEMENTS = 64;
    private static final int MAX_DEPTH = 4;

    private AttrValue() {}

    /** Returns null only for null and for a value of which nothing can be said. */
    static @Nullable Object of(@Nullable Object value) {
        try {
            return of(value, 0);
        } catch (Throwable broken) {
            Guard.unlessFatal(broken);
            return value == null ? null : unreadable(value);
        }
    }

    /** The value's text, bounded; null for null. */
    static @Nullable String text(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        try {
            String text = value.toString();
            return text == null ? null : Scrubber.cut(text, MAX_TEXT);
        } catch (Throwable throwingToString) {
            Guard.unlessFatal(throwingToString);
            return unreadable(value);
        }
    }

    private static String unreadable(Object value) {
        return "[unreadable " + value.getClass().getSimpleName() + "]";
    }

    private static @Nullable Object of(@Nullable Object value, int depth) {
        if (value == null || value instanceof Boolean || value instanceof Long) {
            return value;
        }
        if (value instanceof Number number) {
            return number(number);
        }
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value instanceof Duration duration) {
            return duration.toMillis();
        }
        if (value instanceof Optional<?> optional) {
            return of(optional.orElse(null), depth + 1);
        }
        if (value instanceof byte[] bytes) {
            return "[" + bytes.length + " bytes]";
        }
        if (value instanceof char[]) {
            return "[redacted:secret]"; // the type that passwords are kept in
        }
        if (depth < MAX_DEPTH) {
            if (value instanceof Map<?, ?> map) {
                return map(map, depth);
            }
            if (value instanceof Collection<?> collection) {
                return list(collection, depth);
            }
            if (value.getClass().isArray()) {
                return array(value, depth);
            }
        }
        return text(value);
    }

    /** NaN and the infinities become text: JSON has no word for them. */
    private static @Nullable Object number(Number number) {
        if (number instanceof Double || number instanceof Float || number instanceof BigDecimal) {
            double value = number.doubleValue();
            return Double.isFinite(value) ? (Object) value : String.valueOf(value);
        }
        if (number instanceof BigInteger big && big.bitLength() > 63) {
            return text(big);
        }
        return number.longValue();
    }

    private static List<Object> list(Collection<?> values, int depth) {
        List<Object> list = new ArrayList<>(Math.min(values.size(), MAX_ELEMENTS));
        for (Object each : values) {
            if (list.size() >= MAX_ELEMENTS) {
                break;
            }
            Object normal = of(each, depth + 1);
            if (normal != null) {
                list.add(normal);
            }
        }
        return List.copyOf(list);
    }

    private static List<Object> array(Object array, int depth) {
        int length = Math.min(Array.getLength(array), MAX_ELEMENTS);
        List<Object> list = new ArrayList<>(length);
        for (int i = 0; i < length; i++) {
            Object normal = of(Array.get(array, i), depth + 1);
            if (normal != null) {
                list.add(normal);
            }
        }
        return List.copyOf(list);
    }

    private static Map<String, Object> map(Map<?, ?> values, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            if (map.size() >= MAX_ELEMENTS) {
                break;
            }
            String key = text(entry.getKey());
            Object normal = of(entry.getValue(), depth + 1);
            if (key != null && normal != null) {
                map.put(Attrs.cutKey(key), normal);
            }
        }
        return map;
    }

    /** Adds a normal value to span attributes; text past the limit is scrubbed before it is cut. */
    static void put(AttributesBuilder builder, String key, Object value, Scrubber scrubber) {
        if (value instanceof Long number) {
            builder.put(key, number);
        } else if (value instanceof Double number) {
            builder.put(key, number);
        } else if (value instanceof Boolean flag) {
            builder.put(key, flag);
        } else if (value instanceof List<?> list) {
            putList(builder, key, list);
        } else {
            String text = value.toString();
            builder.put(key, text.length() <= MAX_SPAN_TEXT ? text : scrubber.text(text, MAX_SPAN_TEXT));
        }
    }

    private static void putList(AttributesBuilder builder, String key, List<?> list) {
        if (!list.isEmpty() && list.stream().allMatch(Long.class::isInstance)) {
            builder.put(
                    AttributeKey.longArrayKey(key),
                    list.stream().map(Long.class::cast).toList());
        } else if (!list.isEmpty() && list.stream().allMatch(Double.class::isInstance)) {
            builder.put(
                    AttributeKey.doubleArrayKey(key),
                    list.stream().map(Double.class::cast).toList());
        } else if (!list.isEmpty() && list.stream().allMatch(Boolean.class::isInstance)) {
            builder.put(
                    AttributeKey.booleanArrayKey(key),
                    list.stream().map(Boolean.class::cast).toList());
        } else {
            builder.put(
                    AttributeKey.stringArrayKey(key),
                    list.stream().map(String::valueOf).toList());
        }
    }
}
