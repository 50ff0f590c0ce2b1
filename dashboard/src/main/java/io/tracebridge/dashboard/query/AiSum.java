/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import io.tracebridge.dashboard.store.AiCall;
import java.util.List;

/**
 * Calls to models of one trace.
 *
 * @param costUsd of the calls with a price
 * @param unpriced calls without one
 * @since 0.1
 */
public record AiSum(int calls, double costUsd, int unpriced) {
    static AiSum of(List<AiCall> calls, PriceTable prices) {
        double cost = 0;
        int unpriced = 0;
        for (AiCall call : calls) {
            Cost one = prices.cost(call);
            if (one.usd() == null) {
                unpriced++;
            } else {
                cost += one.usd();
            }
        }
        return new AiSum(calls.size(), Units.round(cost), unpriced);
    }
}
