/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import io.tracebridge.error.CapturedError;
import io.tracebridge.error.ErrorReport;
import io.tracebridge.error.TestBridge;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class SnapshotTest {
    private TestBridge bridge;
    private ExecutorService pool;

    @BeforeEach
    void start() {
        bridge = TestBridge.start();
        pool = Executors.newFixedThreadPool(2);
    }

    @AfterEach
    void stop() {
        pool.shutdownNow();
        bridge.close();
    }

    private static String seen() {
        return Pipeline.current().name() + " " + MDC.get("trace_id") + " "
                + Span.current().getSpanContext().getTraceId();
    }

    @Test
    void everyWrapper_carriesTheSnapshotAndTheMdc() throws Exception {
        List<String> ran = new ArrayList<>();
        Snapshot snapshot = Pipeline.run("scene", () -> Snapshot.capture());
        String traceId = bridge.span("scene").getTraceId();
        String expected = "scene " + traceId + " " + traceId;

        Runnable runnable = snapshot.wrap(() -> {
            ran.add(seen());
        });
        Callable<String> callable = snapshot.wrap(() -> seen());
        Supplier<String> supplier = snapshot.wrapSupplier(() -> seen());
        Function<String, String> function = snapshot.wrap(each -> seen());
        BiFunction<String, String, String> two = snapshot.wrap((one, other) -> seen());
        Consumer<String> consumer = snapshot.wrapConsumer(each -> ran.add(seen()));
        Executor direct = snapshot.wrapExecutor(Runnable::run);
        pool.submit(runnable).get();
        ran.add(pool.submit(callable).get());
        ran.add(CompletableFuture.supplyAsync(supplier, pool).get());
        ran.add(CompletableFuture.supplyAsync(() -> "x", pool)
                .thenApply(function)
                .get());
        ran.add(CompletableFuture.supplyAsync(() -> "x", pool)
                .thenCombine(CompletableFuture.completedFuture("y"), two)
                .get());
        CompletableFuture.supplyAsync(() -> "x", pool).thenAccept(consumer).get();
        direct.execute(() -> ran.add(seen()));
        ExecutorService wrapped = snapshot.wrap(pool);
        ran.add(wrapped.submit(SnapshotTest::seen).get());
        ran.add(wrapped.invokeAll(List.<Callable<String>>of(SnapshotTest::seen))
                .get(0)
                .get());

        assertThat(ran).hasSize(9).containsOnly(expected);
        assertThat(pool.submit(SnapshotTest::seen).get()).startsWith(" null");
        assertThat(MDC.get("trace_id")).isNull();
    }

    @Test
    void wrapped_letsExceptionsThroughAndCleansUp() {
        Snapshot snapshot = Pipeline.run("scene", () -> Snapshot.capture());
        IllegalStateException thrown = new IllegalStateException("x");

        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> snapshot.wrapSupplier(() -> {
                            throw thrown;
                        })
                        .get()))
                .isSameAs(thrown);
        assertThat(Context.current()).isSameAs(Context.root());
        assertThat(MDC.get("trace_id")).isNull();
    }

    @Test
    void wrappedExecutorService_shutsDownWhatItWraps() throws Exception {
        ExecutorService wrapped = Snapshot.capture().wrap(pool);
        wrapped.shutdown();

        assertThat(wrapped.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
        assertThat(pool.isTerminated()).isTrue();
        assertThat(wrapped.isShutdown()).isTrue();
    }

    @Test
    void pipelinesOnPlatformThreads_areNeverMixedUp() throws Exception {
        ExecutorService first = Executors.newFixedThreadPool(8);
        ExecutorService second = Executors.newFixedThreadPool(8);
        try {
            assertNoneMixedUp(first, second);
        } finally {
            first.shutdownNow();
            second.shutdownNow();
        }
    }

    @Test
    void pipelinesOnVirtualThreads_areNeverMixedUp() throws Exception {
        ExecutorService virtual = virtualThreads();
        assumeTrue(virtual != null, "needs a newer JDK");
        try {
            assertNoneMixedUp(virtual, virtual);
        } finally {
            virtual.shutdownNow();
        }
    }

    private static ExecutorService virtualThreads() throws ReflectiveOperationException {
        try {
            return (ExecutorService)
                    Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        } catch (NoSuchMethodException olderJdk) {
            return null;
        }
    }

    /** 200 pipelines, all alive at once, with two thread hops each and a failure at the end. */
    private void assertNoneMixedUp(ExecutorService first, ExecutorService second) throws Exception {
        int pipelines = 200;
        CountDownLatch allOpen = new CountDownLatch(pipelines);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        for (int i = 0; i < pipelines; i++) {
            String id = "p" + i;
            done.add(Pipeline.run("scene", Attrs.attrs("project.id", id), pipeline -> {
                allOpen.countDown();
                Snapshot atStart = Snapshot.capture();
                return CompletableFuture.supplyAsync(
                                atStart.wrapSupplier(() -> Steps.call("hop.one", null, step -> {
                                    await(allOpen);
                                    Pipeline.current().put("one", id);
                                    return Snapshot.capture();
                                })),
                                first)
                        .thenAcceptAsync(
                                afterOne -> afterOne.wrap((Runnable) () ->
                                                Steps.run("hop.two", Attrs.attrs("own", id), () -> {
                                                    Pipeline.current().put("two", id);
                                                    String unused = ErrorReport.of(new IllegalStateException(id))
                                                            .send();
                                                }))
                                        .run(),
                                second);
            }));
        }
        CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

        assertThat(bridge.sink.errors).hasSize(pipelines);
        assertThat(bridge.sink.errors.stream().map(CapturedError::traceId).collect(Collectors.toSet()))
                .hasSize(pipelines);
        for (CapturedError error : bridge.sink.errors) {
            String id = error.throwable().getMessage();
            Map<String, Object> data = error.contexts().get("pipeline");
            assertThat(data)
                    .containsEntry("project.id", id)
                    .containsEntry("one", id)
                    .containsEntry("two", id);
            assertThat(error.tags()).containsEntry("app.project_id", id).containsEntry("step", "hop.two");
            assertThat(error.contexts().get("pipeline").get("step_data")).isEqualTo(Map.of("own", id));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
