/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPatternsTest {
    @ParameterizedTest
    @CsvSource({
        "user, user, true", "user, USER, true", "user, userId, false", "user*, userId, true", "*Id, userId, true",
        "u*r*d, userId, true", "*, anything, true", "a*b, ab, true", "a*b, abc, false", "a**b, axb, true"
    })
    void pattern_matchesWholeNames(String pattern, String key, boolean expected) {
        KeyPatterns patterns = new KeyPatterns();
        patterns.add(pattern);

        assertThat(patterns.matches(key)).isEqualTo(expected);
    }

    @Test
    void names_areSeparatedByCommas() {
        KeyPatterns patterns = new KeyPatterns();
        patterns.add(" a , ,b*");

        assertThat(patterns.matches("a")).isTrue();
        assertThat(patterns.matches("bc")).isTrue();
        assertThat(patterns.matches("")).isFalse();
        assertThat(new KeyPatterns().matches("a")).isFalse();
    }

    @Test
    void manyStars_stayLinear() {
        KeyPatterns patterns = new KeyPatterns();
        patterns.add("*a".repeat(200) + "b");

        long start = System.nanoTime();
        assertThat(patterns.matches("a".repeat(20_000))).isFalse();
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }
}
