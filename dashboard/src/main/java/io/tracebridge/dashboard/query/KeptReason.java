/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import org.jspecify.annotations.Nullable;

/**
 * Why sampling kept a trace.
 *
 * @param because the reason's word, or null when unknown
 * @param sentence for the page, or null when there is nothing worth saying
 * @since 0.1
 */
public record KeptReason(@Nullable String because, @Nullable String sentence) {
    static KeptReason of(@Nullable String because) {
        return new KeptReason(because, because == null ? null : sentence(because));
    }

    private static @Nullable String sentence(String because) {
        return switch (because) {
            case "error" -> "Kept because of the error; head sampling would have dropped it.";
            case "captured_error" -> "Kept because of the captured error; head sampling would have dropped it.";
            case "error_log" -> "Kept because of an error in the log; head sampling would have dropped it.";
            case "slow" -> "Kept because it was slow; head sampling would have dropped it.";
            case "first" -> "Kept as one of the first traces of the process.";
            case "signal" -> "Kept because another service asked for it; head sampling would have dropped it.";
            default -> null;
        };
    }
}
