/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Percentiles: nearest rank, weights, and the error of the histogram. */
class DurationsTest {
    @Test
    void percentile_isNearestRank() {
        Durations durations = new Durations();
        for (int i = 100; i >= 1; i--) {
            durations.add(i * 1_000, 1);
        }
        assertThat(durations.percentile(0.95)).isEqualTo(95_000);
        assertThat(durations.percentile(0.50)).isEqualTo(50_000);
        assertThat(durations.percentile(1)).isEqualTo(100_000);
    }

    @Test
    void fewSamples_giveTheLargest() {
        Durations durations = new Durations();
        for (int value : new int[] {3, 9, 1, 4, 70, 5, 2}) {
            durations.add(value, 1);
        }
        assertThat(durations.percentile(0.95)).isEqualTo(70);
        assertThat(durations.samples()).isEqualTo(7);
        assertThat(durations.exact()).isTrue();
    }

    @Test
    void equalWeights_doNotMoveARank() {
        Durations durations = new Durations();
        for (int i = 1; i <= 100; i++) {
            durations.add(i, 10.000000001);
        }
        assertThat(durations.percentile(0.95)).isEqualTo(95);
        Durations tenths = new Durations();
        for (int i = 1; i <= 10; i++) {
            tenths.add(i, 0.1);
        }
        assertThat(tenths.percentile(0.3)).isEqualTo(3);
    }

    @Test
    void weights_decide_andUnknownOnesOnlyCountAsSeen() {
        Durations durations = new Durations();
        durations.add(10, 10);
        durations.add(500, 1);
        durations.add(900, 0);
        assertThat(durations.percentile(0.9)).isEqualTo(10);
        assertThat(durations.percentile(0.95)).isEqualTo(500);
        assertThat(durations.samples()).isEqualTo(3);
        assertThat(durations.max()).isEqualTo(900);
        assertThat(durations.shareUpTo(10)).isEqualTo(10 / 11.0);
    }

    @Test
    void aMillionSamples_stayUnderOnePercent_andMinutesMergeToTheWhole() {
        Random random = new Random(1);
        int n = 1_000_000;
        long[] all = new long[n];
        Durations whole = new Durations();
        Durations[] minutes = new Durations[60];
        Arrays.setAll(minutes, i -> new Durations());
        for (int i = 0; i < n; i++) {
            all[i] = Math.round(Math.exp(10 + random.nextGaussian()));
            whole.add(all[i], 1);
            minutes[i % 60].add(all[i], 1);
        }
        Durations merged = new Durations();
        for (Durations minute : minutes) {
            merged.addAll(minute);
        }
        Arrays.sort(all);
        for (double q : new double[] {0.5, 0.95, 0.99}) {
            double exact = all[(int) Math.ceil(q * n) - 1];
            assertThat(whole.percentile(q) / exact).isCloseTo(1, within(0.01));
            assertThat(merged.percentile(q)).isEqualTo(whole.percentile(q));
        }
        assertThat(merged.samples()).isEqualTo(n);
        assertThat(merged.exact()).isFalse();
        assertThat(whole.footprintBytes()).isLessThan(40_000);
    }

    @Test
    void exactSamples_mergeExactly() {
        Durations left = new Durations();
        Durations right = new Durations();
        for (int i = 1; i <= 50; i++) {
            left.add(i, 1);
            right.add(50 + i, 1);
        }
        left.addAll(right);
        assertThat(left.exact()).isTrue();
        assertThat(left.percentile(0.95)).isEqualTo(95);
    }
}
