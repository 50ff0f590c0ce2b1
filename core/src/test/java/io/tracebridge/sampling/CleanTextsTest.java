/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CleanTextsTest {
    private final CleanTexts clean = new CleanTexts();

    @Test
    void contains_isTrueOnlyForTheSameKeyAndText() {
        clean.add("http.route", "/orders");
        assertThat(clean.contains("http.route", new String("/orders"))).isTrue();
        assertThat(clean.contains("password", "/orders")).isFalse();
        assertThat(clean.contains("http.route", "/order")).isFalse();
    }

    @Test
    void longTexts_areNotRemembered() {
        String text = "x".repeat(65);
        clean.add("body", text);
        assertThat(clean.contains("body", text)).isFalse();
    }

    @Test
    void newcomers_replaceOldOnes_whateverTheirNumber() {
        for (int i = 0; i < 100_000; i++) {
            clean.add("id", "value " + i);
            assertThat(clean.contains("id", "value " + i)).isTrue();
        }
        assertThat(java.util.stream.IntStream.range(0, 100_000)
                        .filter(i -> clean.contains("id", "value " + i))
                        .count())
                .isLessThanOrEqualTo(1_024);
    }
}
