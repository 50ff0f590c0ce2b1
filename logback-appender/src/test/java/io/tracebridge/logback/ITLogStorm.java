/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import io.tracebridge.Tracebridge;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * Error lines in a loop: memory stays flat, the application goes on. 5,000 of them; the full storm is
 * {@code -Dsurefire.jvmArgs=-Dtracebridge.storm.lines=100000}.
 */
class ITLogStorm extends RunningAppender {
    private static final int LINES = Integer.getInteger("tracebridge.storm.lines", 5_000);

    @Test
    void storm_leavesMemoryFlat() throws Exception {
        configure("");
        Tracebridge.start();
        Logger logger = logging.logger("com.acme.Storm");
        storm(logger, 1_000);
        long before = usedMegabytes();
        long start = System.nanoTime();

        storm(logger, LINES);

        double seconds = (System.nanoTime() - start) / 1e9;
        long after = usedMegabytes();
        System.out.printf("storm: %,.0f lines/s, heap %d MB before, %d MB after%n", LINES / seconds, before, after);
        assertThat(after - before).isLessThan(100);
    }

    private void storm(Logger logger, int lines) {
        for (int i = 0; i < lines; i++) {
            if (i % 2 == 0) {
                logger.error("storm {}", i, new IOException("x"));
            } else {
                logger.error("storm {}", i);
            }
            if (i % 100 == 0) {
                sentry.items.clear();
            }
        }
    }

    private long usedMegabytes() {
        sentry.items.clear(); // the receiver's memory is not what is measured: an event as a tree of JSON takes 300 kB
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (1 << 20);
    }
}
