/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON values as attribute values. */
final class Plain {
    private static final int MAX_DEPTH = 8;

    private Plain() {}

    /** Text, number, flag or list; a nested object becomes its JSON; null stays null. */
    static @Nullable Object of(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return null;
        }
        if (value.isTextual()) {
            return value.asText();
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return value.asLong();
        }
        if (value.isNumber()) {
            return value.asDouble();
        }
        if (value.isArray()) {
            List<Object> list = new ArrayList<>();
            for (JsonNode element : value) {
                Object plain = of(element);
                if (plain != null) {
                    list.add(plain);
                }
            }
            return list;
        }
        return value.toString();
    }

    /** Adds the fields of an object, nested ones under dotted keys. */
    static void flatten(JsonNode object, Attributes into) {
        flatten("", object, into, 0);
    }

    private static void flatten(String prefix, JsonNode object, Attributes into, int depth) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            String key = prefix + field.getKey();
            if (field.getValue().isObject() && depth < MAX_DEPTH) {
                flatten(key + ".", field.getValue(), into, depth + 1);
            } else {
                into.put(key, of(field.getValue()));
            }
        }
    }

    /** Adds Sentry's typed attributes: {@code {"key": {"value": …, "type": …}}}. */
    static void typed(JsonNode object, Attributes into) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            JsonNode value = field.getValue();
            into.put(field.getKey(), of(value.isObject() && value.has("value") ? value.get("value") : value));
        }
    }
}
