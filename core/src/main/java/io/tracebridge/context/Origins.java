/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import org.jspecify.annotations.Nullable;

/**
 * Remembers where each throwable came from: the deepest step it left, and the pipeline's data at that moment. Weak,
 * bounded, and by identity.
 *
 * <p>Thread-safe; never throws.
 */
public final class Origins {
    /** Two entries a failure: one for its trace, one for the latest of all traces. */
    private static final int MAX_ENTRIES = 2_048;

    private final FailureMap<Known> known = new FailureMap<>(MAX_ENTRIES);

    Origins() {}

    /**
     * Where the throwable or, deeper still, one of its causes was thrown.
     * @param here where it is looked up; the answer when nothing better is known
     */
    public Origin find(Throwable throwable, Origin here) {
        Origin found = null;
        for (Throwable each : Failure.chain(throwable)) {
            Origin candidate = found == null ? lookUp(each, here) : exact(each, found);
            if (candidate != null && (found == null || candidate.isWithin(found))) {
                found = candidate;
            }
        }
        return found == null ? here : found;
    }

    /**
     * Remembers where a throwable was seen, unless a deeper place is known already.
     * @param leftStep true when it left a step, false when it was only captured there
     * @return true when this is the deepest place so far: what is recorded once, is recorded now
     */
    @SuppressWarnings("ReferenceEquality") // which of the two records was kept, not what they say
    public boolean remember(Throwable throwable, Origin origin, boolean leftStep) {
        Known next = new Known(origin, leftStep, false);
        Known kept =
                known.update(throwable, trace(origin), old -> old != null && old.origin.isWithin(origin) ? old : next);
        if (kept != next) {
            return false;
        }
        known.update(
                throwable,
                "",
                old -> new Known(origin, leftStep, old != null && (old.shared || !sameTrace(old.origin, origin))));
        return true;
    }

    private @Nullable Origin lookUp(Throwable throwable, Origin here) {
        Origin exact = exact(throwable, here);
        if (exact != null) {
            return exact;
        }
        Known latest = known.get(throwable, "");
        if (latest == null) {
            return null;
        }
        if (here.traceId() == null) {
            return latest.origin;
        }
        // Another trace's failure, handled here; or one exception object that the application uses again and again.
        boolean reused = latest.shared || !latest.leftStep || throwable.getStackTrace().length == 0;
        if (reused) {
            return null;
        }
        known.update(throwable, here.traceId(), old -> latest);
        known.update(throwable, "", old -> new Known(latest.origin, true, true));
        return latest.origin;
    }

    private @Nullable Origin exact(Throwable throwable, Origin at) {
        String traceId = at.traceId();
        Known exact = traceId == null ? null : known.get(throwable, traceId);
        return exact == null ? null : exact.origin;
    }

    private static String trace(Origin origin) {
        return origin.traceId() == null ? "" : origin.traceId();
    }

    private static boolean sameTrace(Origin one, Origin other) {
        return trace(one).equals(trace(other));
    }

    /** @param shared whether this one object was thrown in more than one trace */
    private record Known(Origin origin, boolean leftStep, boolean shared) {}
}
