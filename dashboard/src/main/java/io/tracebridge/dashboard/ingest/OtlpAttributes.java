/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** OTLP's attribute values as plain ones; maps inside become dotted keys. */
final class OtlpAttributes {
    private static final int MAX_DEPTH = 8;
    private static final int MAX_LIST = 256;

    private OtlpAttributes() {}

    static void read(List<KeyValue> pairs, Attributes into) {
        read(pairs, into::put);
    }

    static void read(List<KeyValue> pairs, BiConsumer<String, Object> into) {
        pairs.forEach(pair -> flatten(pair.getKey(), pair.getValue(), into, 0));
    }

    /** A body of any shape as text: strings as they are, the rest as JSON. */
    static String text(AnyValue value) {
        Object plain = plain(value, 0);
        return plain == null ? "" : plain instanceof String text ? text : Attributes.json(plain);
    }

    private static void flatten(String key, AnyValue value, BiConsumer<String, Object> into, int depth) {
        if (value.hasKvlistValue() && depth < MAX_DEPTH) {
            value.getKvlistValue()
                    .getValuesList()
                    .forEach(pair -> flatten(key + "." + pair.getKey(), pair.getValue(), into, depth + 1));
            return;
        }
        Object plain = plain(value, depth);
        if (plain != null) {
            into.accept(key, plain);
        }
    }

    private static @Nullable Object plain(AnyValue value, int depth) {
        if (depth > MAX_DEPTH) {
            return "[cut]";
        }
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BOOL_VALUE -> value.getBoolValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case BYTES_VALUE -> "[" + value.getBytesValue().size() + " bytes]";
            case ARRAY_VALUE -> list(value.getArrayValue(), depth);
            case KVLIST_VALUE -> map(value, depth);
            case VALUE_NOT_SET -> null;
            default -> null; // profiles refer to strings by index; no signal we take does
        };
    }

    private static List<Object> list(ArrayValue values, int depth) {
        List<Object> list = new ArrayList<>();
        for (AnyValue element : values.getValuesList()) {
            Object plain = plain(element, depth + 1);
            if (plain != null && list.size() < MAX_LIST) {
                list.add(plain);
            }
        }
        return list;
    }

    private static Object map(AnyValue value, int depth) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (KeyValue pair : value.getKvlistValue().getValuesList()) {
            Object plain = plain(pair.getValue(), depth + 1);
            if (plain != null && map.size() < MAX_LIST) {
                map.put(pair.getKey(), plain);
            }
        }
        return map;
    }
}
