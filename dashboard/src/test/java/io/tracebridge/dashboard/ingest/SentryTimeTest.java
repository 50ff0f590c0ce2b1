/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.junit.jupiter.api.Test;

class SentryTimeTest {
    private static final long NOW = 1_767_225_600_000_000_000L;

    @Test
    void clockAnHourAhead_isTakenOff() {
        SentryTime time = SentryTime.of(seconds(1_767_225_600 + 3_600), NOW);

        assertThat(time.corrected(seconds(1_767_225_600 + 3_590))).isEqualTo(NOW - 10_000_000_000L);
    }

    @Test
    void timeAndClockCenturiesApart_areNow() {
        SentryTime time = SentryTime.of(seconds(0), NOW);

        assertThat(time.corrected(seconds(9.1e9))).isEqualTo(NOW);
    }

    private static JsonNode seconds(double seconds) {
        return JsonNodeFactory.instance.numberNode(seconds);
    }
}
