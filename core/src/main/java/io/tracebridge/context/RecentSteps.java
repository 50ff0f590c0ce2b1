/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Active and recently ended steps by span id, for log lines that reach us on another thread. Bounded: past
 * {@value #MAX_ACTIVE} active steps new ones are not listed; of ended steps the last {@value #MAX_ENDED} stay.
 *
 * <p>Thread-safe; takes no lock of its own.
 */
final class RecentSteps {
    static final int MAX_ACTIVE = 8_192;
    static final int MAX_ENDED = 512;

    private final ConcurrentMap<String, StepFrame> bySpanId = new ConcurrentHashMap<>();
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicReferenceArray<StepFrame> ended = new AtomicReferenceArray<>(MAX_ENDED);
    private final AtomicInteger nextEnded = new AtomicInteger();

    void started(StepFrame frame) {
        if (!frame.spanContext().isValid()) {
            return;
        }
        if (active.get() < MAX_ACTIVE) {
            active.incrementAndGet();
            bySpanId.put(frame.spanContext().getSpanId(), frame);
        }
    }

    void ended(StepFrame frame) {
        if (!bySpanId.containsKey(frame.spanContext().getSpanId())) {
            return;
        }
        active.decrementAndGet();
        StepFrame pushedOut = ended.getAndSet(Math.floorMod(nextEnded.getAndIncrement(), MAX_ENDED), frame);
        if (pushedOut != null) {
            bySpanId.remove(pushedOut.spanContext().getSpanId(), pushedOut);
        }
    }

    @Nullable
    StepFrame find(String traceId, String spanId) {
        StepFrame frame = bySpanId.get(spanId);
        return frame != null && frame.spanContext().getTraceId().equals(traceId) ? frame : null;
    }
}
