/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static io.tracebridge.dashboard.ingest.IngestServer.SPAN;
import static io.tracebridge.dashboard.ingest.IngestServer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.ingest.IngestServer.Answer;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.SpanRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules S1 to S27 and the limits ask for beyond the cases of {@link SentryConformanceTest}. */
class SentryRulesTest extends WithIngestServer {
    private static final String ID = "9ec79c33ec9942ab8353589fcb2e04dc";
    private static final String EVENT = "{\"type\":\"event\"}\n{\"message\":\"hello\"}\n";

    @ParameterizedTest
    @ValueSource(strings = {"/api/1/envelope/", "/api/4509/envelope", "/api/my-project/envelope/", "/api/0/envelope"})
    void s1_projectIsAnyWord(String path) {
        assertThat(server.post(path, null, ("{}\n" + EVENT).getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void s4_keysOfHeaderAndQueryMustAgree() {
        try (IngestServer asking = new IngestServer(IngestOptions.defaults().withKeys(Set.of("a", "b")), null)) {
            byte[] event = "{\"message\":\"x\"}".getBytes(StandardCharsets.UTF_8);
            String auth = "Sentry sentry_version=7,sentry_key=a,sentry_client=x/1";
            Answer differ = asking.post("/api/1/store/?sentry_key=b", null, event, "X-Sentry-Auth", auth);
            assertThat(differ.code()).isEqualTo(403);
            assertThat(differ.text())
                    .contains("\"detail\":\"the keys of header, query and dsn differ\"", "\"causes\":[]");
            assertThat(asking.issues()).isEmpty();
            assertThat(asking.post("/api/1/store/?sentry_key=a", null, event, "X-Sentry-Auth", auth)
                            .code())
                    .isEqualTo(200);
            assertThat(asking.issues()).hasSize(1);
            assertThat(asking.counted("sentry", "envelope", "wrong_key")).isEqualTo(1);
        }
    }

    /** Made by the reference encoder at its best quality: back references, Huffman codes and its dictionary. */
    @Test
    void s6_brotliOfTheReferenceEncoder_isUnpacked() {
        byte[] packed = Base64.getDecoder()
                .decode("G7oAwJyHsRtiTFyn+WqXlHtrafBv21J/mTuFDd23FU4GRlOHpS8VgOZ0csD+L4yKeqLNY4080BOvZ6wTIaD7Hi2gnbfS"
                        + "bKfk7Z1h3Xroy9n26SuJ9Q+ud5wLcpxP6NJRGeaYaNsEyoDXgqUPweLBdrPYyAReLSFFoAtEKgY=");
        assertThat(server.envelope(packed, "Content-Encoding", "br").text()).isEqualTo("{\"id\":\"" + ID + "\"}");
        assertThat(server.events()).extracting(EventRecord::message).containsExactly("hello world");
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "GZIP", "gzip"})
    void s6_namesOfEncodings_areNotCaseSensitive(String name) {
        byte[] plain = ("{}\n" + EVENT).getBytes(StandardCharsets.UTF_8);
        byte[] body = name.equals("identity") ? plain : IngestServer.gzip(plain);
        assertThat(server.envelope(body, "Content-Encoding", name).code()).isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void s7_unknownAttributesOfHeaders_areKeptWithWhatIsKept() {
        Answer answer = server.envelope("{\"event_id\":\"" + ID + "\",\"from\":{\"the\":[\"future\"]}}\n"
                + "{\"type\":\"attachment\",\"filename\":\"a.txt\",\"future\":7}\nabc\n");
        assertThat(answer.code()).isEqualTo(200);
        assertThat(server.retained())
                .singleElement()
                .satisfies(item -> assertThat(item.header()).contains("\"filename\":\"a.txt\"", "\"future\":7"));
    }

    @Test
    void s9_carriageReturn_belongsToThePayload_alsoWithoutLength() {
        server.envelope("{}\n{\"type\":\"attachment\"}\nabc\r\n");
        assertThat(server.retained()).singleElement().satisfies(item -> {
            assertThat(item.payload()).isEqualTo("abc\r");
            assertThat(item.payloadBytes()).isEqualTo(4);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{}\n", "{}\n\n\n"})
    void s10_emptyEnvelope_isValid(String body) {
        Answer answer = server.envelope(body);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
    }

    @Test
    void s10_itemWithoutBytesAndLength_isEmpty() {
        assertThat(server.envelope("{}\n{\"type\":\"attachment\"}\n\n{\"type\":\"attachment\"}\n")
                        .code())
                .isEqualTo(200);
        assertThat(server.retained())
                .hasSize(2)
                .allSatisfy(item -> assertThat(item.payloadBytes()).isZero());
    }

    @Test
    void s12_oneEventAtMost() {
        assertThat(server.envelope("{}\n" + EVENT + EVENT).code()).isEqualTo(400);
        assertThat(server.issues()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"gauge, false", "distribution, false", "counter, true"})
    void s14_metricsOfEveryType_arePoints(String type, boolean delta) {
        server.envelope(
                "{}\n{\"type\":\"trace_metric\",\"item_count\":1}\n{\"items\":[{\"timestamp\":1763817600.5,"
                        + "\"trace_id\":\"" + TRACE + "\",\"name\":\"m." + type + "\",\"type\":\"" + type
                        + "\",\"value\":2.5,\"unit\":\"second\",\"attributes\":{\"k\":{\"value\":\"v\",\"type\":\"string\"}}}]}\n");
        assertThat(server.points("m." + type)).singleElement().satisfies(point -> {
            assertThat(point.type()).isEqualTo(type);
            assertThat(point.delta()).isEqualTo(delta);
            assertThat(point.value()).isEqualTo(2.5);
            assertThat(point.unit()).isEqualTo("second");
            assertThat(point.attributes()).contains("\"k\":\"v\"");
        });
    }

    @Test
    void s15_spanSentAlone_isASpan() {
        server.envelope(
                "{}\n{\"type\":\"span\"}\n{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN
                        + "\",\"op\":\"db\",\"description\":\"SELECT 1\",\"start_timestamp\":1763817600,\"timestamp\":1763817600.25}\n");
        assertThat(server.spans()).singleElement().satisfies(span -> {
            assertThat(span.category()).isEqualTo("db");
            assertThat(span.durationNanos()).isEqualTo(250_000_000L);
        });
    }

    @Test
    void s15_replays_areKeptWhateverTheirBytes() {
        for (String type : new String[] {"replay_recording", "replay_video"}) {
            assertThat(server.envelope("{}\n{\"type\":\"" + type + "\",\"length\":3}\n\u0001\n\u0002\n")
                            .code())
                    .isEqualTo(200);
        }
        assertThat(server.retained()).extracting(RetainedItem::payloadBytes).containsOnly(3L);
    }

    @Test
    void s17_clockThatIsAboutRight_isNotTouched() {
        long sent = System.currentTimeMillis() - 40_000; // a minute is right; the rest is for a slow machine
        server.envelope("{\"sent_at\":\"" + Instant.ofEpochMilli(sent) + "\"}\n{\"type\":\"event\"}\n"
                + "{\"message\":\"x\",\"timestamp\":" + sent / 1e3 + "}\n");
        assertThat(server.events())
                .singleElement()
                .satisfies(event -> assertThat(event.timeNanos() / 1_000_000).isEqualTo(sent));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"2025-11-22T13:20:00.5Z\"", "\"2025-11-22T14:20:00.500+01:00\"", "1763817600.5"})
    void s18_timeOfAnEvent_isTextOrSeconds(String time) {
        server.envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"x\",\"timestamp\":" + time + "}\n");
        assertThat(server.events())
                .singleElement()
                .satisfies(event -> assertThat(event.timeNanos()).isEqualTo(1_763_817_600_500_000_000L));
    }

    @ParameterizedTest
    @CsvSource({"event, 1048577", "check_in, 102401", "feedback, 1048577"})
    void s20_itemPastTheLimitOfItsType_isTooLarge(String type, int bytes) {
        String frame = "{\"message\":\"\"}";
        String payload = "{\"message\":\"" + "x".repeat(bytes - frame.length()) + "\"}";
        Answer answer = server.envelope("{}\n{\"type\":\"" + type + "\",\"length\":" + bytes + "}\n" + payload + "\n");
        assertThat(answer.code()).isEqualTo(413);
        assertThat(answer.text()).contains("\"detail\"");
        assertThat(server.issues()).isEmpty();
        assertThat(server.retained()).isEmpty();
        assertThat(server.counted("sentry", "envelope", "too_large")).isEqualTo(1);

        String fits = payload.replace("xx\"}", "x\"}");
        assertThat(server.envelope("{}\n{\"type\":\"" + type + "\"}\n" + fits + "\n")
                        .code())
                .isEqualTo(200);
    }

    @Test
    void itemsPastAThousand_areTooMany() {
        String item = "{\"type\":\"session\"}\n{}\n";
        assertThat(server.envelope("{}\n" + item.repeat(1_001)).code()).isEqualTo(413);
        assertThat(server.retained()).isEmpty();
        assertThat(server.envelope("{}\n" + item.repeat(1_000)).code()).isEqualTo(200);
    }

    @Test
    void depthPast64_isRefused() {
        String deep = "{\"extra\":" + "[".repeat(64) + "]".repeat(64) + "}";
        assertThat(server.envelope("{}\n{\"type\":\"event\"}\n" + deep + "\n").code())
                .isEqualTo(400);
        assertThat(server.issues()).isEmpty();
    }

    @Test
    void attributesAndTexts_areCutWithAMark_andCounted() {
        StringBuilder attributes =
                new StringBuilder("\"long\":{\"value\":\"" + "y".repeat(20_000) + "\",\"type\":\"string\"}");
        for (int i = 0; i < 200; i++) {
            attributes.append(",\"a").append(i).append("\":{\"value\":1,\"type\":\"integer\"}");
        }
        server.envelope("{}\n{\"type\":\"log\",\"item_count\":1}\n{\"items\":[{\"timestamp\":1763817600,\"body\":\""
                + "z".repeat(70_000) + "\",\"attributes\":{" + attributes + "}}]}\n");
        assertThat(server.logs())
                .extracting(LogRecord::body)
                .allSatisfy(body -> assertThat(body).hasSizeLessThanOrEqualTo(64 * 1024));
        assertThat(server.logs()).singleElement().satisfies(log -> {
            assertThat(log.attributes()).contains("yyyy [cut]\"").hasSizeLessThan(20_000);
            assertThat(log.attributes().split("\":", -1)).hasSize(Attributes.MAX_COUNT + 1);
        });
        assertThat(server.counted("all", "attribute", "overflow")).isEqualTo(201 - Attributes.MAX_COUNT);
    }

    @Test
    void seriesWithoutBound_shareOne() {
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < KnownNames.MAX_SERIES + 100; i++) {
            points.append(i == 0 ? "" : ",")
                    .append("{\"name\":\"flood\",\"type\":\"gauge\",\"value\":1,\"attributes\":{\"id\":{\"value\":\"")
                    .append(i)
                    .append("\",\"type\":\"string\"}}}");
        }
        server.envelope("{}\n{\"type\":\"trace_metric\"}\n{\"items\":[" + points + "]}\n");
        server.store.flush();
        assertThat(server.store.metrics().points("flood", io.tracebridge.dashboard.store.Filter.ALL, 10_000))
                .extracting(MetricPoint::attributes)
                .filteredOn(attributes -> attributes.contains("__other__"))
                .hasSize(100);
        assertThat(server.counted("all", "series", "overflow")).isEqualTo(100);
    }

    @Test
    void hostileTexts_areStoredAsTexts() {
        String hostile = "'; DROP TABLE events; --<script>alert(1)</script>${jndi:x}%s\\u001b[31m";
        server.envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"" + hostile + "\",\"transaction\":\"" + hostile
                + "\",\"environment\":\"" + hostile + "\",\"release\":\"" + hostile + "\",\"platform\":\"" + hostile
                + "\",\"user\":{\"id\":\"" + hostile + "\"},\"tags\":{\"" + hostile + "\":\"" + hostile + "\"},"
                + "\"fingerprint\":[\"" + hostile + "\"]}\n");
        String stored = hostile.replace("\\u001b", "\u001b");
        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.message()).isEqualTo(stored);
            assertThat(event.environment()).isEqualTo(stored);
            assertThat(event.user()).isEqualTo(stored);
        });
        server.envelope("{}\n{\"type\":\"transaction\"}\n{\"transaction\":\"" + hostile
                + "\",\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN + "\",\"op\":\""
                + hostile + "\"}}}\n");
        assertThat(server.spans()).extracting(SpanRecord::name).containsExactly(stored);
    }
}
