/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

/**
 * Where captured errors go. The Sentry bridge is the one that counts; tests use a recording one.
 *
 * <p>Implementations are thread-safe and never throw.
 */
public interface ErrorSink {
    /**
     * Turns the captured error into an event and hands it to delivery before returning.
     * @return the event id, 32 hex digits, or {@code ""} when no event was made; the loss is already counted
     */
    String send(CapturedError error);

    /** Keeps a note for the next event of this trace or thread. */
    void breadcrumb(ErrorBreadcrumb breadcrumb);

    /** Whether {@link #log} does something; asked for every line, so be quick. */
    default boolean takesLogs() {
        return false;
    }

    /** Keeps a log line as a line. */
    default void log(StructuredLog line) {}
}
