/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tracebridge.dashboard.store.duckdb.AgeStrata.Stratum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AgeStrataTest {
    @Test
    void oldestHalfIsHalved_whenAQuarterHasToLeaveTheFirstTime() {
        List<Stratum> strata = IntStream.range(0, 16)
                .mapToObj(number -> new Stratum(number, 100, 100))
                .toList();

        Map<Integer, Integer> parts = AgeStrata.choose(strata, 400);

        assertThat(parts.keySet()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(parts.values()).containsOnly(2);
    }

    @Test
    void stratumIsHalvedAgain_whenThatIsNotEnough() {
        List<Stratum> strata = List.of(new Stratum(0, 1_000, 1_000), new Stratum(1, 1_000, 1_000));

        Map<Integer, Integer> parts = AgeStrata.choose(strata, 1_400);

        assertThat(parts.get(0)).isGreaterThan(parts.get(1));
        double left = 1_000.0 / parts.get(0) + 1_000.0 / parts.get(1);
        assertThat(left).isLessThanOrEqualTo(600);
    }

    @Test
    void whatWasThinnedAlready_waitsUntilItIsOlder() {
        // each stored span of the older half stands for 8
        List<Stratum> strata = List.of(new Stratum(0, 100, 800), new Stratum(1, 100, 100));

        // 500 came after its middle, a stored one stands for 8; of the other 50 for 1
        assertThat(AgeStrata.choose(strata, 40)).containsOnlyKeys(0);
        // 500 for 80, 50 for 1
        assertThat(AgeStrata.choose(List.of(new Stratum(0, 10, 800), new Stratum(1, 100, 100)), 40))
                .containsOnlyKeys(1);
    }

    @Test
    void emptyStrata_andNothingToDo_chooseNothing() {
        assertThat(AgeStrata.choose(List.of(), 10)).isEmpty();
        assertThat(AgeStrata.choose(List.of(new Stratum(0, 0, 0)), 10)).isEmpty();
        assertThat(AgeStrata.choose(List.of(new Stratum(0, 100, 100)), 0)).isEmpty();
    }

    @Test
    void repeated_eachDoublingOfTheAgeKeepsAsMuch() {
        // 4,000 arrivals of 100 spans, room for 20,000 spans
        List<double[]> stored = new ArrayList<>(); // spans and received, oldest first
        for (int arrival = 0; arrival < 4_000; arrival++) {
            stored.add(new double[] {100, 100});
            double spans = stored.stream().mapToDouble(one -> one[0]).sum();
            if (spans > 20_000) {
                List<Stratum> strata = IntStream.range(0, stored.size())
                        .mapToObj(i -> new Stratum(i, Math.round(stored.get(i)[0]), stored.get(i)[1]))
                        .toList();
                AgeStrata.choose(strata, 2_000).forEach((number, parts) -> stored.get(number)[0] /= parts);
            }
        }

        // of those that came 60 to 120 arrivals ago, 120 to 240, and so on
        List<Double> kept = new ArrayList<>();
        for (int youngest = 60; youngest < 1_920; youngest *= 2) {
            kept.add(stored.subList(stored.size() - 2 * youngest, stored.size() - youngest).stream()
                    .mapToDouble(one -> one[0])
                    .sum());
        }
        double mean = kept.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertThat(kept).allSatisfy(one -> assertThat(one).isCloseTo(mean, within(mean / 5)));
        // the newest is untouched
        assertThat(stored.subList(stored.size() - 20, stored.size()))
                .allSatisfy(one -> assertThat(one[0]).isEqualTo(100));
    }
}
