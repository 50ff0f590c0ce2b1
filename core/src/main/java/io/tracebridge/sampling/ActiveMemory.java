/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Memory of all active traces, against its bound. Above nine tenths new traces fall back to the head decision, until
 * it is below three quarters again; at twice the bound nothing is taken in at all.
 */
final class ActiveMemory {
    private final long limit;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean degraded;

    ActiveMemory(long limit) {
        this.limit = limit;
    }

    void add(long more) {
        if (bytes.addAndGet(more) > limit / 10 * 9 && !degraded) {
            degraded = true;
        }
    }

    void release(long less) {
        if (bytes.addAndGet(-less) < limit / 4 * 3 && degraded) {
            degraded = false;
        }
    }

    long bytes() {
        return bytes.get();
    }

    boolean isDegraded() {
        return degraded;
    }

    boolean isFull() {
        return bytes.get() > limit;
    }

    boolean isExhausted() {
        return bytes.get() > 2 * limit;
    }
}
