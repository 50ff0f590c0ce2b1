/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that takes long to ask for now and then. It is asked for on one daemon thread of its own, which ends when nobody asked
 * for a while; who asks waits for a fresh value up to a bound, and gets the last known one instead.
 *
 * <p>Thread-safe. However many ask, one question runs and one waits.
 */
final class LastKnown<T> {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long IDLE_SECONDS = 10;

    private final Supplier<T> question;
    private final Duration patience;
    private final ExecutorService asking;
    private @Nullable CompletableFuture<T> waiting;
    private volatile T known;

    /**
     * Asks for nothing yet.
     * @param first what is known before the first answer
     * @param question may fail: then the last known value stays
     */
    LastKnown(T first, Supplier<T> question, Duration patience) {
        this.known = first;
        this.question = question;
        this.patience = patience;
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(2), task -> {
                    Thread thread = new Thread(task, "tracebridge-store-counts");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        this.asking = one;
    }

    /** The value as it is now; the last known one when that takes too long or fails. */
    T get() {
        try {
            return ask().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return known;
        } catch (ExecutionException e) {
            LOG.debug("what is known stays", e);
            return known;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return known;
        }
    }

    /** A question that did not begin yet is everybody's: what it finds is not older than who asks. */
    private synchronized CompletableFuture<T> ask() {
        CompletableFuture<T> mine = waiting;
        if (mine == null) {
            CompletableFuture<T> next = new CompletableFuture<>();
            waiting = next;
            asking.execute(() -> answer(next));
            return next;
        }
        return mine;
    }

    private void answer(CompletableFuture<T> answer) {
        synchronized (this) {
            waiting = null;
        }
        try {
            T fresh = question.get();
            known = fresh;
            answer.complete(fresh);
        } catch (RuntimeException | Error e) {
            answer.completeExceptionally(e);
        }
    }
}
