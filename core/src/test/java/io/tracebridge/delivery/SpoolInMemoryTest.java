/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tracebridge.metrics.DropReason;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Payloads for which there is no folder. */
class SpoolInMemoryTest {
    private final Fixture fixture = new Fixture();
    private FakeIngest ingest;

    @BeforeEach
    void start() throws IOException {
        ingest = new FakeIngest();
        ingest.answers(ingest.status(503));
    }

    @AfterEach
    void stop() throws IOException {
        ingest.close();
    }

    @Test
    void memoryIsBounded_whenThereIsNoFolderAtAll() {
        try (Delivery nowhere = fixture.delivery(null)) {
            Outbox outbox = nowhere.outbox(fixture.to(ingest));
            for (int i = 0; i < 200; i++) {
                outbox.offerDurably(Fixture.payload("error", "e" + i, 4_000));
            }
            assertThat(nowhere.state().get(0).pendingBytes()).isLessThanOrEqualTo(Fixture.BOUNDS.memory());
            long dropped = fixture.accounting.drops(DropReason.SPOOL_FULL);
            ingest.answers(ingest.taken());
            await().until(() -> ingest.ids().size() == 200 - dropped);
            assertThat(ingest.ids()).contains("e199");
        }
    }

    @Test
    void memoryAtTheEnd_isCounted() {
        Delivery nowhere = fixture.delivery(null);
        Outbox outbox = nowhere.outbox(fixture.to(ingest));
        outbox.offerDurably(Fixture.error("e1"));
        nowhere.close(Duration.ofMillis(200));
        // an attempt that is just ending gives it back after that
        await().until(() -> fixture.accounting.drops(DropReason.SHUTDOWN) == 1);
    }

    @Test
    void memoryThatIsBeingSentAtTheEnd_isCounted() throws Exception {
        CountDownLatch sending = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        Delivery nowhere = fixture.delivery(null);
        Outbox outbox = nowhere.outbox(Destination.of("test", "slow to notice", (payload, attempt) -> {
            sending.countDown();
            awaitQuietly(cut);
            throw new IOException("cut off");
        }));
        outbox.offerDurably(Fixture.error("e1"));
        assertThat(sending.await(10, TimeUnit.SECONDS)).isTrue();

        nowhere.close(Duration.ZERO);
        assertThat(fixture.accounting.drops(DropReason.SHUTDOWN)).isZero();
        cut.countDown();

        await().until(() -> fixture.accounting.drops(DropReason.SHUTDOWN) == 1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean reached = false;
        while (!reached) {
            try {
                latch.await();
                reached = true;
            } catch (InterruptedException e) {
                // slow to notice
            }
        }
    }
}
