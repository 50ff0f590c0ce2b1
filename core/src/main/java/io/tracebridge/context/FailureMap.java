/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map keyed by failure: a throwable's identity and a trace. Identity, since {@code equals} belongs to the
 * application and the JVM; the trace, since throwables are reused. Holds no throwable alive. When full, the entry that
 * was added first goes.
 *
 * <p>Thread-safe.
 */
public final class FailureMap<V> {
    private final int maxEntries;
    private final ConcurrentMap<Key, V> values = new ConcurrentHashMap<>();
    private final Queue<Key> inOrder = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final ReferenceQueue<Throwable> collected = new ReferenceQueue<>();

    /**
     * An empty map.
     * @param maxEntries one or more
     */
    public FailureMap(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /**
     * The value of a failure.
     * @param traceId empty for a failure outside traces
     */
    public @Nullable V get(Throwable throwable, String traceId) {
        return values.get(new Key(throwable, traceId, null));
    }

    /**
     * Replaces a failure's value, atomically.
     * @param next from the old value, null at first, to the new one; called once and under a lock
     */
    public V update(Throwable throwable, String traceId, NextValue<V> next) {
        removeCollected();
        Key key = new Key(throwable, traceId, collected);
        V value = values.compute(key, (same, old) -> {
            if (old == null) {
                inOrder.add(same);
                count.incrementAndGet();
            }
            return next.after(old);
        });
        while (count.get() > maxEntries) {
            Key oldest = inOrder.poll();
            if (oldest == null) {
                break;
            }
            count.decrementAndGet();
            values.remove(oldest);
        }
        return value;
    }

    /** How many failures are known, at most. */
    int size() {
        return values.size();
    }

    private void removeCollected() {
        Reference<? extends Throwable> gone;
        while ((gone = collected.poll()) != null) {
            values.remove(gone); // its place in the order stays until its turn comes: that bounds the order too
        }
    }

    /** From an old value to the next. */
    @FunctionalInterface
    public interface NextValue<V> {
        V after(@Nullable V old);
    }

    private static final class Key extends WeakReference<Throwable> {
        private final String traceId;
        private final int hash;

        Key(Throwable throwable, String traceId, @Nullable ReferenceQueue<Throwable> queue) {
            super(throwable, queue);
            this.traceId = traceId;
            this.hash = 31 * System.identityHashCode(throwable) + traceId.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (this == other) {
                return true;
            }
            if (!(other instanceof Key key)) {
                return false;
            }
            Throwable mine = get();
            return mine != null && mine == key.get() && traceId.equals(key.traceId);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
