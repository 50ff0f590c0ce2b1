/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.scrub.Scrubber;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects a context's values, scrubbed, until its size in characters is used up; says how much was left out. */
final class BoundedContext {
    private final Scrubber scrubber;
    private final Map<String, Object> values = new LinkedHashMap<>();
    private int room;
    private int leftOut;

    BoundedContext(Scrubber scrubber, int maxCharacters) {
        this.scrubber = scrubber;
        this.room = maxCharacters;
    }

    /** The first value of a name stays: ours come before the application's. */
    void put(@Nullable String key, @Nullable Object value) {
        if (key == null || value == null || values.containsKey(key)) {
            return;
        }
        Object scrubbed = scrubber.value(key, value);
        if (scrubbed instanceof String text) {
            scrubbed = Scrubber.cut(text, Math.max(64, Math.min(room / 2, 4_096)));
        }
        if (scrubbed == null) {
            return;
        }
        int length = length(key) + length(scrubbed);
        if (length > room) {
            leftOut++;
            return;
        }
        room -= length;
        values.put(key, scrubbed);
    }

    int room() {
        return room;
    }

    boolean isEmpty() {
        return values.isEmpty();
    }

    /** @param alreadyDropped what did not even fit before */
    Map<String, Object> build(long alreadyDropped) {
        if (leftOut + alreadyDropped > 0) {
            values.put("dropped", leftOut + alreadyDropped);
        }
        return values;
    }

    /** Roughly what it takes as JSON. */
    private static int length(Object value) {
        if (value instanceof String text) {
            return text.length() + 4;
        }
        int length = 12;
        if (value instanceof List<?> list) {
            for (Object each : list) {
                length += length(each);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                length += length(entry.getKey()) + length(entry.getValue());
            }
        }
        return length;
    }
}
