/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Attributes by name alone: who reads a convention does not care which type its writer chose. */
final class Attributed {
    private final Map<String, Object> values = new HashMap<>();

    Attributed(Attributes attributes) {
        attributes.forEach((AttributeKey<?> key, Object value) -> values.put(key.getKey(), value));
    }

    /** The first of these attributes that is there, as text; null when none is or it is blank. */
    @Nullable
    String text(String... keys) {
        for (String key : keys) {
            Object value = values.get(key);
            if (value != null && !value.toString().isBlank()) {
                return value.toString();
            }
        }
        return null;
    }

    /** The first of these attributes that is a whole number, also one written as text. */
    @Nullable
    Long number(String... keys) {
        for (String key : keys) {
            Object value = values.get(key);
            if (value instanceof Number number) {
                return number.longValue();
            }
            if (value instanceof String text && text.matches("\\d{1,9}")) {
                return Long.valueOf(text);
            }
        }
        return null;
    }

    boolean has(String... keys) {
        return text(keys) != null;
    }
}
