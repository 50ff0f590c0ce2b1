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
}
