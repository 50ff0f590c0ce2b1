/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** An executor service that hands each task to another one, wrapped in a snapshot. */
final class SnapshotExecutor extends AbstractExecutorService {
    private final Snapshot snapshot;
    private final ExecutorService executor;

    SnapshotExecutor(Snapshot snapshot, ExecutorService executor) {
        this.snapshot = snapshot;
        this.executor = executor;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(snapshot.wrap(task));
    }

    @Override
    public void shutdown() {
        executor.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }
}
