/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleScrubberTest {
    private static final String JWT =
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P";
    private final RuleScrubber scrubber = RuleScrubber.create();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mail jane.doe+x@example.com now | jane.doe | email",
                "to=jane%40example.com&x=1 | jane%40 | email",
                "jäne@exämple.de wrote | jäne | email",
                "call with Bearer abc123def456 failed | abc123def456 | bearer-token",
                "Basic dXNlcjpwYXNz rejected | dXNlcjpwYXNz | basic-auth",
                "key sk-proj-AbCdEf0123456789xyz is invalid | AbCdEf0123456789 | api-key",
                "gsk_abcdefghij0123456789 | gsk_abc | api-key",
                "hf_abcdefghij0123456789 | hf_abc | api-key",
                "x AIzaSyA1234567890abcdefghijklmnopqrstuvw y | AIzaSy | api-key",
                "clone ghp_abcdefghijklmnopqrst0123456789 | ghp_ | github-token",
                "glpat-abcdefghij0123456789 | glpat | gitlab-token",
                "xoxb-1234567890-abcdef | xoxb | slack-token",
                "user AKIAIOSFODNN7EXAMPLE denied | AKIAIOSF | aws-key",
                "postgres://app:hunter2@db.internal/x | hunter2 | userinfo",
                "https://0123456789abcdef0123456789abcdef@o1.ingest.example/4 | 0123456789abcdef | userinfo",
                "card 4111 1111 1111 1111 declined | 4111 | card",
                "card 5555-5555-5555-4444 | 5555-5555 | card",
                "378282246310005 | 378282 | card",
                "iban DE89 3704 0044 0532 0130 00 | DE89 | iban",
                "GB82WEST12345698765432 | GB82 | iban",
                "ssn 078-05-1120 | 078-05 | ssn",
                "GET /f?sig=a1b2c3&x=1 | a1b2c3 | secret",
                "GET /cb?code=zzz111 | zzz111 | secret",
                "password=hunter2, retry | hunter2 | password",
                "{\"apiKey\": \"abc def\"} | abc def | secret",
                "{\\\"password\\\":\\\"p w\\\"} | p w | password",
                "password%3Dhunter2 | hunter2 | password",
                "Authorization: Digest user u1 r2 | Digest user | secret",
                "insert INTO t VALUES ( 7, 'Jane (x)', 'y'); done | Jane | sql-values"
            })
    void secret_isReplacedByItsClass(String text, String secret, String secretClass) {
        assertThat(scrubber.text(text)).doesNotContain(secret).contains("[redacted:" + secretClass + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0af7651916cd43dd8448eb211c80319c",
                "00f067aa0ba902b7",
                "550e8400-e29b-41d4-a716-446655440000",
                "1765000000123",
                "1765000000123456",
                "1765000000123456789",
                "2026-11-22T13:53:16.276Z",
                "1.65.0-alpha",
                "max_tokens=4096",
                "author: Jane",
                "tokenizer=cl100k",
                "price 1,234,567.89",
                "192.168.1.17",
                "order 4111111111111112",
                "Basic validation failed",
                "bearer of bad news",
                "VALUES (?, ?, $1)",
                "at com.example.Foo.bar(Foo.java:42)",
                "GET /orders/{id}?page=2",
                "user 123-45-678",
                "{\"total_tokens\":12,\"type\":\"token\"}",
                "SELECT * FROM t WHERE id = ?",
                "a@b",
                "x @ y",
                "50%",
                "http://localhost:4318/v1/traces",
                "jdbc:h2:mem:scenes",
                "/very/long/path/to/some/File1.java",
                "Unrecognized token 'abc': was expecting 'null'"
            })
    void ordinaryText_survives(String text) {
        assertThat(scrubber.text(text)).isSameAs(text);
    }

    @Test
    void jwt_isReplaced_alsoInsideJson() {
        assertThat(scrubber.text("{\"x\":\"" + JWT + "\"}")).isEqualTo("{\"x\":\"[redacted:jwt]\"}");
    }

    @Test
    void privateKey_isReplaced_alsoWhenItsEndWasCutOff() {
        String key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n";
        assertThat(scrubber.text("a " + key + "-----END RSA PRIVATE KEY----- b"))
                .isEqualTo("a [redacted:private-key] b");
        assertThat(scrubber.text("a " + key)).isEqualTo("a [redacted:private-key]");
        assertThat(scrubber.text("-----BEGIN CERTIFICATE-----\nMIIB")).contains("MIIB");
    }

    @Test
    void base64_becomesItsLength() {
        String base64 = "iVBORw0KGgo1".repeat(100);
        assertThat(scrubber.text("data:image/png;base64," + base64))
                .isEqualTo("data:image/png;base64,[base64 900 bytes]");
    }

    @Test
    void secretSplitByTheCut_isGoneBeforeTheCut() {
        String text = "x".repeat(95) + " " + JWT;
        assertThat(scrubber.text(text, 110)).doesNotContain("eyJ").hasSizeLessThanOrEqualTo(110);
    }

    @Test
    void cut_neverSplitsASurrogatePair() {
        assertThat(Scrubber.cut("ab\uD83D\uDE00", 3)).isEqualTo("ab");
        assertThat(Scrubber.cut("ab\uD83D\uDE00", 4)).isEqualTo("ab\uD83D\uDE00");
        assertThat(Scrubber.cut("abc", 0)).isEmpty();
    }

    @Test
    void hugeText_isBoundedAndSaysSo() {
        String scrubbed = scrubber.text("word ".repeat(2_000_000));
        assertThat(scrubbed).hasSizeLessThanOrEqualTo(RuleScrubber.MAX_TEXT).endsWith(" characters]");
        assertThat(scrubber.text(scrubbed)).isEqualTo(scrubbed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a@",
                "@",
                "eyJ",
                "-eyJ",
                "eyJaaaaaaaa.",
                "1",
                "1 ",
                " ",
                "sk-",
                "-----BEGIN ",
                "VALUES (",
                "://",
                "://a@",
                "password=",
                "\"",
                "\\",
                ":",
                "=",
                "bearer ",
                "%40",
                "4111 ",
                "DE89 ",
                "-ghp_",
                "[redacted:"
            })
    void hostileRepetition_isLinear(String unit) {
        String text = unit.repeat(1 + 1_000_000 / unit.length());
        // not a benchmark: quadratic search over 64 kB would take minutes
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> scrubber.text(text));
    }

    @Test
    void secretKey_hidesAnyKindOfValue() {
        assertThat(scrubber.value("db.password", "x")).isEqualTo("[redacted:secret]");
        assertThat(scrubber.value("pin", 1234)).isEqualTo("[redacted:secret]");
        assertThat(scrubber.value("cookie", List.of("a=b", "c=d"))).isEqualTo("[redacted:secret]");
    }

    @Test
    void values_areScrubbedInsideListsMapsAndArrays() {
        Map<String, Object> map = new HashMap<>();
        map.put("password", "x");
        map.put("to", List.of("jane@example.com", 7));
        map.put("none", null);
        assertThat(scrubber.value("request", map))
                .isEqualTo(Map.of("password", "[redacted:secret]", "to", List.of("[redacted:email]", 7)));
        assertThat(scrubber.value("mails", new String[] {"jane@example.com"})).isEqualTo(List.of("[redacted:email]"));
        assertThat(scrubber.value("blob", new byte[12])).isEqualTo("[12 bytes]");
        assertThat(scrubber.value("numbers", new long[] {1, 2})).isEqualTo(List.of(1L, 2L));
    }

    @Test
    void value_keepsTypesAndNull() {
        assertThat(scrubber.value("n", 4_111_111_111_111_111L)).isEqualTo(4_111_111_111_111_111L);
        assertThat(scrubber.value("flag", true)).isEqualTo(true);
        assertThat(scrubber.value("nothing", null)).isNull();
        String clean = "clean";
        assertThat(scrubber.value("text", clean)).isSameAs(clean);
    }

    @Test
    void cyclicValue_ends() {
        Map<String, Object> cyclic = new HashMap<>();
        cyclic.put("self", cyclic);
        cyclic.put("mail", "jane@example.com");
        assertThat(String.valueOf(scrubber.value("x", cyclic))).doesNotContain("jane");
    }

    @Test
    void throwingToString_neverReachesTheCaller() {
        Object hostile = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };
        assertThat(scrubber.value("x", hostile)).isEqualTo("[redacted:error]");
        assertThat(scrubber.value("password", hostile)).isEqualTo("[redacted:error]");
    }

    @Test
    void loneSurrogates_pass() {
        assertThat(scrubber.text("a\uD83D b")).isEqualTo("a\uD83D b");
    }

    @Test
    void throwingRule_hidesTheText() {
        RuleScrubber broken = RuleScrubber.builder()
                .rule(text -> {
                    throw new IllegalStateException("rule");
                })
                .build();
        assertThat(broken.text("anything")).isEqualTo("[redacted:error]");
    }

    @Test
    void ownKeysPatternsAndExceptions_areHonoured() {
        RuleScrubber own = RuleScrubber.builder()
                .secretKeys(List.of("badge"))
                .allowedKeys(List.of("sid"))
                .pattern("employee", Pattern.compile("E-\\d{5}"))
                .build();
        assertThat(own.value("user.badge", "7")).isEqualTo("[redacted:secret]");
        assertThat(own.value("SID", "visible")).isEqualTo("visible");
        assertThat(own.text("by E-12345")).isEqualTo("by [redacted:employee]");
    }

    @Test
    void hashKey_joinsEqualSecretsWithoutShowingThem() {
        RuleScrubber hashing = RuleScrubber.builder()
                .hashKey("0123456789abcdef".getBytes(StandardCharsets.UTF_8))
                .build();
        String jane = hashing.text("jane@example.com");
        assertThat(jane).matches("\\[redacted:email:[0-9a-f]{12}]");
        assertThat(hashing.text("x jane@example.com")).isEqualTo("x " + jane);
        assertThat(hashing.text("joe@example.com")).isNotEqualTo(jane);
        assertThat(hashing.text(jane)).isEqualTo(jane);
    }

    @Test
    void shortHashKey_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RuleScrubber.builder().hashKey(new byte[8]))
                .withMessage("hashKey: 8 bytes, must be at least 16");
    }

    @Test
    void charArray_isTreatedAsAPassword() {
        assertThat(scrubber.value("x", "hunter2".toCharArray())).isEqualTo("[redacted:secret]");
        assertThat(Arrays.asList(scrubber.value("list", new Object[] {"a", null})))
                .containsExactly(List.of("a"));
    }
}
