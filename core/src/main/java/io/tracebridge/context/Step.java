/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import org.jspecify.annotations.Nullable;

/**
 * The step that the calling code runs in. Adding to it after it ended, or before tracing started, does nothing.
 *
 * <p>Thread-safe; never throws.
 * @since 0.1
 */
public final class Step {
    static final Step INERT = new Step(null);

    private final @Nullable StepFrame frame;

    Step(@Nullable StepFrame frame) {
        this.frame = frame;
    }

    /** Adds to the step: an attribute of its span, and data of an event that this step makes. Null values are left out. */
    public Step put(@Nullable String key, @Nullable Object value) {
        StepFrame step = frame;
        if (step != null) {
            Guard.run(() -> step.put(Attrs.attrs(key, value)));
        }
        return this;
    }

    /**
     * Says what kind of failure this step will end with, when only the caller knows: an HTTP status, a provider's code.
     * Without it the throwable decides.
     */
    public Step errorType(@Nullable String errorType) {
        if (frame != null) {
            frame.errorType(errorType);
        }
        return this;
    }

    /** 32 hex digits; empty when there is no trace. */
    public String traceId() {
        return frame == null || !frame.spanContext().isValid()
                ? ""
                : frame.spanContext().getTraceId();
    }

    /** 16 hex digits; empty when there is no trace. */
    public String spanId() {
        return frame == null || !frame.spanContext().isValid()
                ? ""
                : frame.spanContext().getSpanId();
    }
}
