/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.DataCategory;
import io.sentry.SentryOptions;
import io.sentry.clientreport.DiscardReason;
import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells Sentry what was lost on the way to it, in its own words; the next envelope carries the report. */
final class LossReports {
    private final Accounting accounting;
    private long sampledOut;

    LossReports(Accounting accounting) {
        this.accounting = accounting;
    }

    /** Takes over what the tail decision has dropped since the last call. */
    synchronized void report(SentryOptions options) {
        long now = accounting.drops(DropReason.SAMPLED_OUT);
        if (now > sampledOut) {
            options.getClientReportRecorder()
                    .recordLostEvent(DiscardReason.SAMPLE_RATE, DataCategory.Transaction, now - sampledOut);
            sampledOut = now;
        }
    }

    /** One payload was lost in delivery; it is already counted. */
    static void lost(SentryOptions options, DropReason reason, Map<String, Integer> quantities) {
        DiscardReason discard = discard(reason);
        if (discard == null) {
            return;
        }
        quantities.forEach((name, count) -> {
            DataCategory category = category(name);
            if (category != null) {
                options.getClientReportRecorder().recordLostEvent(discard, category, count);
            }
        });
    }

    private static @Nullable DataCategory category(String name) {
        for (DataCategory category : DataCategory.values()) {
            if (category.getCategory().equals(name)) {
                return category;
            }
        }
        return null;
    }

    private static @Nullable DiscardReason discard(DropReason reason) {
        return switch (reason) {
            case RATE_LIMITED -> DiscardReason.RATELIMIT_BACKOFF;
            case SPOOL_FULL, DISK_FAILED -> DiscardReason.CACHE_OVERFLOW;
            case QUEUE_FULL -> DiscardReason.QUEUE_OVERFLOW;
            case TOO_LARGE, REJECTED, ENCODING_FAILED -> DiscardReason.SEND_ERROR;
            case SHUTDOWN -> DiscardReason.NETWORK_ERROR;
            default -> null;
        };
    }
}
