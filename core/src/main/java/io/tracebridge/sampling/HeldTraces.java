/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Held traces, oldest first, bounded by age and by bytes. Looked up by any thread, changed by the worker only.
 *
 * <p>Victims: the trace that has been held longest; when there is none, the oldest whose root is still open.
 */
final class HeldTraces {
    private final long maxBytes;
    private final long maxAgeNanos;
    private final Map<String, HeldTrace> byId = new ConcurrentHashMap<>();
    private final ArrayDeque<HeldTrace> closed = new ArrayDeque<>();
    private final Set<HeldTrace> open = new LinkedHashSet<>();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long oldestNanos;
    private volatile boolean isEmpty = true;

    HeldTraces(long maxBytes, long maxAgeNanos) {
        this.maxBytes = maxBytes;
        this.maxAgeNanos = maxAgeNanos;
    }

    @Nullable
    HeldTrace get(String traceId) {
        return byId.get(traceId);
    }

    int size() {
        return byId.size();
    }

    long bytes() {
        return bytes.get();
    }

    /** How long the longest held trace has been here. */
    Duration oldestAge(long nowNanos) {
        return isEmpty ? Duration.ZERO : Duration.ofNanos(Math.max(0, nowNanos - oldestNanos));
    }

    /** Adds spans that still wait for the decision; the trace does not age until {@link #hold}. */
    void addOpen(String traceId, SpanCodec.Encoded spans) {
        HeldTrace held = getOrNew(traceId);
        if (!held.open) {
            held.open = true;
            closed.remove(held);
            open.add(held);
        }
        bytes.addAndGet(held.add(spans, false));
    }

    /**
     * The trace was dropped for now: from here on it ages.
     * @param spans null when everything is here already
     */
    void hold(String traceId, SpanCodec.@Nullable Encoded spans, long nowNanos) {
        HeldTrace held = byId.get(traceId);
        if (held == null && spans == null) {
            return;
        }
        boolean isNew = held == null;
        if (held == null) {
            held = getOrNew(traceId);
        }
        held.decide();
        if (spans != null) {
            bytes.addAndGet(held.add(spans, true));
        }
        held.heldSinceNanos = nowNanos;
        if (held.open) {
            held.open = false;
            open.remove(held);
            closed.addLast(held);
        } else if (isNew) {
            closed.addLast(held);
        }
    }

    private HeldTrace getOrNew(String traceId) {
        HeldTrace held = byId.get(traceId);
        if (held == null) {
            held = new HeldTrace(traceId);
            byId.put(traceId, held);
            bytes.addAndGet(held.bytes());
        }
        return held;
    }

    /** Takes it out. False when it is not here any more. */
    boolean remove(HeldTrace held) {
        if (!byId.remove(held.traceId, held)) {
            return false;
        }
        bytes.addAndGet(-held.bytes());
        if (held.open) {
            open.remove(held);
        } else if (closed.peekFirst() == held) {
            closed.removeFirst();
        } // elsewhere in the queue it is skipped when its turn comes: removal there would be linear
        return true;
    }

    /** @param victim called for each trace that became too old */
    void expire(long nowNanos, Consumer<HeldTrace> victim) {
        dropOld(nowNanos, victim);
        HeldTrace oldest = closed.peekFirst();
        oldestNanos = oldest == null ? nowNanos : oldest.heldSinceNanos;
        isEmpty = oldest == null;
    }

    private void dropOld(long nowNanos, Consumer<HeldTrace> victim) {
        for (HeldTrace oldest = closed.peekFirst(); oldest != null; oldest = closed.peekFirst()) {
            if (isGone(oldest)) {
                closed.removeFirst();
            } else if (nowNanos - oldest.heldSinceNanos >= maxAgeNanos) {
                evict(oldest, victim);
            } else {
                return;
            }
        }
    }

    /** @param victim called for each trace that had to make room */
    void shrink(Consumer<HeldTrace> victim) {
        while (bytes.get() > maxBytes && !byId.isEmpty()) {
            HeldTrace oldest = closed.peekFirst();
            if (oldest == null) {
                if (open.isEmpty()) {
                    return;
                }
                evict(open.iterator().next(), victim);
            } else if (isGone(oldest)) {
                closed.removeFirst();
            } else {
                evict(oldest, victim);
            }
        }
    }

    /** Takes all out, for the end. */
    void clear(Consumer<HeldTrace> victim) {
        byId.values().forEach(held -> evict(held, victim));
        closed.clear();
    }

    private boolean isGone(HeldTrace held) {
        return held.open || byId.get(held.traceId) != held;
    }

    private void evict(HeldTrace held, Consumer<HeldTrace> victim) {
        remove(held);
        victim.accept(held);
    }
}
