/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RuleScrubberPropertyTest {
    private static final List<String> CANARIES = List.of(
            "jane.canary@example.com",
            "sk-proj-CANARY0123456789abcd",
            "ghp_CANARY0123456789abcdefghij",
            "eyJhbGciOiJI.eyJDQU5BUlkiOjF9.c2lnbmF0dXJl",
            "4111111111111111",
            "AKIACANARY1234567890",
            "DE89370400440532013000");

    private final RuleScrubber scrubber = RuleScrubber.create();

    @Property(tries = 2_000)
    void scrubbing_isIdempotent(@ForAll("texts") String text) {
        String once = scrubber.text(text);
        assertThat(scrubber.text(once)).isEqualTo(once);
    }

    @Property(tries = 2_000)
    void canary_neverSurvives_betweenAnyWords(
            @ForAll("canaries") String canary, @ForAll("words") String before, @ForAll("words") String after) {
        assertThat(scrubber.text(before + " " + canary + " " + after)).doesNotContain(canary);
        assertThat(scrubber.text("{\"" + before + "\":\"" + canary + "\"}")).doesNotContain(canary);
    }

    @Property(tries = 1_000)
    void anyText_isReturnedWithoutThrowing(@ForAll String text) {
        assertThat(scrubber.text(text)).isNotNull();
    }

    @Provide
    Arbitrary<String> canaries() {
        return Arbitraries.of(CANARIES);
    }

    @Provide
    Arbitrary<String> words() {
        return Arbitraries.strings().withCharRange('a', 'z').ofMaxLength(8);
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "jane@example.com",
                "password",
                "=",
                ":",
                "\"",
                "\\\"",
                " ",
                "Bearer ",
                "abc123def456",
                "://",
                "@",
                "?sig=",
                "sk-proj-AbCdEf0123456789",
                "[redacted:email]",
                "[redacted:",
                "]",
                "VALUES (",
                ")",
                "'x'",
                ",",
                "4111111111111111",
                "eyJhbGciOiJI.eyJzdWIiOjF9",
                "%40",
                "%3D",
                "token",
                "\n",
                "-----BEGIN PRIVATE KEY-----",
                "cookie",
                "a",
                "Basic ",
                "dXNlcjpwYXNz");
        return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
    }
}
