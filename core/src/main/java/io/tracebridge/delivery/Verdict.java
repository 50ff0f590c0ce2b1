/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

/** What an HTTP status means for the payload that was sent. */
enum Verdict {
    /** Taken: any 2xx, 202 as well as 200. */
    DELIVERED,
    /** Asked to send less. The payload waits. */
    LIMITED,
    /** Our credentials or our address are wrong (redirects included): all payloads wait, as they are not at fault. */
    REFUSED,
    /** The server's trouble, or a passing one. The payload waits. */
    AGAIN,
    /** This payload will never be taken. */
    REJECTED;

    static Verdict of(int status) {
        return switch (status) {
            case 429 -> LIMITED;
            case 401, 403 -> REFUSED;
            case 408, 425 -> AGAIN;
            default ->
                switch (status / 100) {
                    case 2 -> DELIVERED;
                    case 3 -> REFUSED;
                    case 4 -> REJECTED;
                    default -> AGAIN;
                };
        };
    }
}
