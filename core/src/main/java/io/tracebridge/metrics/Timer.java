/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Measures durations into one histogram, in milliseconds. Immutable; keep it or make it anew, both are cheap.
 * @since 0.1
 */
public final class Timer {
    private final String name;
    private final Map<String, ?> attributes;

    Timer(String name, Map<String, ?> attributes) {
        this.name = name;
        this.attributes = attributes;
    }

    /** The same timer with one more attribute; null values are left out. */
    public Timer with(String key, Object value) {
        if (key == null || value == null) {
            return this;
        }
        Map<String, Object> more = new HashMap<>(attributes);
        more.put(key, value);
        return new Timer(name, more);
    }

    /** Adds a duration that was measured elsewhere; negative ones are ignored. */
    public void record(Duration duration) {
        if (duration != null) {
            // toNanos would overflow after 292 years
            Metrics.duration(name, duration.getSeconds() * 1e3 + duration.getNano() / 1e6, attributes);
        }
    }

    /**
     * Runs the call and adds how long it took, also when it fails.
     * @return what the call returned
     * @throws E what the call threw, the same instance
     */
    public <T, E extends Throwable> T record(Timed<T, E> call) throws E {
        long start = System.nanoTime();
        try {
            return call.call();
        } finally {
            record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** As {@link #record(Timed)}, for a call without a result. */
    public <E extends Throwable> void record(TimedRun<E> run) throws E {
        long start = System.nanoTime();
        try {
            run.run();
        } finally {
            record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** A call whose exception type is kept. */
    @FunctionalInterface
    public interface Timed<T, E extends Throwable> {
        T call() throws E;
    }

    /** A call without a result whose exception type is kept. */
    @FunctionalInterface
    public interface TimedRun<E extends Throwable> {
        void run() throws E;
    }
}
