/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

/** How large an item of a Sentry envelope may be, in bytes; Sentry's own limits where it states one. */
final class ItemLimits {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    private ItemLimits() {}

    static void check(String type, int length) throws RejectedException {
        int max = maxBytes(type);
        if (length > max) {
            throw new RejectedException(
                    RejectReason.TOO_LARGE, "item is larger than the " + max + " bytes that its type may have");
        }
    }

    private static int maxBytes(String type) {
        return switch (type) {
            case "event", "feedback", "user_report" -> MIB;
            case "check_in" -> 100 * KIB;
            // containers: the limit of 1 MB is for one of up to a hundred inside
            case "transaction", "span", "log", "trace_metric" -> 10 * MIB;
            case "profile", "profile_chunk" -> 50 * MIB;
            default -> 100 * MIB;
        };
    }
}
