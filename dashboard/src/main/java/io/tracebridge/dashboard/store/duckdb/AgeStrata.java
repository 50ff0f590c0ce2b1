/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * Which ordinary traces are thinned out when room is needed, by their age: those for which fewest spans stand, measured by how
 * much came after them. Age is counted in received spans, not in hours, so that a flood of an hour does not push out a quiet
 * week at once. Repeated, it leaves a density that falls as one over the age: each doubling of the age keeps as many spans as
 * the one before.
 *
 * <p>What is chosen are neighbours in time, and so in the file. Only what changed is written anew there, which is what makes an
 * eviction expensive (ADR 0053).
 */
final class AgeStrata {
    private AgeStrata() {}

    /**
     * Ordinary traces that began one after the other.
     * @param number from the oldest, which is 0
     * @param spans stored ones
     * @param received how many spans these stand for
     */
    record Stratum(int number, long spans, double received) {}

    /**
     * How many traces of a stratum one of them shall stay for: a power of two of at least 2 for each stratum that is chosen.
     * @param strata oldest first, without gaps
     * @param surplus spans that shall leave; fewer than there are
     */
    static Map<Integer, Integer> choose(List<Stratum> strata, double surplus) {
        PriorityQueue<Choice> byNeed = new PriorityQueue<>(
                Comparator.comparingDouble(Choice::need).reversed().thenComparing(choice -> choice.stratum.number));
        List<Stratum> newestFirst = new ArrayList<>(strata);
        Collections.reverse(newestFirst);
        double age = 0;
        for (Stratum stratum : newestFirst) {
            if (stratum.spans > 0) {
                byNeed.add(new Choice(stratum, age + stratum.received / 2, 1));
            }
            age += stratum.received;
        }
        Map<Integer, Integer> parts = new TreeMap<>();
        double left = surplus;
        while (left > 0 && !byNeed.isEmpty()) {
            Choice next = byNeed.poll().halved();
            // halved, what stayed is as much as what leaves
            left -= next.stays();
            parts.put(next.stratum.number, next.parts);
            if (next.stays() > 1) {
                byNeed.add(next);
            }
        }
        return parts;
    }

    private record Choice(Stratum stratum, double age, int parts) {
        double stays() {
            return (double) stratum.spans / parts;
        }

        double need() {
            return age * stays() / stratum.received;
        }

        Choice halved() {
            return new Choice(stratum, age, 2 * parts);
        }
    }
}
