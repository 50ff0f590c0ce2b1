/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.tracebridge.scrub.Scrubber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scrubs and bounds what goes into an item; null stays null. */
final class Texts {
    /** Characters of one text: what the server keeps of a message. */
    static final int MAX_TEXT = 8_192;

    /** Characters of a tag's value: what the server keeps of one. */
    static final int MAX_TAG = 200;

    private final Scrubber scrubber;

    Texts(Scrubber scrubber) {
        this.scrubber = scrubber;
    }

    @Nullable
    String text(@Nullable String text) {
        return text == null ? null : scrubber.text(text, MAX_TEXT);
    }

    @Nullable
    String value(String key, @Nullable String value) {
        Object scrubbed = scrubber.value(key, value);
        return scrubbed == null ? null : Scrubber.cut(scrubbed.toString(), MAX_TEXT);
    }

    @Nullable
    Object value(String key, @Nullable Object value) {
        return bounded(scrubber.value(key, value));
    }

    @Nullable
    List<String> texts(@Nullable List<String> texts) {
        if (texts == null) {
            return null;
        }
        List<String> scrubbed = new ArrayList<>(texts.size());
        for (String text : texts) {
            scrubbed.add(text == null ? "null" : scrubber.text(text, MAX_TEXT));
        }
        return scrubbed;
    }

    @Nullable
    Map<String, String> strings(@Nullable Map<String, String> values, int maxLength) {
        if (values == null) {
            return null;
        }
        Map<String, String> scrubbed = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            Object safe = scrubber.value(key, value);
            if (safe != null) {
                scrubbed.put(scrubber.text(key), Scrubber.cut(safe.toString(), maxLength));
            }
        });
        return scrubbed;
    }

    @Nullable
    Map<String, Object> objects(@Nullable Map<String, Object> values) {
        if (values == null) {
            return null;
        }
        Map<String, Object> scrubbed = new LinkedHashMap<>();
        values.forEach((key, value) -> {
            Object safe = value(key, value);
            if (safe != null) {
                scrubbed.put(scrubber.text(key), safe);
            }
        });
        return scrubbed;
    }

    private static @Nullable Object bounded(@Nullable Object value) {
        return value instanceof String text ? Scrubber.cut(text, MAX_TEXT) : value;
    }
}
