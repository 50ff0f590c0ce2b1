/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpanCodecTest {
    private final Resource one =
            Resource.create(Attributes.builder().put("service.name", "one").build());
    private final Resource two =
            Resource.create(Attributes.builder().put("service.name", "two").build());

    @Test
    void decode_givesBackWhatWasEncoded_forRandomSpans() {
        SpanCodec codec = new SpanCodec();
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<PlainSpan> spans = new ArrayList<>();
            for (int i = random.nextInt(20); i >= 0; i--) {
                spans.add(span(random));
            }
            SpanCodec.Encoded encoded = codec.encode(spans);
            assertThat(SpanCodec.decode(encoded)).as("seed " + seed).isEqualTo(spans);
        }
    }

    @Test
    void ordinarySpan_takesAboutTwoHundredBytes() {
        List<PlainSpan> spans = new ArrayList<>();
        Random random = new Random(1);
        String traceId = new Bench.SeededIds(1).generateTraceId();
        for (int i = 0; i < 10; i++) {
            AttributesBuilder attributes = Attributes.builder();
            for (int a = 0; a < 5; a++) {
                attributes.put("app.attribute." + a, "value " + random.nextInt(1_000_000));
            }
            spans.add(new PlainSpan(
                    context(random, traceId, TraceState.getDefault(), false),
                    context(random, traceId, TraceState.getDefault(), false),
                    one,
                    InstrumentationScopeInfo.create("io.tracebridge"),
                    "step " + i,
                    SpanKind.INTERNAL,
                    1_700_000_000_000_000_000L + i * 1_000_000L,
                    1_700_000_000_000_000_000L + i * 1_500_000L,
                    attributes.build(),
                    List.of(),
                    List.of(),
                    StatusData.unset(),
                    5,
                    0,
                    0));
        }
        // measured 130 bytes a span; the page in RATIONALE.md promises the order of magnitude
        assertThat(new SpanCodec().encode(spans).bytes().length / 10).isLessThan(200);
    }

    private PlainSpan span(Random random) {
        String traceId = new Bench.SeededIds(random.nextInt(3)).generateTraceId();
        TraceState state = random.nextBoolean()
                ? TraceState.getDefault()
                : TraceState.builder()
                        .put("b", "2")
                        .put("a" + random.nextInt(2), "1")
                        .put("ot", "th:8;rv:00000000000001")
                        .build();
        SpanContext parent = random.nextInt(3) == 0
                ? SpanContext.getInvalid()
                : context(random, traceId, state, random.nextBoolean());
        List<EventData> events = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            events.add(EventData.create(random.nextLong() >>> 2, text(random), attributes(random), 9));
        }
        List<LinkData> links = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            links.add(LinkData.create(context(random, traceId, state, true), attributes(random), 12));
        }
        long start = random.nextLong() >>> 2;
        return new PlainSpan(
                context(random, traceId, state, false),
                parent,
                random.nextBoolean() ? one : two,
                InstrumentationScopeInfo.builder("scope" + random.nextInt(3))
                        .setVersion(random.nextBoolean() ? "1" : null)
                        .setSchemaUrl(random.nextBoolean() ? "https://schema" : null)
                        .setAttributes(attributes(random))
                        .build(),
                text(random),
                SpanKind.values()[random.nextInt(5)],
                start,
                start + random.nextInt(1_000_000),
                attributes(random),
                List.copyOf(events),
                List.copyOf(links),
                StatusData.create(StatusCode.values()[random.nextInt(3)], text(random)),
                random.nextInt(100),
                events.size() + 3,
                links.size() + 1);
    }

    private static SpanContext context(Random random, String traceId, TraceState state, boolean remote) {
        String spanId = io.opentelemetry.api.trace.SpanId.fromLong(random.nextLong() | 1);
        TraceFlags flags = TraceFlags.fromByte((byte) random.nextInt(4));
        return remote
                ? SpanContext.createFromRemoteParent(traceId, spanId, flags, state)
                : SpanContext.create(traceId, spanId, flags, state);
    }

    private static Attributes attributes(Random random) {
        AttributesBuilder builder = Attributes.builder();
        for (int i = random.nextInt(6); i > 0; i--) {
            String key = "key" + random.nextInt(20);
            switch (random.nextInt(8)) {
                case 0 -> builder.put(key, text(random));
                case 1 -> builder.put(key, random.nextBoolean());
                case 2 -> builder.put(key, random.nextLong());
                case 3 -> builder.put(key, random.nextDouble());
                case 4 -> builder.put(key, text(random), text(random));
                case 5 -> builder.put(key, true, false);
                case 6 -> builder.put(AttributeKey.longArrayKey(key), List.of(-1L, Long.MIN_VALUE, Long.MAX_VALUE));
                default -> builder.put(AttributeKey.doubleArrayKey(key), List.of(Double.NaN, -0.0, 1e300));
            }
        }
        return builder.build();
    }

    private static String text(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> "GET /orders/{id}";
            case 2 -> "ünïcode \uD83D\uDE80 " + random.nextInt();
            case 3 -> "x".repeat(60 + random.nextInt(10));
            default -> "y".repeat(random.nextInt(5_000));
        };
    }
}
