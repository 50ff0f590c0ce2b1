/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.query.Chance.Counts;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** What is called chance, and how often nothing is called something: on generated calls, of which the truth is known. */
class ChanceTest {
    private static final int ROUNDS = 20_000;
    private static final int SLICES = 12;

    private final Random random = new Random(3);

    @Test
    void of_isNearTheExactTest_whenCallsAreIndependent() {
        // 10 of 100 failed, then 2: Fisher's exact test says 0.0332; the t distribution of few slices makes it more
        double chance = chance(evenly(10, 100, 20), evenly(2, 100, 20));
        assertThat(chance).isBetween(0.033, 0.05);
        // 60 and 20 of 400: 3e-6
        assertThat(chance(evenly(60, 400, 20), evenly(20, 400, 20))).isBetween(3e-6, 1e-4);
        assertThat(chance(evenly(7, 100, 20), evenly(7, 100, 20))).isEqualTo(1);
        assertThat(chance(evenly(0, 100, 20), evenly(0, 100, 20))).isEqualTo(1);
    }

    @Test
    void oneFailureAmongFewCalls_isNoProof_whateverTheOtherTimeHad() {
        // the normal approximation would say 1e-20
        assertThat(chance(evenly(0, 10_000, 12), evenly(1, 100, 12))).isBetween(0.009, 0.1);
    }

    @Test
    void callsInTooFewSlices_areNotJudged() {
        assertThat(Chance.of(evenly(0, 50, 2), evenly(40, 50, 12), 1)).isNull();
        assertThat(Chance.of(evenly(0, 50, 12), evenly(40, 50, 1), 1)).isNull();
    }

    @Test
    void failuresOfOneMoment_areWeakerThanTheSameSpreadOut() {
        double[] burst = new double[SLICES];
        burst[4] = 30;
        double[] all = evenly(0, 600, SLICES).all();
        double spreadOut = chance(evenly(0, 600, SLICES), evenly(30, 600, SLICES));
        double together = chance(evenly(0, 600, SLICES), new Counts(burst, all));
        assertThat(spreadOut).isLessThan(1e-5);
        assertThat(together).isGreaterThan(0.05);
    }

    @Test
    void whenNothingChanged_fewAreCalledAChange() {
        // a limit of 1 %: three standard errors of 20,000 rounds are 0.2 %
        double most = 0.012;
        assertThat(falseShare((share, unused) -> independent(20, share))).isLessThan(most);
        assertThat(falseShare((share, unused) -> independent(2, share))).isLessThan(most);
        assertThat(falseShare((share, second) -> independent(second ? 60 : 2, share)))
                .isLessThan(most);
        assertThat(falseShare((share, unused) -> bunches(share))).isBetween(0.002, most);
        assertThat(falseShare((share, unused) -> moments(share))).isBetween(0.002, most);
        assertThat(falseShare((share, unused) -> sampled(share))).isBetween(0.002, most);
    }

    @Test
    void whenTheShareMoreThanDoubles_itIsFoundMostly() {
        int found = 0;
        for (int i = 0; i < 500; i++) {
            found += chance(independent(100, 0.05), independent(100, 0.12)) < 0.001 ? 1 : 0;
        }
        assertThat(found).isGreaterThan(450);
    }

    @Test
    void told_isNothing_whenSmallChancesAreAsFrequentAsChanceMakesThem() {
        double[] chances = new double[200];
        for (int i = 0; i < 200; i++) {
            chances[i] = (i + 1) / 201.0;
        }
        assertThat(Chance.told(chances, 0.01)).isEqualTo(-1);
        chances[7] = 0.00001;
        assertThat(Chance.told(chances, 0.01)).isEqualTo(0.00001);
        assertThat(Chance.told(new double[0], 0.01)).isEqualTo(-1);
    }

    private static double chance(Counts before, Counts now) {
        Double chance = Chance.of(before, now, 1);
        assertThat(chance).isNotNull().isBetween(0.0, 1.0);
        return chance;
    }

    private double falseShare(BiFunction<Double, Boolean, Counts> time) {
        int wrong = 0;
        for (int i = 0; i < ROUNDS; i++) {
            double share = i % 2 == 0 ? 0.05 : 0.5;
            Counts before = time.apply(share, false);
            Counts now = time.apply(share, true);
            double least = Math.min(least(before), least(now));
            Double chance = Chance.of(before, now, least);
            wrong += chance != null && chance < 0.01 ? 1 : 0;
        }
        return wrong / (double) ROUNDS;
    }

    /** A weight of sampled calls is ten, of all others one. */
    private static double least(Counts counts) {
        double least = 10;
        for (int i = 0; i < counts.all().length; i++) {
            least = counts.all()[i] % 10 == 0 ? least : 1;
        }
        return least;
    }

    private static Counts evenly(double hits, double calls, int slices) {
        double[] some = new double[slices];
        double[] all = new double[slices];
        for (int i = 0; i < calls; i++) {
            all[i % slices]++;
        }
        for (int i = 0; i < hits; i++) {
            some[i * 7 % slices]++;
        }
        return new Counts(some, all);
    }

    private Counts independent(double perSlice, double share) {
        return generated(slice -> {
            int calls = poisson(perSlice);
            int hits = 0;
            for (int i = 0; i < calls; i++) {
                hits += random.nextDouble() < share ? 1 : 0;
            }
            return new double[] {hits, calls};
        });
    }

    /** Twelve calls of a request that are all long or all short. */
    private Counts bunches(double share) {
        return generated(slice -> {
            double[] requests = new double[2];
            for (int i = poisson(8); i > 0; i--) {
                requests[0] += random.nextDouble() < share ? 12 : 0;
                requests[1] += 12;
            }
            return requests;
        });
    }

    /** Some moments are worse for all calls. */
    private Counts moments(double share) {
        return generated(slice -> {
            double now = share * Math.exp(0.5 * random.nextGaussian() - 0.125);
            int calls = poisson(30);
            int hits = 0;
            for (int i = 0; i < calls; i++) {
                hits += random.nextDouble() < now ? 1 : 0;
            }
            return new double[] {hits, calls};
        });
    }

    /** What hit is always kept; of the rest one in ten, which stands for ten. */
    private Counts sampled(double share) {
        return generated(slice -> {
            double[] kept = new double[2];
            for (int i = poisson(60); i > 0; i--) {
                boolean hit = random.nextDouble() < share;
                if (hit) {
                    kept[0]++;
                    kept[1]++;
                } else if (random.nextDouble() < 0.1) {
                    kept[1] += 10;
                }
            }
            return kept;
        });
    }

    private interface Slice {
        double[] hitsAndAll(int slice);
    }

    private static Counts generated(Slice slice) {
        double[] hits = new double[SLICES];
        double[] all = new double[SLICES];
        for (int i = 0; i < SLICES; i++) {
            double[] one = slice.hitsAndAll(i);
            hits[i] = one[0];
            all[i] = one[1];
        }
        return new Counts(hits, all);
    }

    private int poisson(double mean) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
