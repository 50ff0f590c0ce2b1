/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that decode. Large bodies share one thread, so that at most one of them is unpacked at a time and the
 * many small requests overtake it. Both queues are bounded; OpenTelemetry may fill half of one and Sentry, which
 * carries the errors, all of it.
 */
final class Lanes {
    private static final int LARGE_BYTES = 512 * 1024;
    private static final int QUEUED = 512;
    private static final int QUEUED_LARGE = 32;
    private static final int THREADS = 2;

    private final ThreadPoolExecutor small = pool("tracebridge-ingest", THREADS, QUEUED);
    private final ThreadPoolExecutor large = pool("tracebridge-ingest-large", 1, QUEUED_LARGE);

    /**
     * Runs the work soon on another thread.
     * @param bytes size of the body as received
     * @param errorsInside whether the body may bring errors that exist nowhere else
     * @return false when the lane is full
     */
    boolean run(int bytes, boolean errorsInside, Runnable work) {
        ThreadPoolExecutor lane = bytes > LARGE_BYTES ? large : small;
        int queued = lane.getQueue().size();
        if (!errorsInside && queued > lane.getQueue().remainingCapacity()) {
            return false;
        }
        try {
            lane.execute(work);
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    private static ThreadPoolExecutor pool(String name, int threads, int queued) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(queued), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
