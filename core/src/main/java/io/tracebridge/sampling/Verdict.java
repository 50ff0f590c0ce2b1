/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

/**
 * Why a trace is kept, and how probable that was.
 * @param threshold the one that its spans say, or {@link Threshold#UNKNOWN}
 * @param reason the value of {@code tracebridge.kept_because}; {@code head} whenever the head decision sufficed
 */
record Verdict(long threshold, String reason) {
    static final String HEAD = "head";

    boolean isHead() {
        return reason.equals(HEAD);
    }
}
