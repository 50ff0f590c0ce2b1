/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;

import io.tracebridge.context.Pipeline;
import io.tracebridge.context.Snapshot;
import io.tracebridge.examples.ai.InvalidStructuredOutputException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries jobs from the HTTP front to workers; the trace goes with them in headers, as it would through a broker. The
 * three ways an application reports a failure all happen here: the pipeline captures it, the worker logs it, nobody
 * does.
 */
final class JobQueue implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobQueue.class);
    private static final int CAPACITY = 1_000;

    private final BlockingQueue<Job> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final ExecutorService workers;
    private final ScenePipeline pipeline;
    private final SceneStore store;

    JobQueue(ScenePipeline pipeline, SceneStore store, int workerCount) {
        this.pipeline = pipeline;
        this.store = store;
        workers = Executors.newFixedThreadPool(workerCount, work -> {
            Thread thread = new Thread(work, "scene-worker");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < workerCount; i++) {
            workers.execute(this::work);
        }
    }

    private record Job(String id, SceneRequest request, Map<String, String> headers, CompletableFuture<Void> done) {}

    /**
     * Adds a job.
     * @return completes when the job is done or failed, never exceptionally
     * @throws IllegalStateException when the queue is full
     */
    CompletableFuture<Void> publish(String id, SceneRequest request) {
        return withSpan(
                        "queue.publish",
                        attrs("messaging.system", "in-process")
                                .and("messaging.operation.type", "send")
                                .and("messaging.destination.name", "scenes")
                                .and("messaging.message.id", id),
                        () -> {
                            Map<String, String> headers = new HashMap<>();
                            Snapshot.capture().toHeaders(headers::put);
                            // not returned from here: the span is about publishing, not about the job
                            CompletableFuture<Void> done = new CompletableFuture<>();
                            if (!queue.offer(new Job(id, request, headers, done))) {
                                throw new IllegalStateException("The queue is full: " + CAPACITY + " jobs");
                            }
                            LOG.info("Job {} queued for project {}", id, request.projectId());
                            return new Published(done);
                        })
                .done();
    }

    private record Published(CompletableFuture<Void> done) {}

    private void work() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                process(queue.take());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void process(Job job) {
        try {
            Pipeline.resume("queue.process", job.headers()::get, p -> {
                p.put("messaging.system", "in-process")
                        .put("messaging.operation.type", "process")
                        .put("messaging.destination.name", "scenes")
                        .put("messaging.message.id", job.id());
                handle(job);
                return job.id();
            });
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (Exception left) {
            // nobody caught it inside: the pipeline has reported it as unhandled
            finish(job, null, left);
        } finally {
            job.done().complete(null);
        }
    }

    private void handle(Job job) throws Exception {
        try {
            finish(job, pipeline.generate(job.request()), null);
        } catch (SQLException refused) {
            LOG.error("Job {} could not be saved", job.id(), refused);
            finish(job, null, refused);
        } catch (InvalidStructuredOutputException unusable) {
            captureError(unusable, Map.of("attempt", 1));
            finish(job, null, unusable);
        }
    }

    private void finish(Job job, @Nullable String sceneId, @Nullable Exception failure) {
        try {
            store.finishJob(
                    job.id(),
                    sceneId,
                    failure == null ? null : failure.getClass().getSimpleName());
        } catch (SQLException failed) {
            LOG.error("Job {} could not be finished", job.id(), failed);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
