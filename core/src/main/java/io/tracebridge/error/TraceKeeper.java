/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

/**
 * Asks the tail decision to keep the trace of an error, also after its root ended.
 *
 * <p>Implementations are thread-safe, take no lock and never throw.
 */
@FunctionalInterface
public interface TraceKeeper {
    /** Keeps nothing: for a bridge without tracing. */
    TraceKeeper NONE = (traceId, reason, fingerprint) -> false;

    /**
     * Marks the trace as one to keep.
     * @param traceId 32 hex digits
     * @param reason why: {@code captured_error}, {@code error_log} …
     * @param fingerprint what the error budget counts: error type and step
     * @return whether the trace is or will be kept: false when it is unknown, gone or over budget
     */
    boolean keep(String traceId, String reason, String fingerprint);
}
