/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

/**
 * Why data was dropped: every loss adds to exactly one of these, in what was lost: errors, transactions, spans, log
 * lines.
 */
public enum DropReason {
    /** The tail decision dropped an ordinary trace; intended, and reported to Sentry as {@code sample_rate}. */
    SAMPLED_OUT,
    /** A held trace was pushed out by a newer one before anything asked for it. */
    HELD_EVICTED,
    /** Memory for active traces was exhausted. */
    MEMORY_PRESSURE,
    /** A span ended so late that its trace was no longer known. */
    LATE_SPAN,
    /** Spans beyond what one transaction may carry, pruned by importance. */
    TRANSACTION_PRUNED,
    /** The error budget of one fingerprint was used up: the event is sent, its trace only by the head decision. */
    OVER_BUDGET,
    /** The spool was full; the stated victim was removed. */
    SPOOL_FULL,
    /** It waited in the spool for a destination that no process has used for 30 days. */
    EXPIRED,
    /** The disk refused a write. */
    DISK_FAILED,
    /** A payload was larger than the spool accepts. */
    TOO_LARGE,
    /** The destination answered that it will never accept the payload. */
    REJECTED,
    /** The destination asked us to send less of this category. */
    RATE_LIMITED,
    /** A queue in memory was full. */
    QUEUE_FULL,
    /** An exporter that is not ours refused spans, failed or did not answer in 30 seconds. */
    EXPORT_FAILED,
    /** A payload could not be built or read back. */
    ENCODING_FAILED,
    /** A callback of the application dropped it. */
    CALLBACK,
    /** Not sent before the deadline of close, and no spool on disk to keep it. */
    SHUTDOWN,
    /** The same failure was sent before; this sighting became a span event and a breadcrumb. */
    DUPLICATE
}
