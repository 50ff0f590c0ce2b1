/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A trace as bytes: dropped for now, or too large to wait as objects. Changed by the worker only, except the claim. */
final class HeldTrace {
    private static final int OVERHEAD = 250;
    private static final String EVICTED = "\0evicted";

    final String traceId;
    private final List<Part> parts = new ArrayList<>(1);
    private final AtomicReference<@Nullable String> claim = new AtomicReference<>();
    private long bytes = OVERHEAD;

    /** Its local root has not ended, so it does not age. */
    boolean open;

    long heldSinceNanos;

    /** @param decided whether the tail decision had dropped these spans when they came here */
    record Part(SpanCodec.Encoded spans, boolean decided) {}

    HeldTrace(String traceId) {
        this.traceId = traceId;
    }

    /** Adds spans and returns by how many bytes the trace grew. */
    long add(SpanCodec.Encoded spans, boolean decided) {
        parts.add(new Part(spans, decided));
        long grown = spans.bytes().length + 64L;
        bytes += grown;
        return grown;
    }

    /** What waited for the decision has been dropped by it. */
    void decide() {
        parts.replaceAll(part -> part.decided ? part : new Part(part.spans, true));
    }

    List<Part> parts() {
        return parts;
    }

    long bytes() {
        return bytes;
    }

    int spans() {
        return parts.stream().mapToInt(part -> part.spans.spans()).sum();
    }

    /** Whoever is first decides its fate: a reason to keep it, or {@link #evict}. */
    boolean claim(String fate) {
        return claim.compareAndSet(null, fate);
    }

    boolean evict() {
        return claim(EVICTED);
    }

    boolean isEvicted() {
        return EVICTED.equals(claim.get());
    }

    /** The reason to keep it; null when there is none. */
    @Nullable
    String claimed() {
        String fate = claim.get();
        return EVICTED.equals(fate) ? null : fate;
    }
}
