/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

/**
 * The dashboard cannot start; the message tells a person why and what to do.
 * @since 0.1
 */
public final class DashboardStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DashboardStartException(String message) {
        super(message);
    }

    DashboardStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
