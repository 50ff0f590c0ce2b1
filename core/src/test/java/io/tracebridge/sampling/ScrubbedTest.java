/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.Value;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nothing unscrubbed is exported, and nothing unscrubbed is held. */
class ScrubbedTest {
    private static final String SECRET = "sk-proj-abcdefghij0123456789ABCDEFGH";

    @Test
    void exportedSpans_haveNoSecretAnywhere() {
        try (Bench bench = new Bench(1.0, 1)) {
            full(bench).end();
            bench.tick();
            assertThat(bench.traces.spans()).hasSize(1).allSatisfy(ScrubbedTest::assertClean);
        }
    }

    @Test
    void heldSpans_haveNoSecretInTheirBytes_norWhenTheyComeBack() {
        try (Bench bench = new Bench(0, 1)) {
            Span span = full(bench);
            span.setStatus(StatusCode.OK);
            span.end();
            bench.tick();
            HeldTrace held = bench.sampling.heldForTest(span.getSpanContext().getTraceId());
            assertThat(held.parts())
                    .isNotEmpty()
                    .allSatisfy(part -> assertThat(new String(part.spans().bytes(), StandardCharsets.ISO_8859_1))
                            .doesNotContain(SECRET, "hunter2"));
            bench.sampling.keep(span.getSpanContext().getTraceId(), "signal", "f");
            bench.tick();
            assertThat(bench.traces.spans()).hasSize(1).allSatisfy(ScrubbedTest::assertClean);
        }
    }

    @Test
    void harmlessAttributes_keepTheirTypes() {
        try (Bench bench = new Bench(1.0, 1)) {
            Attributes attributes = Attributes.builder()
                    .put("text", "hello")
                    .put("count", 7L)
                    .put("ratio", 0.5)
                    .put("flag", true)
                    .put("names", "a", "b")
                    .put("numbers", 1L, 2L)
                    .put("flags", true, false)
                    .build();
            Span span = bench.root("request");
            span.setAllAttributes(attributes);
            span.end();
            bench.tick();
            SpanData kept = bench.traces.spans().get(0);
            attributes.forEach(
                    (key, value) -> assertThat(kept.getAttributes().get(key)).isEqualTo(value));
        }
    }

    private static Span full(Bench bench) {
        SpanContext linked = SpanContext.create(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getDefault(),
                TraceState.getDefault());
        Span span = bench.tracer
                .spanBuilder("call with " + SECRET)
                .setParent(Context.root())
                .addLink(linked, Attributes.builder().put("key", SECRET).build())
                .startSpan();
        span.setAttribute("password", "hunter2");
        span.setAttribute("text", "the key is " + SECRET);
        span.setAttribute(AttributeKey.stringArrayKey("list"), List.of("fine", SECRET));
        span.setAttribute(AttributeKey.valueKey("any"), Value.of(Value.of("fine"), Value.of(SECRET)));
        span.addEvent(
                "event " + SECRET,
                Attributes.builder().put("password", "hunter2").build());
        span.recordException(new IllegalStateException("refused: " + SECRET));
        span.setStatus(StatusCode.ERROR, "refused: " + SECRET);
        return span;
    }

    private static void assertClean(SpanData span) {
        List<Object> everything = new ArrayList<>();
        everything.add(span.getName());
        everything.add(span.getStatus().getDescription());
        everything.add(span.getAttributes().asMap().toString());
        for (EventData event : span.getEvents()) {
            everything.add(event.getName());
            everything.add(event.getAttributes().asMap().toString());
        }
        for (LinkData link : span.getLinks()) {
            everything.add(link.getAttributes().asMap().toString());
        }
        assertThat(everything.toString()).doesNotContain(SECRET, "hunter2").contains("IllegalStateException");
    }
}
