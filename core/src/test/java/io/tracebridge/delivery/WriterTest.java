/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WriterTest {
    private final Writer writer = new Writer(1_000);

    @Test
    void task_isDone_whileTheDiskTakesItsTimeToSync() throws Exception {
        CountDownLatch syncing = new CountDownLatch(1);
        CountDownLatch synced = new CountDownLatch(1);
        CountDownLatch tidied = new CountDownLatch(1);
        writer.watch(new Writer.Target() {
            @Override
            public void sync() {
                syncing.countDown();
                awaitQuietly(synced);
            }

            @Override
            public void tidy() {
                tidied.countDown();
            }
        });
        DaemonThreads.start("writer", writer);
        DaemonThreads.start("sync", writer::keepSynced);
        assertThat(syncing.await(10, TimeUnit.SECONDS)).isTrue();

        CountDownLatch done = new CountDownLatch(1);
        assertThat(writer.submit(done::countDown, 1)).isTrue();

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(tidied.await(10, TimeUnit.SECONDS)).isTrue();
        synced.countDown();
        writer.stop();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
