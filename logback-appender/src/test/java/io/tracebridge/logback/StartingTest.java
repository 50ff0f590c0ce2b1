/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.LoggerContext;
import io.tracebridge.error.LogEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class StartingTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final LoggerContext context = new LoggerContext();
    private final List<String> handled = new CopyOnWriteArrayList<>();

    private void handle(Starting starting, String name) {
        LogEvent line = LogEvent.builder(Instant.EPOCH, "info", "l", name).build();
        starting.handle(line, name.startsWith("event"), same -> handled.add(name));
    }

    @Test
    void lines_waitForTheStart_inOrderAndBounded() {
        CountDownLatch go = new CountDownLatch(1);
        Starting starting = new Starting(context, () -> awaitQuietly(go), () -> {});
        for (int i = 0; i < 150; i++) {
            handle(starting, "line" + i);
        }
        assertThat(handled).isEmpty();

        go.countDown();
        await().atMost(SOON).until(() -> handled.size() == Starting.MAX_WAITING);
        starting.await(SOON);
        handle(starting, "later");

        assertThat(handled)
                .hasSize(Starting.MAX_WAITING + 1)
                .startsWith("line0", "line1")
                .endsWith("line99", "later");
    }

    @Test
    void event_takesThePlaceOfTheOldestNote_whenAllPlacesAreTaken() {
        CountDownLatch go = new CountDownLatch(1);
        Starting starting = new Starting(context, () -> awaitQuietly(go), () -> {});
        handle(starting, "event0");
        for (int i = 1; i < 150; i++) {
            handle(starting, "line" + i);
        }
        handle(starting, "event1");

        go.countDown();
        await().atMost(SOON).until(() -> handled.size() == Starting.MAX_WAITING);
        starting.await(SOON);

        assertThat(handled)
                .hasSize(Starting.MAX_WAITING)
                .startsWith("event0", "line2")
                .endsWith("line99", "event1");
    }

    @Test
    void start_waitsForTheConfigurationAndTakesNoLock() {
        AtomicBoolean begun = new AtomicBoolean();
        AtomicBoolean lockHeld = new AtomicBoolean();
        Starting starting = new Starting(
                context,
                () -> {
                    lockHeld.set(context.getConfigurationLock().isHeldByCurrentThread());
                    begun.set(true);
                },
                () -> {});
        context.getConfigurationLock().lock();
        try {
            handle(starting, "during the configuration");
            await().during(Duration.ofMillis(100)).atMost(SOON).until(() -> !begun.get());
        } finally {
            context.getConfigurationLock().unlock();
        }

        await().atMost(SOON).until(() -> handled.size() == 1);
        assertThat(begun).isTrue();
        assertThat(lockHeld).isFalse();
    }

    @Test
    void start_runsOnAThreadThatTheProcessWaitsFor() {
        AtomicReference<Thread> thread = new AtomicReference<>();
        Starting starting = new Starting(context, () -> thread.set(Thread.currentThread()), () -> {});
        handle(starting, "one");
        await().atMost(SOON).until(() -> thread.get() != null);

        assertThat(thread.get()).isNotSameAs(Thread.currentThread());
        assertThat(thread.get().isDaemon()).isFalse();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
