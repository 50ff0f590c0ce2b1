/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdCompressor;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.StoreRecord;
import io.tracebridge.scrub.RuleScrubber;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Decoders against bytes that nobody would send: valid requests with random damage, and noise. The only ways out are a
 * result and a refusal. A seed in the name makes a failure repeatable.
 */
class DecoderFuzzTest {
    /** Longer by {@code mvn -Pfuzz}. */
    private static final Duration BUDGET = Duration.ofMillis(Long.getLong("fuzz.millis", 1_000));

    /** Names, throws and series that are remembered are bounded; so is what this test may leave behind. */
    private static final int LEAST = 100;

    private static final long MAX_GROWTH = 32 << 20;

    private static final List<String> SEEDS = List.of(
            "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\",\"sent_at\":\"2026-01-01T00:00:00Z\"}\n{\"type\":\"event\",\"length\":199}\n"
                    + "{\"timestamp\":1,\"tags\":[[\"a\",\"b\"]],\"fingerprint\":[\"{{ default }}\"],\"exception\":{\"values\":[{\"type\":\"a.B\","
                    + "\"stacktrace\":{\"frames\":[{\"module\":\"a.C$$Lambda$1\",\"function\":\"f\",\"lineno\":1}]}}]},\"user\":{\"id\":1}}\n",
            "{}\n{\"type\":\"transaction\"}\n{\"transaction\":\"t\",\"contexts\":{\"trace\":{\"trace_id\":\"5b8efff798038103d269b633813fc60c\","
                    + "\"span_id\":\"eee19b7ec3c1b174\",\"data\":{\"a\":[1,{\"b\":null}]}}},\"spans\":[{\"span_id\":\"eee19b7ec3c1b175\","
                    + "\"op\":\"db\",\"description\":\"select 'a' from b where c in (1,2,-3)\",\"timestamp\":\"2026-01-01T00:00:00\"}]}\n",
            "{}\n{\"type\":\"log\",\"item_count\":1}\n{\"items\":[{\"body\":\"x 12 https://a.b/c?d\",\"attributes\":{\"k\":{\"value\":1}}}]}\n"
                    + "{\"type\":\"trace_metric\"}\n{\"items\":[{\"name\":\"m\",\"type\":\"gauge\",\"value\":1e308}]}\n{\"type\":\"client_report\"}\n"
                    + "{\"discarded_events\":[{\"reason\":\"r\",\"quantity\":1}]}\n{\"type\":\"x\",\"length\":3}\nabc\n");

    private static final List<String> OTLP_SEEDS = List.of(
            "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"kvlistValue\":{\"values\":[{\"key\":\"a\","
                    + "\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":\"1\"},{\"doubleValue\":\"NaN\"}]}}}]}}}]},\"scopeSpans\":[{\"spans\":["
                    + "{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"eee19b7ec3c1b174\",\"name\":\"GET /a/1?b\",\"kind\":3,"
                    + "\"traceState\":\"ot=th:8\",\"startTimeUnixNano\":\"1\",\"events\":[{\"name\":\"exception\",\"attributes\":[{\"key\":"
                    + "\"exception.stacktrace\",\"value\":{\"stringValue\":\"a.B: c\\n\\tat d.E.f(G.java:1)\\nCaused by: x\\n\\t... 1 more\"}}]}]}]}]}]}",
            "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"name\":\"m\",\"histogram\":{\"dataPoints\":[{\"bucketCounts\":[1,\"2\"],"
                    + "\"explicitBounds\":[1]}]}},{\"name\":\"n\",\"sum\":{\"dataPoints\":[{\"asInt\":\"1\"}]}}]}]}]}",
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":17,\"body\":{\"bytesValue\":\"AAEC\"},\"attributes\":["
                    + "{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"a.B\"}}]}]}]}]}");

