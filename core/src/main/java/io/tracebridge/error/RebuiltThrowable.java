/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import org.jspecify.annotations.Nullable;

/**
 * A throwable of another JVM, or one that was serialised with a log event: only its text and frames came. Sinks show
 * {@link #originalType} in place of this class's name.
 * @since 0.1
 */
public final class RebuiltThrowable extends Exception {
    private final String originalType;

    /**
     * A stand-in.
     * @param frames innermost first
     */
    public RebuiltThrowable(
            String originalType, @Nullable String message, @Nullable Throwable cause, StackTraceElement[] frames) {
        super(message, cause);
        this.originalType = originalType;
        setStackTrace(frames);
    }

    /** The class name that the throwable had where it was thrown. */
    public String originalType() {
        return originalType;
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // the message is the original's; only the name differs
    public String toString() {
        String message = getMessage();
        return message == null ? originalType : originalType + ": " + message;
    }

    /** Its own frames would be ours. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
