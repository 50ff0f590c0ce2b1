/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import org.jspecify.annotations.Nullable;

/** A context that is current on this thread, with its mirror in the MDC, until closed. Never throws. */
final class Activation implements AutoCloseable {
    private @Nullable Scope scope;
    private @Nullable MdcMirror mirror;

    private Activation() {}

    @SuppressWarnings("MustBeClosedChecker") // closed by close()
    static Activation of(Context context) {
        Activation activation = new Activation();
        Guard.run(() -> {
            activation.scope = context.makeCurrent();
            StepFrame frame = StepFrame.from(context);
            if (ContextRuntime.current().mirrorsMdc()) {
                activation.mirror = MdcMirror.open(
                        Span.fromContext(context).getSpanContext(),
                        frame == null ? null : frame.pipeline().name());
            }
        });
        return activation;
    }

    @Override
    public void close() {
        MdcMirror openMirror = mirror;
        if (openMirror != null) {
            Guard.run(openMirror::close);
        }
        Scope openScope = scope;
        if (openScope != null) {
            Guard.run(openScope::close);
        }
    }
}
