/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import org.jspecify.annotations.Nullable;

/** A text under replacement, from left to right; copies nothing until the first replacement. */
final class Rewrite {
    private final String text;
    private @Nullable StringBuilder out;
    private int copied;

    Rewrite(String text) {
        this.text = text;
    }

    /** Replaces {@code [from, to)}; ranges must not overlap and must come in order. */
    void replace(int from, int to, String replacement) {
        StringBuilder target = out == null ? new StringBuilder(text.length()) : out;
        target.append(text, copied, from).append(replacement);
        copied = to;
        out = target;
    }

    /** First index that is not part of a replaced range. */
    int copied() {
        return copied;
    }

    String done() {
        return out == null ? text : out.append(text, copied, text.length()).toString();
    }
}
