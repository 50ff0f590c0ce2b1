/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import io.tracebridge.scrub.RuleScrubber;
import io.tracebridge.scrub.Scrubber;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What taking secrets out costs, for one attribute and for the texts of one event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScrubBenchmarks {
    private final Scrubber scrubber = RuleScrubber.create();
    private final String plain = "GET /api/scenes/generate";
    private final String sql = "SELECT id, title FROM scene WHERE project_id = ? AND slug = ? ORDER BY created_at";
    private final String secret = "refused for jane.doe@example.com with key sk-proj-Zq7Wk01Lm9Xc4Vb8Nh2Jd6Fs3Ta5";
    private final Map<String, Object> context = context();

    private static Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        for (int i = 0; i < 16; i++) {
            context.put("key." + i, i % 4 == 0 ? (Object) i : "value of the pipeline, number " + i);
        }
        return context;
    }

    @Benchmark
    public @Nullable Object attributeWithNothingToRemove() {
        return scrubber.value("url.path", plain);
    }

    @Benchmark
    public @Nullable Object statement() {
        return scrubber.value("db.query.text", sql);
    }

    @Benchmark
    public @Nullable Object messageWithSecrets() {
        return scrubber.text(secret);
    }

    @Benchmark
    public @Nullable Object secretKey() {
        return scrubber.value("authorization", secret);
    }

    /** 16 values of an event's pipeline context. */
    @Benchmark
    public @Nullable Object contextOfAnEvent() {
        return scrubber.value("pipeline", context);
    }
}
