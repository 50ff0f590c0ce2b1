/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

/**
 * The answer of {@link Intake}.
 * @since 0.1
 */
public enum Admission {
    ACCEPTED,
    /** The queue is full for this kind of record: answer 429 or 503 and name {@link #RETRY_AFTER_SECONDS}. */
    BUSY,
    /** The store is closed or its disk is full: answer 503. */
    UNAVAILABLE;

    /** What a sender is asked to wait. */
    public static final int RETRY_AFTER_SECONDS = 10;
}
