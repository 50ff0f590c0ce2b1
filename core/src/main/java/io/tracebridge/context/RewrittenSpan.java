/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;

/**
 * A span whose ids were rewritten for what goes out, together with the recorded one: only that one knows where the
 * request goes, which a propagator with targets has to ask.
 */
public final class RewrittenSpan {
    private static final ContextKey<Span> ORIGINAL = ContextKey.named("tracebridge-original-span");

    private RewrittenSpan() {}

    /** The context in which the current span shows other ids than it has. */
    public static Context with(Context context, SpanContext shown) {
        return context.with(ORIGINAL, Span.fromContext(context)).with(Span.wrap(shown));
    }

    /** The recorded span behind the current one; the current one itself where nothing was rewritten. */
    public static Span original(Context context) {
        Span current = Span.fromContext(context);
        Span original = context.get(ORIGINAL);
        boolean same = original != null
                && original.getSpanContext()
                        .getSpanId()
                        .equals(current.getSpanContext().getSpanId());
        return same ? original : current;
    }
}
