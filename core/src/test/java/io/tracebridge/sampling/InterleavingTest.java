/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.tracebridge.metrics.DropReason;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Random programs of an application under a fake clock. What must come out is computed from what the program did, and
 * from the rule of the specification, not from the product's own decision.
 */
class InterleavingTest {
    private static final double RATE = 0.2;
    private static final BigInteger SPACE = BigInteger.ONE.shiftLeft(56);

    /** What happened to one trace. */
    private static final class Story {
        final Set<String> ended = new HashSet<>();
        boolean error;
        boolean incomingSampled;
        boolean incoming;
    }

    private final Map<String, Story> stories = new HashMap<>();
    private final List<Span> open = new ArrayList<>();
    private final List<Span> all = new ArrayList<>();

    @Test
    void everyProgram_exportsExactlyTheWholeTracesItMust() {
        for (long seed = 0; seed < 300; seed++) {
            stories.clear();
            open.clear();
            all.clear();
            try (Bench bench =
                    new Bench(RATE, seed, options -> options.firstTraces(0).errorTracesPerMinute(Integer.MAX_VALUE))) {
                play(bench, new Random(seed));
                check(bench, "seed " + seed);
            }
        }
    }

    private void play(Bench bench, Random random) {
        long spentMillis = 0;
        for (int step = 0; step < 250; step++) {
            switch (random.nextInt(12)) {
                case 0, 1 -> started(bench.root("root"));
                case 2 -> startRemote(bench, random);
                case 3, 4, 5 -> {
                    if (!all.isEmpty()) {
                        started(bench.child(all.get(random.nextInt(all.size())), "step"));
                    }
                }
                case 6, 7, 8, 9 -> end(random);
                case 10 -> signal(bench, random);
                default -> {
                    long millis = random.nextInt(300);
                    spentMillis += millis;
                    // the 30 seconds in which a dropped trace can come back must not pass here
                    bench.advance(Duration.ofMillis(spentMillis < 9_000 ? millis : 0));
                    bench.tick();
                }
            }
        }
        while (!open.isEmpty()) {
            end(random);
        }
        for (int i = 0; i < 3; i++) {
            bench.advance(Duration.ofSeconds(3));
            bench.tick();
        }
    }

    private void startRemote(Bench bench, Random random) {
        boolean another = !all.isEmpty() && random.nextBoolean();
        String traceId = another
                ? all.get(random.nextInt(all.size())).getSpanContext().getTraceId()
                : new Bench.SeededIds(random.nextLong()).generateTraceId();
        Story known = stories.get(traceId);
        if (known != null && !known.incoming) {
            return; // a trace that began here does not come in again with another head decision
        }
        boolean sampled = known == null ? random.nextBoolean() : known.incomingSampled;
        started(bench.fromRemote(traceId, sampled, TraceState.getDefault(), "request"));
        Story story = stories.get(traceId);
        story.incoming = true;
        story.incomingSampled = sampled;
    }

    private void started(Span span) {
        open.add(span);
        all.add(span);
        stories.computeIfAbsent(span.getSpanContext().getTraceId(), id -> new Story());
    }

    private void end(Random random) {
        if (open.isEmpty()) {
            return;
        }
        Span span = open.remove(random.nextInt(open.size()));
        Story story = stories.get(span.getSpanContext().getTraceId());
        if (random.nextInt(12) == 0) {
            span.setStatus(StatusCode.ERROR);
            story.error = true;
        }
        span.end();
        story.ended.add(span.getSpanContext().getSpanId());
    }

    private void signal(Bench bench, Random random) {
        if (all.isEmpty()) {
            return;
        }
        Span span = all.get(random.nextInt(all.size()));
        String traceId = span.getSpanContext().getTraceId();
        boolean known =
                random.nextBoolean() ? bench.sampling.keep(traceId, "captured_error", "boom") : logged(bench, span);
        assertThat(known).isTrue();
        stories.get(traceId).error = true;
    }

    private static boolean logged(Bench bench, Span span) {
        Logs.error(bench.sampling, span.getSpanContext(), "logger");
        return true;
    }

    private void check(Bench bench, String seed) {
        for (Bench.Recording exporter : List.of(bench.traces, bench.batches)) {
            Map<String, List<SpanData>> exported = exporter.byTrace();
            stories.forEach((traceId, story) -> {
                List<SpanData> spans = exported.getOrDefault(traceId, List.of());
                boolean must = story.error || (story.incoming ? story.incomingSampled : passes(traceId));
                assertThat(spans.stream().map(SpanData::getSpanId))
                        .as(seed + " trace " + traceId + " error " + story.error)
                        .containsExactlyInAnyOrderElementsOf(must ? story.ended : Set.of());
                assertThat(spans)
                        .as(seed)
                        .allMatch(span -> span.getSpanContext().isSampled());
            });
        }
        assertThat(bench.accounting.drops(DropReason.LATE_SPAN)).as(seed).isZero();
        assertThat(bench.accounting.drops(DropReason.ENCODING_FAILED)).as(seed).isZero();
        assertThat(bench.sampling.health().activeTraces()).as(seed).isZero();
        assertThat(bench.sampling.health().activeBytes()).as(seed).isZero();
    }

    /** The specification's rule in plain arithmetic: the last 7 bytes are not below (1 - p) of their range. */
    private static boolean passes(String traceId) {
        BigInteger randomness = new BigInteger(traceId.substring(18), 16);
        return randomness.doubleValue() >= SPACE.doubleValue() * (1 - RATE);
    }
}
