/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.Hint;
import io.sentry.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What the steps of one capture tell the transport: the trace of the event and how many spans are inside.
 *
 * <p>Travels in the hint under a key that {@link Hint#clear()} spares.
 *
 * @param trace for the envelope's header; null: leave it as it is
 * @param spans the root included; 0 when unknown
 * @param own whether the bridge made the item, which is then already scrubbed and complete
 */
record Carried(@Nullable TraceContext trace, int spans, boolean own) {
    private static final String KEY = "sentry:tracebridge.carried";
    private static final Carried NOTHING = new Carried(null, 0, false);

    static Carried in(@Nullable Hint hint) {
        Carried carried = hint == null ? null : hint.getAs(KEY, Carried.class);
        return carried == null ? NOTHING : carried;
    }

    Hint put(Hint hint) {
        hint.set(KEY, this);
        return hint;
    }

    Carried withTrace(@Nullable TraceContext header) {
        return new Carried(header, spans, own);
    }

    Carried withSpans(int count) {
        return new Carried(trace, count, own);
    }
}
