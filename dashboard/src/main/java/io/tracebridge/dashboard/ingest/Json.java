/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads JSON from strangers: depth, names and numbers are bounded, and what follows the value is an error. */
final class Json {
    private static final int MAX_DEPTH = 64;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(400)
                    .maxNameLength(8 * 1024)
                    .maxStringLength(16 * 1024 * 1024)
                    .build())
            // names are the sender's to choose: interning or canonicalising them would let a flood fill our tables
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    static final ObjectMapper MAPPER = new ObjectMapper(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    /**
     * Reads a JSON object.
     * @param what names the value in the refusal, for example {@code "envelope header"}
     */
    static ObjectNode object(byte[] bytes, int offset, int length, String what) throws RejectedException {
        JsonNode node;
        try {
            node = MAPPER.readTree(bytes, offset, length);
        } catch (IOException broken) {
            throw new RejectedException(RejectReason.MALFORMED, what + " is not valid JSON");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new RejectedException(RejectReason.MALFORMED, what + " is not a JSON object");
    }

    /** The text of a string or number; null when it is missing or something else. */
    static @Nullable String text(JsonNode object, String name) {
        JsonNode value = object.get(name);
        return value != null && value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    /** The text, or {@code fallback} when it is missing, null or structured. */
    static String text(JsonNode object, String name, String fallback) {
        String text = text(object, name);
        return text == null ? fallback : text;
    }
}
