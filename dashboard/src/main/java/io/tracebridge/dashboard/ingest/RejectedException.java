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

    RejectedException(RejectReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    RejectReason reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
