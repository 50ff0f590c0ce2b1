/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import io.tracebridge.metrics.Accounting;
import io.tracebridge.metrics.DropReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Keeps payloads in memory while it is not known yet whether there is a destination, at most {@value #MAX_PAYLOADS};
 * a later one is dropped and counted {@link DropReason#QUEUE_FULL}. Once decided it passes everything on, or, without a
 * destination, accepts nothing: nobody asked for delivery then, so nothing is counted as lost.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class PendingOutbox implements Outbox {
    static final int MAX_PAYLOADS = 200;

    private final Accounting accounting;
    private final Object lock = new Object();
    private final Queue<Payload> waiting = new ArrayDeque<>();
    private boolean decided;
    private volatile @Nullable Outbox destination;

    public PendingOutbox(Accounting accounting) {
        this.accounting = accounting;
    }

    /**
     * Ends the waiting, once; later calls change nothing.
     * @param found null when there is no destination
     */
    public void decide(@Nullable Outbox found) {
        synchronized (lock) {
            if (decided) {
                return;
            }
            decided = true;
            if (found != null) {
                waiting.forEach(found::offerDurably);
                destination = found;
            }
            waiting.clear();
        }
    }

    @Override
    public boolean offerDurably(Payload payload) {
        Outbox known = destination;
        if (known == null) {
            known = keep(payload);
        }
        return known == this || (known != null && known.offerDurably(payload));
    }

    @Override
    public boolean offer(Payload payload) {
        Outbox known = destination;
        if (known == null) {
            known = keep(payload);
        }
        return known == this || (known != null && known.offer(payload));
    }

    @Override
    public boolean flush(Duration timeout) {
        Outbox known = destination;
        return known == null || known.flush(timeout);
    }

    /** Returns the destination if there is one by now, this outbox if it kept the payload, else null. */
    private @Nullable Outbox keep(Payload payload) {
        synchronized (lock) {
            if (decided) {
                return destination;
            }
            if (waiting.size() >= MAX_PAYLOADS) {
                accounting.dropped(DropReason.QUEUE_FULL);
                return null;
            }
            waiting.add(payload);
            return this;
        }
    }
}
