/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRulesTest {
    private final KeyRules rules = new KeyRules(List.of("tenant.key"), List.of("Session.Id"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password",
                "db.password",
                "userPassword",
                "PASSWORD_HASH",
                "api_key",
                "api-key",
                "apiKey",
                "APIKey",
                "X-API-Key",
                "http.request.header.authorization",
                "Cookie",
                "access_token",
                "accessToken",
                "token",
                "sentry.dsn",
                "client_secret",
                "card.number",
                "cardNumber",
                "customer.pin",
                "JSESSIONID",
                "acme.tenant.key"
            })
    void secretKeys_areFoundBySegment(String key) {
        assertThat(rules.isSecret(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "max_tokens",
                "input_tokens",
                "ai.tokens.total",
                "gen_ai.usage.input_tokens",
                "token.type",
                "tokenizer",
                "author",
                "authored_at",
                "oauth",
                "keyboard",
                "pinned",
                "session.id",
                "password.length",
                "compass",
                "shopping",
                "project.id",
                "secretary",
                "sidebar",
                ""
            })
    void otherKeys_areKept(String key) {
        assertThat(rules.isSecret(key)).isFalse();
    }

    @Test
    void segments_splitAtPunctuationAndHumps() {
        assertThat(KeyRules.segments("X-APIKey.userPin__9")).containsExactly("x", "api", "key", "user", "pin", "9");
    }

    @Test
    void decisions_areTheSame_pastWhatIsRemembered() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(rules.isSecret("key" + i)).isFalse();
            assertThat(rules.isSecret("password." + i)).isTrue();
        }
    }
}
