/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.opentelemetry.api.trace.Tracer;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * CPU time of the whole process at a fixed rate of spans, mode by mode: the work behind the application's threads is
 * in it. CPU time, not wall time, so that a busy neighbour disturbs little. Arguments: spans a second (20000), seconds for each mode (8), rounds (2).
 */
public final class SpanRateRun {
    private static final int SPANS_PER_TRACE = 10;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private SpanRateRun() {}

    /** Runs all modes in turn, so that a busy neighbour hits them alike. */
    public static void main(String[] args) {
        int rate = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 8;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 2;
        for (SpanPipeline.Mode mode : SpanPipeline.Mode.values()) {
            run(mode, rate, 2); // warm
        }
        for (int round = 1; round <= rounds; round++) {
            for (SpanPipeline.Mode mode : SpanPipeline.Mode.values()) {
                System.out.println("round " + round + " " + run(mode, rate, seconds));
            }
        }
    }

    private static String run(SpanPipeline.Mode mode, int rate, int seconds) {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        try (SpanPipeline pipeline = SpanPipeline.start(mode)) {
            Tracer tracer = pipeline.tracer();
            long gcBefore = gcMillis();
            long cpuBefore = system.getProcessCpuTime();
            long threadBefore = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            long traces = emit(tracer, rate, start, TimeUnit.SECONDS.toNanos(seconds));
            double wall = System.nanoTime() - start;
            double own = THREADS.getCurrentThreadCpuTime() - threadBefore;
            double cpu = system.getProcessCpuTime() - cpuBefore;
            return String.format(
                    Locale.ROOT,
                    "%-12s %6.0f spans/s  %5.1f %% of one core  application %5.0f ns/span  gc %d ms  %s",
                    mode,
                    traces * SPANS_PER_TRACE / (wall / 1e9),
                    100 * cpu / wall,
                    own / (traces * SPANS_PER_TRACE),
                    gcMillis() - gcBefore,
                    pipeline.report());
        }
    }

    private static long emit(Tracer tracer, int rate, long start, long nanos) {
        double tracesPerNano = rate / (SPANS_PER_TRACE * 1e9);
        long traces = 0;
        for (long passed = 0; passed < nanos; passed = System.nanoTime() - start) {
            for (long due = (long) (passed * tracesPerNano); traces < due; traces++) {
                SamplingBenchmarks.emit(tracer, traces % 100 == 0);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        return traces;
    }

    private static long gcMillis() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
    }
}
