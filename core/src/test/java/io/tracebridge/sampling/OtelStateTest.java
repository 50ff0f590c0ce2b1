/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.TraceState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtelStateTest {
    private static final long TENTH = Threshold.ofProbability(0.1);

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "none, th:e6666666666666",
                "th:8, th:e6666666666666",
                "rv:abcdefabcdefab, th:e6666666666666;rv:abcdefabcdefab",
                "a:b;rv:abcdefabcdefab;th:3;c:d, th:e6666666666666;a:b;rv:abcdefabcdefab;c:d",
                "other:th;x:, th:e6666666666666;other:th;x:"
            })
    void withThreshold_keepsEverythingElse(String old, String merged) {
        TraceState state = state(old).toBuilder().put("vendor", "v1").build();
        TraceState changed = OtelState.withThreshold(state, TENTH);
        assertThat(changed.get("ot")).isEqualTo(merged);
        assertThat(changed.get("vendor")).isEqualTo("v1");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"none, none", "th:8, none", "th:8;rv:abcdefabcdefab, rv:abcdefabcdefab", "a:b;th:3;c:d, a:b;c:d"})
    void withoutThreshold_keepsEverythingElse(String old, String erased) {
        TraceState changed = OtelState.withThreshold(state(old), Threshold.UNKNOWN);
        assertThat(changed.get("ot")).isEqualTo(erased);
    }

    @Test
    void withThreshold_dropsTheTailOnly_whenTheMemberWouldBeTooLong() {
        String old = "rv:abcdefabcdefab;x:" + "y".repeat(230);
        TraceState changed = OtelState.withThreshold(state(old), TENTH);
        assertThat(changed.get("ot")).isEqualTo("th:e6666666666666;rv:abcdefabcdefab");
    }

    @Test
    void randomness_prefersTheExplicitOne_whenItIsValid() {
        String traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
        assertThat(OtelState.randomness(state("th:0;rv:00000000000007"), traceId))
                .isEqualTo(7);
        assertThat(OtelState.randomness(state("rv:7"), traceId)).isEqualTo(0xce929d0e0e4736L);
        assertThat(OtelState.randomness(TraceState.getDefault(), traceId)).isEqualTo(0xce929d0e0e4736L);
    }

    @Test
    void threshold_isReadWhereverItStands() {
        assertThat(OtelState.threshold(state("a:b;th:c"))).isEqualTo(Threshold.ofProbability(0.25));
        assertThat(OtelState.threshold(state("ath:c"))).isEqualTo(Threshold.UNKNOWN);
        assertThat(OtelState.threshold(state("th:xyz"))).isEqualTo(Threshold.UNKNOWN);
    }

    private static TraceState state(String ot) {
        return ot == null
                ? TraceState.getDefault()
                : TraceState.builder().put("ot", ot).build();
    }
}
