/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Golden vectors. Sources: OpenTelemetry specification, {@code trace/tracestate-probability-sampling.md} (table of
 * 1-in-N thresholds, "Algorithms") and {@code trace/tracestate-handling.md} ({@code th}: 1 to 14 digits, padded with
 * zeros on the right); OTEP 235; the Collector's {@code pkg/sampling}: {@code probability_test.go} (full-precision
 * values) and {@code oteltracestate_test.go} (malformed values).
 */
class ThresholdTest {
    @ParameterizedTest
    @CsvSource({
        "1, 0",
        "0.5, 8",
        "0.25, c",
        "0.125, e",
        "0.0625, f",
        "0.9375, 1",
        "0.3333333333333333, aaaaaaaaaaaaac", // probability_test.go, ExampleProbabilityToThreshold_rounding
        "0.1, e6666666666666",
        "0.01, fd70a3d70a3d71",
        "0.49999999999999994, 80000000000004", // the double before 1/2, ..._limitedprecision
        "0.24999999999999997, c0000000000002",
        "0.12499999999999999, e0000000000001",
        "1.3877787807814457e-17, ffffffffffffff", // 2^-56, the smallest there is
        "2.7755575615628914e-17, fffffffffffffe",
        "2.220446049250313e-16, fffffffffffff" // 16 * 2^-56: the trailing zero is not written
    })
    void ofProbability_givesTheSpecifiedThreshold(double probability, String th) {
        assertThat(Threshold.encode(Threshold.ofProbability(probability))).isEqualTo(th);
    }

    /** The specification's table at precision 3, 4 and 5, whose thresholds we must read as those probabilities. */
    @ParameterizedTest
    @CsvSource({
        "aab, 0.333251953125",
        "aaab, 0.3333282470703125",
        "aaaab, 0.33333301544189453",
        "ccd, 0.199951171875",
        "e66, 0.10009765625",
        "e666, 0.100006103515625",
        "e6666, 0.10000038146972656",
        "fd71, 0.0099945068359375",
        "fd70a4, 0.009999990463256836",
        "ffbe7, 0.0010004043579101562",
        "fff97247, 0.00010000006295740604",
        "ffff583a5, 1.0000003385357559e-05",
        "ffffef391, 9.999930625781417e-07"
    })
    void decode_givesTheActualProbability(String th, double probability) {
        assertThat(Threshold.probability(Threshold.decode(th))).isEqualTo(probability, within(probability * 1e-12));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 1", "8, 8", "00000000000001, 00000000000001", "abcdefabcdefab, abcdefabcdefab"})
    void encode_removesTrailingZerosOnly(String read, String written) {
        assertThat(Threshold.encode(Threshold.decode(read))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "$", "14.5", "-1", "0x1p+3", "ffffffffffffffff", "100000000000000", "zz", "1;"})
    void decode_isUnknown_whenMalformed(String th) {
        assertThat(Threshold.decode(th)).isEqualTo(Threshold.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "", "100000000000000", "ffffffffffffg0", "1234567890abc"})
    void decodeRandomness_isUnknown_whenNotExactly14Digits(String rv) {
        assertThat(Threshold.decodeRandomness(rv)).isEqualTo(Threshold.UNKNOWN);
    }

    /** Trace ids end in their randomness (W3C Trace Context level 2): the last 7 bytes. */
    @ParameterizedTest
    @CsvSource({
        "4bf92f3577b34da6a3ce929d0e0e4736, ce929d0e0e4736",
        "00000000000000000000000000000001, 00000000000001",
        "ffffffffffffffffffffffffffffffff, ffffffffffffff",
        "ffffffffffffffffff00000000000000, 00000000000000"
    })
    void randomness_isTheLast56Bits(String traceId, String randomness) {
        assertThat(Threshold.randomness(traceId)).isEqualTo(Long.parseLong(randomness, 16));
    }

    @Test
    void ofProbability_isNever_whenZeroNegativeOrNoNumber() {
        assertThat(Threshold.ofProbability(0)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(-0.1)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(Double.NaN)).isEqualTo(Threshold.NEVER);
        assertThat(Threshold.ofProbability(7)).isEqualTo(Threshold.ALWAYS);
    }
}
