/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tracebridge.scrub.Scrubber;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of one span, log, point or resource: scrubbed and bounded as they are added, sorted by key, whichever
 * protocol they came by. Values are texts, numbers, flags and lists of these. Not thread-safe.
 */
final class Attributes {
    static final int MAX_COUNT = 128;
    static final int MAX_TEXT = 16 * 1024;

    /** Prompts and answers are shown as messages, and half a message cannot be read. */
    private static final int MAX_AI_TEXT = 64 * 1024;

    private static final int MAX_KEY = 256;
    private static final int MAX_LIST = 256;
    private static final String CUT = " [cut]";

    private final Scrubber scrubber;
    private final Runnable onDrop;
    private final TreeMap<String, Object> values = new TreeMap<>();

    /**
     * An empty set.
     * @param onDrop called for each attribute past {@value #MAX_COUNT}
     */
    Attributes(Scrubber scrubber, Runnable onDrop) {
        this.scrubber = scrubber;
        this.onDrop = onDrop;
    }

    /** Adds or replaces; null and the empty key are left out, what is past the bound is dropped. */
    void put(String key, @Nullable Object value) {
        if (value == null || key.isEmpty()) {
            return;
        }
        String bounded = withoutNul(Scrubber.cut(key, MAX_KEY));
        if (values.size() >= MAX_COUNT && !values.containsKey(bounded)) {
            onDrop.run();
            return;
        }
        values.put(bounded, clean(bounded, value));
    }

    /** Adds unless the key is there. */
    void putIfAbsent(String key, @Nullable Object value) {
        if (!values.containsKey(key)) {
            put(key, value);
        }
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    /** The first of the keys that has a value, as text; null when none has. */
    @Nullable
    String text(String... keys) {
        for (String key : keys) {
            Object value = values.get(key);
            if (value != null && !value.toString().isEmpty()) {
                return value.toString();
            }
        }
        return null;
    }

    @Nullable
    Double number(String key) {
        Object value = values.get(key);
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        try {
            return value instanceof String text ? Double.valueOf(text) : null;
        } catch (NumberFormatException notNumeric) {
            return null;
        }
    }

    boolean anyKeyStartsWith(String prefix) {
        String next = values.ceilingKey(prefix);
        return next != null && next.startsWith(prefix);
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** The attributes to read; never written through. */
    Map<String, Object> values() {
        return values;
    }

    String json() {
        return json(values);
    }

    static String json(Object value) {
        try {
            return Json.MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps, lists, texts and numbers are always JSON", impossible);
        }
    }

    private Object clean(String key, Object value) {
        if (value instanceof List<?> list) {
            List<Object> cleaned = new ArrayList<>(Math.min(list.size(), MAX_LIST));
            for (Object element : list) {
                if (cleaned.size() == MAX_LIST) {
                    break;
                }
                cleaned.add(clean(key, element));
            }
            return cleaned;
        }
        if (value instanceof Boolean) {
            return value;
        }
        Object scrubbed = scrubber.value(key, value);
        if (!(scrubbed instanceof String text)) {
            return scrubbed == null ? "" : scrubbed;
        }
        return bounded(key, text);
    }

    private static String bounded(String key, String text) {
        int max = key.startsWith("gen_ai.") || key.startsWith("llm.") ? MAX_AI_TEXT : MAX_TEXT;
        return withoutNul(text.length() <= max ? text : Scrubber.cut(text, max) + CUT);
    }

    /** Some readers of text end at a NUL. */
    static String withoutNul(String text) {
        return text.indexOf('\0') < 0 ? text : text.replace('\0', '\ufffd');
    }
}
