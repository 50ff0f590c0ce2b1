/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import org.jspecify.annotations.Nullable;

/**
 * Takes secrets and personal data out of text and attributes. Every sink passes what it sends through one of these.
 *
 * <p>Implementations are thread-safe, idempotent and never throw.
 */
public interface Scrubber {
    /** Returns the text without secrets; the same instance when there was nothing to remove. */
    String text(String text);

    /**
     * Returns the value without secrets. A key that names a secret ({@code password}, {@code authorization} …)
     * replaces the whole value; otherwise strings, lists and maps inside are scrubbed by value.
     * @return null only when {@code value} is null
     */
    @Nullable
    Object value(String key, @Nullable Object value);

    /**
     * Scrubs, then cuts: the other order would leave half a secret that no rule knows.
     * @param maxLength in characters; the cut never splits a surrogate pair
     */
    default String text(String text, int maxLength) {
        return cut(text(text), maxLength);
    }

    /** Cuts text that was already scrubbed, at most {@code maxLength} characters, never inside a surrogate pair. */
    static String cut(String text, int maxLength) {
        if (text.length() <= maxLength) {
            return text;
        }
        boolean splitsPair = maxLength > 0 && Character.isHighSurrogate(text.charAt(maxLength - 1));
        return text.substring(0, splitsPair ? maxLength - 1 : maxLength);
    }
}
