/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastKnownTest {
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void value_isFresh_whenTheAnswerComesInTime() {
        LastKnown<Integer> value = new LastKnown<>(0, asked::incrementAndGet, Duration.ofSeconds(10));

        assertThat(value.get()).isEqualTo(1);
        assertThat(value.get()).isEqualTo(2);
    }

    @Test
    void value_isTheLast_andOnlyOneMoreIsAsked_whileTheAnswerDoesNotCome() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        LastKnown<Integer> value = new LastKnown<>(
                0,
                () -> {
                    int mine = asked.incrementAndGet();
                    if (mine > 1) {
                        awaitQuietly(goOn);
                    }
                    return mine;
                },
                Duration.ofMillis(50));
        CompletableFuture<Integer> first = CompletableFuture.supplyAsync(value::get);
        int known = first.get(10, TimeUnit.SECONDS);

        for (int i = 0; i < 20; i++) {
            assertThat(value.get()).isLessThanOrEqualTo(1);
        }
        assertThat(known).isLessThanOrEqualTo(1);
        assertThat(asked.get()).isEqualTo(2);
        goOn.countDown();
    }

    @Test
    void value_isTheLast_whenAskingFails() {
        LastKnown<Integer> value = new LastKnown<>(
                0,
                () -> {
                    if (asked.incrementAndGet() > 1) {
                        throw new IllegalStateException("of the test");
                    }
                    return 7;
                },
                Duration.ofSeconds(10));

        assertThat(value.get()).isEqualTo(7);
        assertThat(value.get()).isEqualTo(7);
        assertThat(asked.get()).isEqualTo(2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
