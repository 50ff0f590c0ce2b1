/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** Attributes as they are stored: a flat JSON object. What cannot be read is as if it were not there. */
final class Attributes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Attributes NONE = new Attributes(JSON.createObjectNode());
    private final JsonNode object;

    private Attributes(JsonNode object) {
        this.object = object;
    }

    static Attributes of(@Nullable String json) {
        return json == null ? NONE : new Attributes(tree(json));
    }

    /** The parsed text, or an empty object. */
    static JsonNode tree(@Nullable String json) {
        if (json == null || json.isEmpty()) {
            return JSON.createObjectNode();
        }
        try {
            JsonNode node = JSON.readTree(json);
            return node == null ? JSON.createObjectNode() : node;
        } catch (JsonProcessingException e) {
            return JSON.createObjectNode();
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    JsonNode json() {
        return object;
    }

    /** The first of the keys that has a text or number, as text. */
    @Nullable
    String text(String... keys) {
        for (String key : keys) {
            JsonNode value = object.get(key);
            if (value != null && !value.isNull()) {
                return value.isValueNode() ? value.asText() : value.toString();
            }
        }
        return null;
    }

    @Nullable
    Double number(String... keys) {
        for (String key : keys) {
            JsonNode value = object.get(key);
            Double number = value == null ? null : number(value);
            if (number != null) {
                return number;
            }
        }
        return null;
    }

    /** A count: whole and not negative, else null. */
    @Nullable
    Long count(String... keys) {
        Double number = number(keys);
        return number == null || number < 0 || number > 1e15 ? null : (Long) number.longValue();
    }

    private static @Nullable Double number(JsonNode value) {
        if (value.isNumber()) {
            return value.asDouble();
        }
        if (!value.isTextual()) {
            return null;
        }
        try {
            double parsed = Double.parseDouble(value.asText());
            return Double.isFinite(parsed) ? (Double) parsed : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
