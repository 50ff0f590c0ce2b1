/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tracebridge.scrub.Scrubber;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Scrubs and bounds every text of a JSON tree in place. The tree's depth was bounded when it was read. */
final class JsonScrub {
    /** Ids, times and names of the protocol itself: nothing a rule could take out of them is a secret. */
    private static final Set<String> STRUCTURE = Set.of(
            "event_id",
            "trace_id",
            "span_id",
            "parent_span_id",
            "segment_id",
            "timestamp",
            "start_timestamp",
            "type",
            "module",
            "function",
            "filename",
            "level",
            "platform",
            "status",
            "op");

    private final Scrubber scrubber;

    JsonScrub(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    void scrub(JsonNode node) {
        scrub("", node);
    }

    private void scrub(String key, JsonNode node) {
        if (node instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> fields = object.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                // whatever a cookie is called, it is one
                String name = key.equals("cookies") ? "cookie" : field.getKey();
                field.setValue(scrubbed(name, field.getValue()));
            }
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, scrubbed(isPair(array) ? array.get(0).asText() : key, array.get(i)));
            }
        }
    }

    private JsonNode scrubbed(String key, JsonNode value) {
        if (value.isContainerNode()) {
            // a whole session or auth object is no value: what is in it is looked at by its own keys
            scrub(key, value);
            return value;
        }
        if (value.isTextual()) {
            if (STRUCTURE.contains(key)) {
                return TextNode.valueOf(bounded(value.asText()));
            }
            Object clean = scrubber.value(key, value.asText());
            return TextNode.valueOf(bounded(clean == null ? "" : clean.toString()));
        }
        if (value.isNumber()) {
            Object clean = scrubber.value(key, value.numberValue());
            return clean instanceof String text ? TextNode.valueOf(text) : value;
        }
        return value;
    }

    private static String bounded(String text) {
        String cut = text.length() <= Attributes.MAX_TEXT ? text : Scrubber.cut(text, Attributes.MAX_TEXT) + " [cut]";
        return Attributes.withoutNul(cut);
    }

    /** Sentry writes headers, cookies and tags as objects or as pairs; in a pair the first text is the key. */
    private static boolean isPair(ArrayNode array) {
        return array.size() == 2 && array.get(0).isTextual() && array.get(1).isTextual();
    }
}
