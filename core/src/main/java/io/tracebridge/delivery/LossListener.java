/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.DropReason;
import java.util.Map;

/**
 * Hears of every payload that will not be delivered, for reports of losses.
 *
 * <p>Called on any thread, an application's included: be quick. What it throws is ignored.
 * @since 0.1
 */
@FunctionalInterface
public interface LossListener {
    /**
     * One payload was lost; it is already counted.
     * @param quantities of {@link Payload#quantities()}
     */
    void lost(DropReason reason, String category, Map<String, Integer> quantities);
}
