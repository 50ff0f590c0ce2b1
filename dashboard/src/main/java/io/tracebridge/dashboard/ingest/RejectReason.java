/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

/** Why something that was sent to us is not stored; each refusal counts exactly one of these. */
enum RejectReason {
    /** Not the format it claims to be: broken JSON, a length that is wrong, a body that does not unpack. */
    MALFORMED("malformed"),
    /** Larger than its bound, packed or unpacked. */
    TOO_LARGE("too_large"),
    /** A content encoding we cannot unpack. */
    UNSUPPORTED_ENCODING("unsupported_encoding"),
    /** A content type that is neither of OTLP's. */
    UNSUPPORTED_TYPE("unsupported_type"),
    /** The ingest key is missing, wrong, or two given keys differ. */
    WRONG_KEY("wrong_key"),
    /** The sender is faster than the store, or too much is being received at once. */
    QUEUE_FULL("queue_full"),
    /** A span, point or record inside a good request that breaks a rule of the protocol. */
    INVALID("invalid"),
    /** An attempt to store failed; the cause is in the log. */
    STORE_FAILED("store_failed");

    private final String wireName;

    RejectReason(String wireName) {
        this.wireName = wireName;
    }

    /** The name that the health page and the API use. */
    String wireName() {
        return wireName;
    }
}
