/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.delivery.Transmission.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    /** Near overflow: only differences of nanoTime may be compared. */
    private static final long NOW = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(10);

    private static final Instant WALL = Instant.parse("2026-11-24T12:00:00Z");

    private final Gate gate = new Gate(Pauses.defaults(), () -> WALL, () -> 1.0);

    @Test
    void backOff_doublesToItsLongest_andStartsAgainAfterSuccess() {
        long[] millis = new long[7];
        long later = NOW;
        for (int i = 0; i < millis.length; i++) {
            gate.failed(null, later);
            millis[i] = TimeUnit.NANOSECONDS.toMillis(gate.nanosUntilChange(later));
            later += TimeUnit.SECONDS.toNanos(16);
        }
        assertThat(millis).containsExactly(500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000);

        gate.succeeded();
        gate.failed(null, later);
        assertThat(gate.nanosUntilChange(later)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void backOff_isJittered_downToHalf() {
        Gate lucky = new Gate(Pauses.defaults(), () -> WALL, () -> 0.0);
        lucky.failed(null, NOW);
        assertThat(lucky.nanosUntilChange(NOW)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(250));
    }

    @Test
    void backOff_isBounded_afterAThousandFailures() {
        long now = NOW;
        for (int i = 0; i < 1_000; i++) {
            now += TimeUnit.SECONDS.toNanos(16);
            gate.failed(null, now);
        }
        assertThat(gate.nanosUntilChange(now)).isEqualTo(TimeUnit.SECONDS.toNanos(15));
    }

    @Test
    void backOff_countsOneOutageOnce_whenSeveralAttemptsMetIt() {
        for (int i = 0; i < 4; i++) {
            gate.failed(null, NOW + i);
        }
        assertThat(gate.nanosUntilChange(NOW)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(500));
    }

    @Test
    void retryAfter_isKept_whenLongerThanTheBackOff() {
        gate.failed("30", NOW);
        assertThat(gate.open("error", after(29))).isFalse();
        assertThat(gate.open("error", after(31))).isTrue();
    }

    @Test
    void silent429_closesAll_forAMinute() {
        gate.limited(new Answer(429, null, null), NOW);
        assertThat(gate.open("error", after(59))).isFalse();
        assertThat(gate.open("error", after(60))).isTrue();
    }

    @Test
    void retryAfter_closesAll_when429NamesNoCategory() {
        gate.limited(new Answer(429, "Tue, 24 Nov 2026 12:00:20 GMT", null), NOW);
        assertThat(gate.open("transaction", after(19))).isFalse();
        assertThat(gate.open("transaction", after(20))).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60:transaction:key                         | transaction | error",
                "60:transaction;error:organization          | error       | attachment",
                "0:error:key, 60:error:organization:quota:x | error       | transaction",
                "bad:error:key                              | error       | transaction",
                "60:error                                   | error       | transaction"
            })
    void rateLimits_closeTheirCategoriesOnly(String header, String closed, String open) {
        Answer answer = new Answer(429, "10", header);
        gate.noteLimits(header, NOW);
        gate.limited(answer, NOW);

        assertThat(gate.open(closed, after(59))).isFalse();
        assertThat(gate.open(closed, after(60))).isTrue();
        assertThat(gate.open(open, NOW)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"60::organization", "60", "2700:"})
    void rateLimits_closeAll_whenTheyNameNoCategory(String header) {
        gate.noteLimits(header, NOW);
        assertThat(gate.open("anything", after(59))).isFalse();
    }

    @Test
    void limits_areBounded_whateverTheServerSays() {
        StringBuilder header = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            header.append("60:c").append(i).append(":key,");
        }
        gate.noteLimits(header.toString(), NOW);
        assertThat(gate.open("c9999", NOW)).isTrue();
        assertThat(gate.open("c1", NOW)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "30, 30000",
        "1.5, 1500",
        "-5, 0",
        "1e300, 86400000",
        "'Tue, 24 Nov 2026 12:01:00 GMT', 60000",
        "'Tue, 24 Nov 2026 11:00:00 GMT', 0",
        "'Fri, 01 Jan 2100 00:00:00 GMT', 86400000"
    })
    void retryAfter_isSecondsOrADate_andADayAtMost(String header, long millis) {
        assertThat(RetryAfter.parse(header, WALL)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @CsvSource({"soon", "''", "NaN", "'Tue, 99 Nov 2026 12:01:00 GMT'"})
    void retryAfter_isNull_whenUnreadable(String header) {
        assertThat(RetryAfter.parse(header, WALL)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "200, DELIVERED",
        "202, DELIVERED",
        "204, DELIVERED",
        "301, REFUSED",
        "308, REFUSED",
        "400, REJECTED",
        "401, REFUSED",
        "403, REFUSED",
        "404, REJECTED",
        "408, AGAIN",
        "413, REJECTED",
        "425, AGAIN",
        "429, LIMITED",
        "500, AGAIN",
        "503, AGAIN",
        "599, AGAIN",
        "0, AGAIN",
        "700, AGAIN"
    })
    void verdict_followsTheStatus(int status, Verdict verdict) {
        assertThat(Verdict.of(status)).isEqualTo(verdict);
    }

    private static long after(long seconds) {
        return NOW + TimeUnit.SECONDS.toNanos(seconds);
    }
}
