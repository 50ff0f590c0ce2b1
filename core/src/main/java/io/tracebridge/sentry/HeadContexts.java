/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the first service of a trace said about it, by trace id: every envelope of a trace repeats its head's words.
 * Holds the last {@value #MAX_TRACES} traces; a forgotten one is described by this service instead.
 *
 * <p>Thread-safe.
 */
final class HeadContexts {
    static final int MAX_TRACES = 2_000;

    private static final int MAX_HEADER = 8_192;

    private final Map<String, String> headers = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > MAX_TRACES;
        }
    };

    /** Remembers the {@code baggage} header that came with a trace. */
    void remember(String traceId, String header) {
        if (header.length() <= MAX_HEADER) {
            synchronized (headers) {
                headers.put(traceId, header);
            }
        }
    }

    /** The header; null for a trace that began here. */
    @Nullable
    String of(String traceId) {
        synchronized (headers) {
            return headers.get(traceId);
        }
    }
}
