/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The issue an error belongs to, and why.
 *
 * @param keys hashes, the deciding one first; the second, if any, looks at all frames and finds the issue again when the
 *     rules for "code of the application" change
 * @param by {@code stack}, {@code type}, {@code message}, {@code fingerprint} or {@code fingerprint+stack}
 * @param sentence what decided, for a reader
 * @param type of the exception a reader should see first: the thrown one, async wrappers left out; empty for a message
 * @param title message of that exception, or of the event
 * @param culprit {@code Class.method} of the frame to look at first; empty when there is no frame
 * @param rootCause the last cause; null when the thrown exception has none
 * @param parts what was looked at, in order
 */
public record Grouping(
        List<String> keys,
        String by,
        String sentence,
        String type,
        String title,
        String culprit,
        @Nullable RootCause rootCause,
        List<Part> parts) {
    public Grouping {
        keys = List.copyOf(keys);
        parts = List.copyOf(parts);
    }

    /**
     * The last cause of a chain.
     * @param culprit {@code Class.method} of its first frame that counts; empty when there is none
     */
    public record RootCause(String type, String message, String culprit) {}

    /**
     * Something that was looked at.
     * @param kind {@code fingerprint}, {@code type}, {@code frame} or {@code message}
     * @param value the text as it was hashed, or would have been
     * @param why the reason in a few words; null when nothing needs saying
     */
    public record Part(
            String kind,
            String value,
            boolean counts,
            @Nullable String why) {}
}
