/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import org.jspecify.annotations.Nullable;

/**
 * Remembers short texts that scrubbing left as they were: span names, routes and methods come again with every span.
 * A fixed table in which a newcomer replaces whatever stood in its place; one thread only.
 */
final class CleanTexts {
    private static final int SIZE = 1 << 10;
    private static final int MAX_LENGTH = 64;

    private final @Nullable String[] keys = new String[SIZE];
    private final @Nullable String[] texts = new String[SIZE];

    boolean contains(String key, String text) {
        if (text.length() > MAX_LENGTH) {
            return false; // its hash would cost as much as a look at it
        }
        int slot = slot(key, text);
        return text.equals(texts[slot]) && key.equals(keys[slot]);
    }

    void add(String key, String text) {
        if (text.length() <= MAX_LENGTH && key.length() <= MAX_LENGTH) {
            int slot = slot(key, text);
            keys[slot] = key;
            texts[slot] = text;
        }
    }

    private static int slot(String key, String text) {
        int hash = 31 * key.hashCode() + text.hashCode();
        return (hash ^ hash >>> 16) & (SIZE - 1);
    }
}
