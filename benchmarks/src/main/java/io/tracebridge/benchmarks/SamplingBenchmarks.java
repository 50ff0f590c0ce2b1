/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a span costs the application's thread: local traces of 10 spans with 5 attributes each, one in a hundred
 * failing, in each mode beside the others.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@SuppressWarnings("NullAway.Init") // JMH sets the fields
public class SamplingBenchmarks {
    private static final int SPANS = 10;

    @Param({"DROP", "HEAD10_BSP", "ALL_BSP", "RECORD_ONLY", "TAIL", "TAIL_HELD"})
    public SpanPipeline.Mode mode;

    private SpanPipeline pipeline;
    private Tracer tracer;
    private int trace;

    @Setup(Level.Trial)
    public void start() {
        pipeline = SpanPipeline.start(mode);
        tracer = pipeline.tracer();
    }

    @TearDown(Level.Trial)
    public void stop() {
        System.out.println(mode + ": " + pipeline.report());
        pipeline.close();
    }

    @Benchmark
    @OperationsPerInvocation(SPANS)
    public Span trace() {
        return emit(tracer, ++trace % 100 == 0);
    }

    /** One local trace: a root and nine children below it, ended in order. */
    static Span emit(Tracer tracer, boolean fails) {
        Span root = tracer.spanBuilder("GET /orders/{id}").setNoParent().startSpan();
        fill(root);
        Context parent = Context.root().with(root);
        for (int i = 1; i < SPANS; i++) {
            Span child = tracer.spanBuilder("orders.load").setParent(parent).startSpan();
            fill(child);
            if (fails && i == SPANS - 1) {
                child.setStatus(StatusCode.ERROR);
            }
            child.end();
        }
        root.end();
        return root;
    }

    private static void fill(Span span) {
        span.setAttribute("http.request.method", "GET");
        span.setAttribute("http.route", "/orders/{id}");
        span.setAttribute("url.path", "/orders/4711");
        span.setAttribute("app.items", 42L);
        span.setAttribute("app.customer.kind", "returning");
    }
}
