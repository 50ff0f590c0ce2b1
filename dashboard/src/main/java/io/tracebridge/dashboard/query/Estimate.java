/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a figure follows from sampled data.
 *
 * @param seen records that are stored
 * @param estimated records that they stand for
 * @param unknown of the seen, without a known weight: not in the estimate
 * @param weighted not every record stands for itself alone
 * @param text for the page, or null when nothing is estimated
 * @since 0.1
 */
public record Estimate(
        long seen,
        double estimated,
        long unknown,
        boolean weighted,
        @Nullable String text) {
    static Estimate of(long seen, double estimated, long unknown, boolean weighted) {
        boolean told = weighted || unknown > 0;
        List<String> parts = new ArrayList<>();
        if (weighted) {
            parts.add("estimated from " + Units.count(seen - unknown) + " of " + Units.count(estimated));
        }
        if (unknown > 0) {
            parts.add(Units.count(unknown) + (weighted ? " more" : "") + " of unknown weight, not counted");
        }
        String text = told ? String.join("; ", parts) : null;
        return new Estimate(seen, Units.round(estimated), unknown, told, text);
    }
}
