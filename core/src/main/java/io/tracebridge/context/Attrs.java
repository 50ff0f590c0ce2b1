/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Typed key-values of a step: numbers stay numbers. Null keys and null values are left out, and a {@code toString} that
 * throws costs only its own value. Immutable; a later value of the same key wins.
 *
 * <p>At most {@value #MAX_KEYS} pairs; what is added past that is left out.
 * @since 0.1
 */
public final class Attrs {
    static final int MAX_KEYS = 64;
    static final int MAX_KEY_LENGTH = 64;
    private static final Attrs NONE = new Attrs(null, "", null, 0);

    private final @Nullable Attrs before;
    private final String key;
    private final @Nullable Object value;
    private final int size;

    private Attrs(@Nullable Attrs before, String key, @Nullable Object value, int size) {
        this.before = before;
        this.key = key;
        this.value = value;
        this.size = size;
    }

    /** No pairs. */
    public static Attrs none() {
        return NONE;
    }

    /** One pair; go on with {@link #and}. */
    public static Attrs attrs(@Nullable String key, @Nullable Object value) {
        return NONE.and(key, value);
    }

    /** The pairs of a map; null gives none. */
    public static Attrs of(@Nullable Map<?, ?> map) {
        if (map == null) {
            return NONE;
        }
        try {
            Attrs attrs = NONE;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                if (attrs.size >= MAX_KEYS) {
                    break; // the rest may be a million
                }
                attrs = attrs.and(AttrValue.text(entry.getKey()), entry.getValue());
            }
            return attrs;
        } catch (Throwable broken) { // a map of the application's own, or changed meanwhile
            Guard.unlessFatal(broken);
            return NONE;
        }
    }

    /** These pairs and one more. */
    public Attrs and(@Nullable String nextKey, @Nullable Object nextValue) {
        if (nextKey == null || nextKey.isBlank() || size >= MAX_KEYS) {
            return this;
        }
        Object normal = AttrValue.of(nextValue);
        return normal == null ? this : new Attrs(this, cutKey(nextKey), normal, size + 1);
    }

    /** The pairs in the order they were added; a copy. */
    public Map<String, Object> asMap() {
        Attrs[] inOrder = new Attrs[size];
        int i = size;
        for (Attrs node = this; node != null && node.before != null; node = node.before) {
            inOrder[--i] = node;
        }
        Map<String, Object> map = new LinkedHashMap<>();
        for (Attrs node : inOrder) {
            if (node.value != null) {
                map.put(node.key, node.value);
            }
        }
        return map;
    }

    Attributes asAttributes(ContextRuntime runtime) {
        AttributesBuilder builder = Attributes.builder();
        asMap().forEach((name, each) -> AttrValue.put(builder, name, each, runtime.scrubber()));
        return builder.build();
    }

    static String cutKey(String key) {
        return key.length() <= MAX_KEY_LENGTH ? key : key.substring(0, MAX_KEY_LENGTH);
    }

    /** Only the keys: values may be personal data. */
    @Override
    public String toString() {
        return "Attrs" + asMap().keySet();
    }
}
