/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ThresholdsTest {
    @Test
    void valueThatIsNone_isNamedAndTheDefaultUsed() {
        Map<String, String> environment = Map.of(
                "TRACEBRIDGE_SLOW_MS", "soon",
                "TRACEBRIDGE_SLOW_AI_MS", "0",
                "TRACEBRIDGE_RETRY_ATTEMPTS", "",
                "TRACEBRIDGE_SERIAL_AI_MS", " 700 ");
        List<String> said = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger("io.tracebridge.dashboard");
        log.addHandler(listener);
        Thresholds thresholds;
        try {
            thresholds = Thresholds.from(environment::get);
        } finally {
            log.removeHandler(listener);
        }

        assertThat(thresholds.slowMillis()).isEqualTo(Thresholds.DEFAULT.slowMillis());
        assertThat(thresholds.slowAiMillis()).isEqualTo(Thresholds.DEFAULT.slowAiMillis());
        assertThat(thresholds.attempts()).isEqualTo(Thresholds.DEFAULT.attempts());
        assertThat(thresholds.serialAiMillis()).isEqualTo(700);
        assertThat(said)
                .containsExactly(
                        "TRACEBRIDGE_SLOW_MS is \"soon\", must be a whole number from 1 to 999999999; 1000 is used",
                        "TRACEBRIDGE_SLOW_AI_MS is \"0\", must be a whole number from 1 to 999999999; 10000 is used");
    }
}
