/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TraceState;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingWeightTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @ParameterizedTest
    @CsvSource({
        "th:0, 1.0", // kept because of an error
        "th:e6666666666668, 0.1",
        "th:e6668, 0.099998",
        "th:8, 0.5",
        "'', 1.0", // nobody said
        "th:xyz, 1.0",
        "th:123456789012345, 1.0"
    })
    void threshold_isRate(String ot, double rate) {
        assertThat(SamplingWeight.of(state(ot), TRACE).rate()).isEqualTo(rate);
    }

    @Test
    void randomness_isExplicitOrTheLastBitsOfTheTraceId() {
        assertThat(SamplingWeight.randomness(state(""), TRACE)).isEqualTo(0x48eb211c80319cL);
        assertThat(SamplingWeight.randomness(state("th:0;rv:ffffffffffffff"), TRACE))
                .isEqualTo(0xffffffffffffffL);
        assertThat(SamplingWeight.of(state("rv:ffffffffffffff"), TRACE).rand()).isZero();
        assertThat(SamplingWeight.of(state("rv:00000000000000"), TRACE).rand()).isEqualTo(0.999999);
    }

    @Property(tries = 500)
    void rand_isBelowTheRate_exactlyWhenTheTraceIsKept(
            @ForAll @LongRange(max = (1L << 56) - 1) long randomness,
            @ForAll @LongRange(min = 1, max = 1_000) long permille) {
        double rate = permille / 1_000.0;
        long threshold = (long) ((1 - rate) * 0x1p56);

        boolean kept = randomness >= threshold;

        // the last bits of a double are not the threshold's: a hair's breadth apart both may be right
        if (Math.abs(randomness - threshold) > 1_000) {
            assertThat(SamplingWeight.rand(randomness) < rate).isEqualTo(kept);
        }
    }

    @Property(tries = 200)
    void sampleRand_survivesTheWayToOpenTelemetryAndBack(@ForAll @LongRange(max = 999_999) long millionth) {
        double rand = millionth / 1_000_000.0;
        String rv = SamplingWeight.randomValue(rand);

        double back = SamplingWeight.rand(Long.parseLong(rv, 16));

        assertThat(Math.abs(back - rand)).isLessThanOrEqualTo(0.000_001_1);
    }

    @Test
    void sampleRandOutOfRange_isIgnored() {
        assertThat(SamplingWeight.randomValue(1.0)).isNull();
        assertThat(SamplingWeight.randomValue(-0.1)).isNull();
        assertThat(SamplingWeight.randomValue(Double.NaN)).isNull();
    }

    private static TraceState state(String ot) {
        return ot.isEmpty()
                ? TraceState.getDefault()
                : TraceState.builder().put("ot", ot).build();
    }
}
