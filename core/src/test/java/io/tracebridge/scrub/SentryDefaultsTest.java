/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SentryDefaultsTest {
    @ParameterizedTest
    @CsvSource({
        "ai.tokens.total, true",
        "author, true",
        "oauth.provider, true",
        "api-key.age, true",
        "otp, true",
        "otp.length, false",
        "gen_ai.usage.input_tokens, false",
        "project.id, false",
        "ai.model, false"
    })
    void key_isForetoldAsTheServerTreatsIt(String key, boolean destroyed) {
        assertThat(SentryDefaults.destroys(key)).isEqualTo(destroyed);
    }
}