    private final IngestLedger ledger = new IngestLedger();
    private final Context context = new Context(
            RuleScrubber.create(), ledger, Clock.systemUTC(), new KnownNames(), new SeenThrows(), new SeenEvents());
    private final Intake intake = new EveryIntake();
    private final Refusals refusals = new Refusals(context);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void envelopes_areReadOrRefused(long seed) {
        SentryIntake sentry = new SentryIntake(intake, context, refusals);
        damage(SEEDS, seed, bytes -> sentry.store(EnvelopeReader.read(bytes)));
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void otlpJson_isReadOrRefused(long seed) {
        OtlpIntake otlp = new OtlpIntake(intake, context, refusals);
        damage(OTLP_SEEDS, seed, bytes -> {
            for (OtlpSignal signal : OtlpSignal.values()) {
                var builder = signal.request();
                String warning = OtlpJsonReader.read(bytes, builder);
                otlp.store(signal, "otlp-http", builder.build(), warning);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void otlpProtobuf_isReadOrRefused(long seed) throws RejectedException {
        OtlpIntake otlp = new OtlpIntake(intake, context, refusals);
        ExportTraceServiceRequest.Builder traces = ExportTraceServiceRequest.newBuilder();
        ExportMetricsServiceRequest.Builder metrics = ExportMetricsServiceRequest.newBuilder();
        ExportLogsServiceRequest.Builder logs = ExportLogsServiceRequest.newBuilder();
        OtlpJsonReader.read(OTLP_SEEDS.get(0).getBytes(StandardCharsets.UTF_8), traces);
        OtlpJsonReader.read(OTLP_SEEDS.get(1).getBytes(StandardCharsets.UTF_8), metrics);
        OtlpJsonReader.read(OTLP_SEEDS.get(2).getBytes(StandardCharsets.UTF_8), logs);
        List<byte[]> seeds = List.of(
                traces.build().toByteArray(),
                metrics.build().toByteArray(),
                logs.build().toByteArray());
        damageBytes(seeds, seed, bytes -> {
            for (OtlpSignal signal : OtlpSignal.values()) {
                try {
                    otlp.store(signal, "otlp-grpc", signal.parse(bytes), null);
                } catch (RejectedException refused) {
                    assertThat(refused.getMessage()).isNotEmpty();
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "zstd"})
    void packedBodies_areUnpackedOrRefused(String coding) {
        byte[] plain = SEEDS.get(0).getBytes(StandardCharsets.UTF_8);
        List<byte[]> seeds = switch (coding) {
            case "gzip" -> List.of(IngestServer.gzip(plain), IngestServer.gzip(new byte[1 << 16]));
            case "deflate" -> List.of(deflated(plain, false), deflated(plain, true), plain);
            case "br" -> List.of(new byte[] {0x0b, 2, (byte) 0x80, 104, 101, 108, 108, 111, 3}, plain, noise());
            default -> List.of(zstd(plain), zstd(new byte[1 << 16]), noise());
        };
        damageBytes(
                seeds,
                7,
                bytes -> assertThat(ContentCoding.unpack(bytes, coding, 1 << 20).length)
                        .isLessThanOrEqualTo(1 << 20));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "identity"})
    void grpcFrames_areReadOrRefused(String encoding) {
        OtlpIntake otlp = new OtlpIntake(intake, context, refusals);
        byte[] message = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .addScopeSpans(ScopeSpans.newBuilder()
                                .addSpans(Span.newBuilder().setName("x".repeat(200)))))
                .build()
                .toByteArray();
        List<byte[]> seeds = List.of(
                frame(0, message), frame(1, IngestServer.gzip(message)), frame(1, message), frame(2, new byte[0]));
        damageBytes(
                seeds,
                8,
                bytes -> otlp.store(
                        OtlpSignal.TRACES,
                        "otlp-grpc",
                        OtlpSignal.TRACES.parse(OtlpGrpcEndpoint.message(bytes, encoding)),
                        null));
    }

    private static byte[] frame(int flag, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flag)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] deflated(byte[] plain, boolean withoutHeader) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, withoutHeader);
        deflater.setInput(plain);
        deflater.finish();
        byte[] packed = new byte[plain.length + 64];
        int length = deflater.deflate(packed);
        deflater.end();
        return Arrays.copyOf(packed, length);
    }

    private static byte[] zstd(byte[] plain) {
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
        int length = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
        return Arrays.copyOf(packed, length);
    }

    private static byte[] noise() {
        byte[] noise = new byte[256];
        new Random(9).nextBytes(noise);
        return noise;
    }

    private interface Decoder {
        void decode(byte[] bytes) throws RejectedException;
    }

    private static void damage(List<String> seeds, long seed, Decoder decoder) {
        damageBytes(
                seeds.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                seed,
                decoder);
    }

    private static void damageBytes(List<byte[]> seeds, long seed, Decoder decoder) {
        Random random = new Random(seed);
        long usedBefore = usedAfterCollection();
        long end = System.nanoTime() + BUDGET.toNanos();
        int decoded = 0;
        int refused = 0;
        long slowestNanos = 0;
        while (System.nanoTime() < end || decoded + refused < LEAST) {
            byte[] bytes = damaged(seeds.get(random.nextInt(seeds.size())), random);
            long began = System.nanoTime();
            try {
                decoder.decode(bytes);
                decoded++;
            } catch (RejectedException expected) {
                refused++;
            } catch (RuntimeException | StackOverflowError broken) {
                throw new AssertionError(
                        "seed " + seed + ": " + Base64.getEncoder().encodeToString(bytes), broken);
            }
            slowestNanos = Math.max(slowestNanos, System.nanoTime() - began);
        }
        System.out.printf(
                "fuzz: %,d decoded, %,d refused, slowest %d ms%n", decoded, refused, slowestNanos / 1_000_000);
        // inputs are 64 KiB at most: more than this is no pause of the machine but a decoder that does not come back
        assertThat(Duration.ofNanos(slowestNanos)).isLessThan(Duration.ofSeconds(10));
        assertThat(usedAfterCollection() - usedBefore).isLessThan(MAX_GROWTH);
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static byte[] damaged(byte[] seed, Random random) {
        byte[] bytes = seed.clone();
        for (int edits = random.nextInt(6); edits > 0; edits--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "{}[]\",:0-9e\n\\".charAt(random.nextInt(13));
                case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 3 -> {
                    int from = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(64), bytes.length - Math.max(from, at));
                    System.arraycopy(bytes, from, bytes, at, length);
                }
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length * 2);
                    System.arraycopy(bytes, 0, longer, bytes.length, bytes.length);
                    bytes = longer.length > 1 << 16 ? bytes : longer;
                }
            }
        }
        return bytes;
    }

    private static final class EveryIntake implements Intake {
        @Override
        public Admission offer(List<? extends StoreRecord> records) {
            return Admission.ACCEPTED;
        }

        @Override
        public boolean accepts(Class<? extends StoreRecord> kind) {
            return true;
        }
    }
}
