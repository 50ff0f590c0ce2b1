/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest.grouping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageParametersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "User 42 not found | User <int> not found",
                "request 51f35191 | request <hex>",
                "took 1.5 s, 20ms and 3.25 | took <float> s, <duration> and <float>",
                "mail to a.b@example.com failed | mail to <email> failed",
                "GET https://api.acme.com/x?y=1 failed | GET <url> failed",
                "no route to 10.0.0.1:8080 | no route to <ip>",
                "id 9ec79c33-ec99-42ab-8353-589fcb2e04dc gone | id <uuid> gone",
                "hash d41d8cd98f00b204e9800998ecf8427e | hash <md5>",
                "sha da39a3ee5e6b4b0d3255bfef95601890afd80709 | sha <sha1>",
                "at 2026-11-24T20:26:39Z | at <date>",
                "key=\"a value\" ok=true | key=<quoted> ok=<bool>",
                "/scenes/42/images missing | /scenes/<int>/images missing",
                "pointer 0xdeadBEEF | pointer <hex>",
                "order ORD-12345 | order ORD-<int>",
                "utf8 and http2 stay | utf8 and http2 stay",
            })
    void replaced_namesWhatVaries(String message, String expected) {
        assertThat(MessageParameters.replaced(message)).isEqualTo(expected);
    }

    @Test
    void replaced_looksAtTheFirstTwoLinesThatAreNotBlank() {
        assertThat(MessageParameters.replaced("\n\n first 1 \n\n second 2\nthird 3"))
                .isEqualTo("first <int>\nsecond <int>");
    }

    /** Patterns of the kind that make back-tracking engines run for hours. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "1", "1.", "a@", "a.", "::", "=\"", "='", "-", "0x", "//", "%3", "a1-", " 1"})
    void replaced_staysLinear_whateverIsRepeated(String piece) {
        String text = piece.repeat(4 * 1024 * 1024 / piece.length());
        // not a benchmark: what is not linear takes hours
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> MessageParameters.replaced(text));
    }

    @Property(tries = 300)
    void replaced_neverThrows(@ForAll String text) {
        assertThat(MessageParameters.replaced(text)).isNotNull();
    }
}
