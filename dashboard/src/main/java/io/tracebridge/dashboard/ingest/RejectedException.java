/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static java.util.Objects.requireNonNull;

/**
 * Something sent to us is refused. The message goes back to the sender and never quotes the payload.
 *
 * <p>Has no stack trace: a flood of bad requests must stay cheap.
 */
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1;

    private final RejectReason reason;
    private final long items;

    /** For what was not decoded: nobody knows what was in it. */
    RejectedException(RejectReason reason, String message) {
        this(reason, message, 0);
    }

    /** @param items spans, log records or points that are refused with it */
    RejectedException(RejectReason reason, String message, long items) {
        super(message, null, false, false);
        this.reason = reason;
        this.items = items;
    }

    /** How many items are refused with it; 0 when it was not decoded. */
    long items() {
        return items;
    }

    RejectReason reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
