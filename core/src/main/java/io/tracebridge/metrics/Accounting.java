/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts every loss by its reason. One instance belongs to one running bridge and is shared by all its parts.
 *
 * <p>Thread-safe; an increment takes no lock.
 * @since 0.1
 */
public final class Accounting {
    private final Map<DropReason, LongAdder> drops = new EnumMap<>(DropReason.class);

    public Accounting() {
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, new LongAdder());
        }
    }

    /** Counts one loss. */
    public void dropped(DropReason reason) {
        dropped(reason, 1);
    }

    /**
     * Counts losses.
     * @param count how many items, zero or more
     */
    public void dropped(DropReason reason, long count) {
        LongAdder adder = drops.get(reason);
        if (adder != null) {
            adder.add(count);
        }
    }

    /** How many were lost for this reason since the start. */
    public long drops(DropReason reason) {
        LongAdder adder = drops.get(reason);
        return adder == null ? 0 : adder.sum();
    }

    /** All counts since the start, reasons without a loss included. */
    public Map<DropReason, Long> drops() {
        Map<DropReason, Long> sums = new EnumMap<>(DropReason.class);
        drops.forEach((reason, adder) -> sums.put(reason, adder.sum()));
        return sums;
    }
}
