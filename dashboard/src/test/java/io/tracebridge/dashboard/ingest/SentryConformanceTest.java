/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static io.tracebridge.dashboard.ingest.IngestServer.SPAN;
import static io.tracebridge.dashboard.ingest.IngestServer.TRACE;
import static org.assertj.core.api.Assertions.assertThat;

import io.airlift.compress.zstd.ZstdOutputStream;
import io.tracebridge.dashboard.ingest.IngestServer.Answer;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.RetainedItem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import okhttp3.Request;
import org.junit.jupiter.api.Test;

/** The cases of the protocol checklist, E1 to E30, over a real connection; each looks at what is stored. */
class SentryConformanceTest extends WithIngestServer {
    private static final String ID = "9ec79c33ec9942ab8353589fcb2e04dc";
    private static final String E1 = "{\"event_id\":\"" + ID + "\",\"dsn\":\"http://k@localhost:8969/1\"}\n"
            + "{\"type\":\"event\",\"length\":41,\"content_type\":\"application/json\"}\n"
            + "{\"message\":\"hello world\",\"level\":\"error\"}\n";

    @Test
    void e1_event_isStoredAsOneIssue() {
        Answer answer = server.envelope(E1);

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{\"id\":\"" + ID + "\"}");
        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(server.issues()).singleElement().satisfies(issue -> {
            assertThat(issue.message()).isEqualTo("hello world");
            assertThat(issue.level()).isEqualTo("error");
            assertThat(issue.events()).isEqualTo(1);
        });
        assertThat(server.events()).extracting(EventRecord::eventId).containsExactly(ID);
    }

    @Test
    void e2_lastNewline_mayBeMissing() {
        assertThat(server.envelope(E1.stripTrailing()).code()).isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void e3_lengthTooShort_isRefused() {
        refused(E1.replace("41", "40"));
    }

    @Test
    void e4_lengthTooLong_isRefused() {
        refused(E1.replace("41", "400"));
    }

    @Test
    void e5_lengthMissing_readsToTheNewline() {
        assertThat(server.envelope(E1.replace("\"length\":41,", "")).code()).isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void e6_emptyHeader_isEnough() {
        Answer answer = server.envelope("{}\n{\"type\":\"session\"}\n{\"started\":\"2020-02-07T14:16:00Z\"}");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(server.retained()).extracting(RetainedItem::type).containsExactly("session");
    }

    @Test
    void e7_emptyAttachments_areTwo() {
        Answer answer = server.envelope("{\"event_id\":\"" + ID + "\"}\n"
                + "{\"type\":\"attachment\",\"length\":0,\"filename\":\"a\"}\n\n"
                + "{\"type\":\"attachment\",\"length\":0,\"filename\":\"b\"}\n");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(server.retained()).hasSize(2).allSatisfy(item -> {
            assertThat(item.payloadBytes()).isZero();
            assertThat(item.eventId()).isEqualTo(ID);
        });
    }

    @Test
    void e8_attachment_keepsItsBytes() {
        server.envelope("{\"event_id\":\"" + ID + "\"}\n"
                + "{\"type\":\"attachment\",\"length\":10,\"filename\":\"h.txt\"}\n\ufeffHello\r\n\n");

        assertThat(server.retained()).singleElement().satisfies(item -> {
            assertThat(item.payloadBytes()).isEqualTo(10);
            assertThat(item.payload()).isEqualTo("\ufeffHello\r\n");
        });
    }

    @Test
    void attachmentThatIsNoText_isKeptAsBase64() {
        byte[] head = "{}\n{\"type\":\"attachment\",\"length\":4}\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(head);
        body.writeBytes(new byte[] {(byte) 0xff, 0, 10, (byte) 0xfe});

        assertThat(server.envelope(body.toByteArray()).code()).isEqualTo(200);
        assertThat(server.retained()).singleElement().satisfies(item -> {
            assertThat(item.base64()).isTrue();
            assertThat(Base64.getDecoder().decode(item.payload())).containsExactly(0xff, 0, 10, 0xfe);
        });
    }

    @Test
    void e9_headersOnly_areAccepted() {
        Answer answer = server.envelope("{\"event_id\":\"" + ID + "\"}");
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).contains(ID);
    }

    @Test
    void e10_unknownItem_isKeptBesideTheEvent() {
        Answer answer =
                server.envelope("{\"event_id\":\"" + ID + "\"}\n{\"type\":\"from_the_future\",\"length\":3}\nabc\n"
                        + "{\"type\":\"event\",\"length\":17}\n{\"message\":\"one\"}\n");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
        assertThat(server.retained()).singleElement().satisfies(item -> {
            assertThat(item.type()).isEqualTo("from_the_future");
            assertThat(item.payload()).isEqualTo("abc");
        });
        assertThat(server.counted("sentry", "unknown", "accepted")).isEqualTo(1);
    }

    @Test
    void e11_noJson_isRefusedWithDetail() {
        Answer answer = server.envelope("not json\n");
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.text()).contains("\"detail\"");
        assertThat(server.ledger.rejects().get(0)).satisfies(reject -> {
            assertThat(reject.reason()).isEqualTo("malformed");
            assertThat(reject.sample()).isEqualTo("not json ");
        });
    }

    @Test
    void e12_emptyBody_isRefused() {
        refused("");
    }

    @Test
    void e13_dashedId_losesItsDashes() {
        Answer answer = server.envelope(E1.replace(ID, "9ec79c33-ec99-42ab-8353-589fcb2e04dc"));
        assertThat(answer.text()).isEqualTo("{\"id\":\"" + ID + "\"}");
        assertThat(server.events()).extracting(EventRecord::eventId).containsExactly(ID);
    }

    @Test
    void e14_headerId_winsOverThePayloads() {
        server.envelope("{\"event_id\":\"" + ID + "\"}\n{\"type\":\"event\"}\n"
                + "{\"event_id\":\"00000000000000000000000000000001\",\"message\":\"x\"}\n");
        assertThat(server.events()).extracting(EventRecord::eventId).containsExactly(ID);
    }

    @Test
    void e15_eventAndTransaction_doNotShareAnEnvelope() {
        refused("{}\n{\"type\":\"event\"}\n{\"message\":\"x\"}\n{\"type\":\"transaction\"}\n{}\n");
        assertThat(server.issues()).isEmpty();
    }

    @Test
    void e16_log_joinsItsTrace() {
        String log = "{\"items\":[{\"timestamp\":1763817600.123,\"trace_id\":\"" + TRACE
                + "\",\"level\":\"info\",\"body\":\"hi\",\"attributes\":{\"n\":{\"value\":3,\"type\":\"integer\"},"
                + "\"sentry.environment\":{\"value\":\"dev\",\"type\":\"string\"}}}]}";
        Answer answer = server.envelope("{}\n{\"type\":\"log\",\"item_count\":1,"
                + "\"content_type\":\"application/vnd.sentry.items.log+json\",\"length\":" + log.length() + "}\n" + log
                + "\n");

        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(server.logs()).singleElement().satisfies(stored -> {
            assertThat(stored.traceId()).isEqualTo(TRACE);
            assertThat(stored.body()).isEqualTo("hi");
            assertThat(stored.level()).isEqualTo("info");
            assertThat(stored.environment()).isEqualTo("dev");
            assertThat(stored.timeNanos()).isEqualTo(1_763_817_600_123_000_000L);
            assertThat(stored.attributes()).contains("\"n\":3");
        });
    }

    @Test
    void e17_itemCountThatDiffers_isCountedAndTheLogKept() {
        String log = "{\"items\":[{\"body\":\"hi\"}]}";
        server.envelope("{}\n{\"type\":\"log\",\"item_count\":2,\"length\":" + log.length() + "}\n" + log + "\n");

        assertThat(server.logs()).hasSize(1);
        assertThat(server.counted("sentry", "log", "item_count_differs")).isEqualTo(1);
    }

    @Test
    void e18_traceMetric_isAPoint() {
        server.envelope("{}\n{\"type\":\"trace_metric\",\"item_count\":1}\n"
                + "{\"items\":[{\"timestamp\":1763817600.123,\"trace_id\":\"" + TRACE
                + "\",\"name\":\"tool_executions\",\"type\":\"counter\",\"value\":1}]}\n");

        assertThat(server.points("tool_executions")).singleElement().satisfies(point -> {
            assertThat(point.type()).isEqualTo("counter");
            assertThat(point.delta()).isTrue();
            assertThat(point.value()).isEqualTo(1);
            assertThat(point.traceId()).isEqualTo(TRACE);
        });
    }

    @Test
    void e19_everyEncoding_isUnpacked() throws IOException {
        byte[] plain = E1.getBytes(StandardCharsets.UTF_8);
        // made with the brotli command: the decoder in use cannot encode
        byte[] brotli = brotliStored(plain);

        assertThat(server.envelope(IngestServer.gzip(plain), "Content-Encoding", "gzip")
                        .code())
                .isEqualTo(200);
        assertThat(server.envelope(deflate(plain, false), "Content-Encoding", "deflate")
                        .code())
                .isEqualTo(200);
        assertThat(server.envelope(deflate(plain, true), "Content-Encoding", "deflate")
                        .code())
                .isEqualTo(200);
        assertThat(server.envelope(zstd(plain), "Content-Encoding", "zstd").code())
                .isEqualTo(200);
        assertThat(server.envelope(brotli, "Content-Encoding", "br").code()).isEqualTo(200);
        assertThat(server.counted("sentry", "event", "accepted")).isEqualTo(1);
        assertThat(server.counted("sentry", "event", "duplicate")).isEqualTo(4);
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(1));
    }

    @Test
    void e20_plainBodyCalledGzip_isRefused() {
        assertThat(server.envelope(E1, "Content-Encoding", "gzip").code()).isEqualTo(400);
        assertThat(server.envelope(E1, "Content-Encoding", "br").code()).isEqualTo(400);
        assertThat(server.envelope(E1, "Content-Encoding", "zstd").code()).isEqualTo(400);
        assertThat(server.envelope(E1, "Content-Encoding", "deflate").code()).isEqualTo(400);
        assertThat(server.issues()).isEmpty();
    }

    @Test
    void e21_unknownEncoding_isNamed() {
        Answer answer = server.envelope(E1, "Content-Encoding", "lz4");
        assertThat(answer.code()).isEqualTo(415);
        assertThat(answer.text()).contains("content encoding");
    }

    @Test
    void e22_bomb_isRefusedBeforeItUnfolds() {
        byte[] bomb = IngestServer.gzip(new byte[101 * 1024 * 1024]);
        assertThat(bomb.length).isLessThan(110_000);

        assertThat(server.envelope(bomb, "Content-Encoding", "gzip").code()).isEqualTo(413);
        assertThat(server.counted("sentry", "envelope", "too_large")).isEqualTo(1);
    }

    @Test
    void e23_longHeader_isRefused() {
        refused("{\"event_id\":\"" + ID + "\",\"x\":\"" + "a".repeat(9 * 1024) + "\"}\n");
    }

    @Test
    void e24_sameEventTwice_countsOnce() {
        server.envelope(E1);
        server.store.flush();
        assertThat(server.envelope(E1).code()).isEqualTo(200);
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(1));
        assertThat(server.counted("sentry", "event", "accepted")).isEqualTo(1);
        assertThat(server.counted("sentry", "event", "duplicate")).isEqualTo(1);
    }

    @Test
    void transactionTwice_isADuplicateOfItsSpans() {
        String transaction =
                "{\"event_id\":\"" + ID + "\"}\n{\"type\":\"transaction\"}\n{\"transaction\":\"t\",\"contexts\":"
                        + "{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN + "\"}},"
                        + "\"spans\":[{\"span_id\":\"00000000000000a1\"}]}\n";
        for (int i = 0; i < 2; i++) {
            assertThat(server.envelope(transaction).text()).isEqualTo("{\"id\":\"" + ID + "\"}");
        }

        assertThat(server.spans()).hasSize(2);
        assertThat(server.counted("sentry", "transaction", "accepted")).isEqualTo(2);
        assertThat(server.counted("sentry", "transaction", "duplicate")).isEqualTo(2);
    }

    @Test
    void e25_contentType_isNotLookedAt() {
        for (String type : new String[] {
            null, "text/plain", "text/plain;charset=UTF-8", "multipart/form-data", "application/x-www-form-urlencoded"
        }) {
            assertThat(server.post("/api/1/envelope", type, E1.getBytes(StandardCharsets.UTF_8))
                            .code())
                    .isEqualTo(200);
        }
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void e28_keys_mustAgreeAndBeKnown_whenAsked() {
        try (IngestServer asking = new IngestServer(IngestOptions.defaults().withKeys(Set.of("k", "a")), null)) {
            String auth = "Sentry sentry_version=7, sentry_client=x/1, sentry_key=";
            assertThat(asking.envelope(E1, "X-Sentry-Auth", auth + "a").code()).isEqualTo(403);
            assertThat(asking.envelope(E1.replace("k@", ""), "X-Sentry-Auth", auth + "z")
                            .code())
                    .isEqualTo(403);
            assertThat(asking.envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"m\"}")
                            .code())
                    .isEqualTo(403);
            assertThat(asking.otlp("traces", "{}").code()).isEqualTo(403);
            assertThat(asking.issues()).isEmpty();

            assertThat(asking.envelope(E1, "X-Sentry-Auth", auth + "k").code()).isEqualTo(200);
            assertThat(asking.post(
                                    "/api/1/store/?sentry_key=a",
                                    null,
                                    "{\"message\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                            .code())
                    .isEqualTo(200);
            assertThat(asking.otlp("traces", "{}", "Authorization", "Bearer a").code())
                    .isEqualTo(200);
            assertThat(asking.otlp("traces", "{}", "x-otlp-api-key", "k").code())
                    .isEqualTo(200);
            assertThat(asking.issues()).hasSize(2);
        }
    }

    @Test
    void keys_areReadFromTheEnvironment_andNeverPrinted() {
        IngestOptions options =
                IngestOptions.from(name -> name.equals("TRACEBRIDGE_INGEST_KEYS") ? " abc, ,def" : null);
        assertThat(options.keys()).containsExactlyInAnyOrder("abc", "def");
        assertThat(options.toString()).doesNotContain("abc");
        assertThat(IngestOptions.from(name -> null).keys()).isEmpty();
    }

    @Test
    void e29_transactionThenItsError_areLinked() {
        String transaction = "{\"type\":\"transaction\",\"transaction\":\"GET /scenes/{id}\",\"platform\":\"java\","
                + "\"start_timestamp\":1763817600.000000,\"timestamp\":\"2025-11-22T13:20:01.440Z\",\"release\":\"1.4.2\","
                + "\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN
                + "\",\"op\":\"http.server\",\"status\":\"internal_error\",\"data\":{\"http.request.method\":\"GET\","
                + "\"tracebridge.kept_because\":\"error\"}},"
                + "\"otel\":{\"resource\":{\"service.name\":\"demo\"}}},"
                + "\"spans\":[{\"span_id\":\"00000000000000a1\",\"parent_span_id\":\"" + SPAN
                + "\",\"op\":\"db\",\"description\":\"select * from scene where id = 42\",\"status\":\"ok\","
                + "\"start_timestamp\":1763817600.1,\"timestamp\":1763817600.25,\"data\":{\"db.system\":\"h2\"}}]}";
        server.envelope("{\"event_id\":\"" + ID + "\",\"trace\":{\"trace_id\":\"" + TRACE
                + "\",\"sample_rate\":\"0.1\"}}\n{\"type\":\"transaction\"}\n" + transaction + "\n");
        server.envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"boom\",\"timestamp\":1763817600.2,"
                + "\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"00000000000000a1\"}}}\n");

        assertThat(server.spans()).hasSize(2);
        assertThat(server.spans().get(0)).satisfies(root -> {
            assertThat(root.name()).isEqualTo("GET /scenes/{id}");
            assertThat(root.service()).isEqualTo("demo");
            assertThat(root.release()).isEqualTo("1.4.2");
            assertThat(root.kind()).isEqualTo("server");
            assertThat(root.category()).isEqualTo("http");
            assertThat(root.segmentRoot()).isTrue();
            assertThat(root.startNanos()).isEqualTo(1_763_817_600_000_000_000L);
            assertThat(root.durationNanos()).isEqualTo(1_440_000_000L);
            assertThat(root.errorType()).isEqualTo("internal_error");
            assertThat(root.weight()).isEqualTo(10.0);
            assertThat(root.keptBecause()).isEqualTo("error");
        });
        assertThat(server.spans().get(1)).satisfies(child -> {
            assertThat(child.parentId()).isEqualTo(SPAN);
            assertThat(child.category()).isEqualTo("db");
            assertThat(child.operation()).isEqualTo("SELECT * FROM scene WHERE id = ?");
            assertThat(child.service()).isEqualTo("demo");
            assertThat(child.durationNanos()).isEqualTo(150_000_000L);
        });
        assertThat(server.store.issues().eventsOfTrace(TRACE, 10))
                .singleElement()
                .satisfies(stored -> assertThat(stored.event().spanId()).isEqualTo("00000000000000a1"));
    }

    @Test
    void e30_length_countsBytes() {
        String payload = "{\"message\":\"a\u2028b \uD83D\uDE00\"}";
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        assertThat(server.envelope("{}\n{\"type\":\"event\",\"length\":" + bytes + "}\n" + payload + "\n")
                        .code())
                .isEqualTo(200);
        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.message()).isEqualTo("a\u2028b \uD83D\uDE00"));
    }

    @Test
    void store_takesAPlainEvent_andMakesAnIdWhenThereIsNone() {
        Answer with = server.post(
                "/api/1/store/?sentry_key=k&sentry_version=7",
                "application/json",
                ("{\"event_id\":\"" + ID + "\",\"message\":\"x\"}").getBytes(StandardCharsets.UTF_8));
        Answer without =
                server.post("/api/1/store", "application/json", "{\"message\":\"y\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(with.text()).isEqualTo("{\"id\":\"" + ID + "\"}");
        assertThat(without.text()).matches("\\{\"id\":\"[0-9a-f]{32}\"}");
        assertThat(server.issues()).hasSize(2);
    }

    @Test
    void stream_takesEnvelopes_likeSpotlight() {
        assertThat(server.post("/stream", "application/x-sentry-envelope", E1.getBytes(StandardCharsets.UTF_8))
                        .code())
                .isEqualTo(200);
        assertThat(server.issues()).hasSize(1);
    }

    @Test
    void getOfAnEndpoint_saysWhatItTakes() {
        Answer answer = server.send(
                new Request.Builder().url(server.url("/api/1/envelope/")).get());
        assertThat(answer.code()).isEqualTo(405);
        assertThat(answer.headers().get("Allow")).isEqualTo("POST");
    }

    @Test
    void exception_mayBeValuesListOrObject_andTheLastIsTheThrown() {
        String cause = "{\"type\":\"PSQLException\",\"module\":\"org.postgresql\",\"value\":\"dead\"}";
        String thrown = "{\"type\":\"DataException\",\"module\":\"com.acme\",\"value\":\"no data\","
                + "\"mechanism\":{\"handled\":false},\"stacktrace\":{\"frames\":["
                + "{\"module\":\"java.lang.Thread\",\"function\":\"run\"},"
                + "{\"module\":\"com.acme.Repo\",\"function\":\"load\",\"lineno\":7}]}}";
        for (String exception :
                new String[] {"{\"values\":[" + cause + "," + thrown + "]}", "[" + cause + "," + thrown + "]", thrown
                }) {
            assertThat(server.envelope("{}\n{\"type\":\"event\"}\n{\"exception\":" + exception + "}")
                            .code())
                    .isEqualTo(200);
        }

        assertThat(server.events()).hasSize(3).allSatisfy(event -> {
            assertThat(event.type()).isEqualTo("com.acme.DataException");
            assertThat(event.message()).isEqualTo("no data");
            assertThat(event.culprit()).isEqualTo("Repo.load");
            assertThat(event.handled()).isFalse();
            assertThat(event.payload()).contains("\"in_app\":true").contains("\"in_app\":false");
        });
    }

    @Test
    void clockThatIsWrong_isCorrectedBySentAt() {
        long now = System.currentTimeMillis();
        double hourAgo = (now - 3_600_000) / 1e3;
        server.envelope("{\"sent_at\":\"" + Instant.ofEpochMilli(now - 3_600_000)
                + "\",\"sdk\":{\"name\":\"sentry.java\",\"version\":\"8.62.0\"}}\n{\"type\":\"event\"}\n"
                + "{\"message\":\"late clock\",\"timestamp\":" + hourAgo + "}\n");

        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.timeNanos() / 1_000_000).isBetween(now - 5_000, now + 60_000);
            assertThat(event.payload()).contains("\"timestamp\":" + hourAgo);
        });
        assertThat(server.ledger.senders().get(0)).satisfies(sender -> {
            assertThat(sender.sdk()).isEqualTo("sentry.java");
            assertThat(sender.skewNanos()).isLessThan(-3_500_000_000_000L);
        });
    }

    @Test
    void clientReport_isAccountedAsTheSendersLoss() {
        server.envelope("{}\n{\"type\":\"client_report\"}\n{\"timestamp\":1763817600,\"discarded_events\":["
                + "{\"reason\":\"queue_overflow\",\"category\":\"error\",\"quantity\":23}]}\n");
        assertThat(server.counted("sentry", "error", "sender:queue_overflow")).isEqualTo(23);
    }

    @Test
    void everyItemTypeOfTheSdks_isKept() {
        for (String type : new String[] {
            "session", "sessions", "profile", "profile_chunk", "check_in", "feedback", "user_report", "replay_event"
        }) {
            assertThat(server.envelope("{}\n{\"type\":\"" + type + "\"}\n{\"a\":1}\n")
                            .code())
                    .isEqualTo(200);
        }
        assertThat(server.retained()).hasSize(8);
    }

    @Test
    void spansOfVersion2_areSpans() {
        server.envelope(
                "{}\n{\"type\":\"span\",\"item_count\":1,\"content_type\":\"application/vnd.sentry.items.span.v2+json\"}\n"
                        + "{\"items\":[{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN
                        + "\",\"name\":\"chat gpt-4o\",\"status\":\"error\",\"is_segment\":true,\"start_timestamp\":1763817600.5,"
                        + "\"end_timestamp\":1763817601.5,\"attributes\":{\"gen_ai.request.model\":{\"value\":\"gpt-4o\",\"type\":\"string\"},"
                        + "\"service.name\":{\"value\":\"demo\",\"type\":\"string\"}}}]}\n");

        assertThat(server.spans()).singleElement().satisfies(span -> {
            assertThat(span.category()).isEqualTo("ai");
            assertThat(span.operation()).isEqualTo("chat gpt-4o");
            assertThat(span.service()).isEqualTo("demo");
            assertThat(span.durationNanos()).isEqualTo(1_000_000_000L);
        });
    }

    @Test
    void secrets_areNotStored() {
        server.envelope("{}\n{\"type\":\"event\"}\n{\"message\":\"login failed password=hunter2\","
                + "\"request\":{\"headers\":{\"Authorization\":\"Bearer abcdef0123456789\"},\"cookies\":{\"theme\":\"c00kie\"}},"
                + "\"extra\":{\"api_key\":\"sk-aaaaaaaaaaaaaaaaaaaaaaaa\"}}\n");

        assertThat(server.events())
                .singleElement()
                .satisfies(event -> assertThat(event.toString())
                        .doesNotContain("hunter2", "abcdef0123456789", "sk-aaaa", "c00kie"));
    }

    @Test
    void chunkedBodyOnAConnectionThatCloses_isRead() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/1/envelope/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                            + "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            byte[] go = socket.getInputStream().readNBytes(25);
            assertThat(new String(go, StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 100 Continue");
            for (String part : E1.split("(?<=\n)")) {
                out.write(
                        (Integer.toHexString(part.length()) + "\r\n" + part + "\r\n").getBytes(StandardCharsets.UTF_8));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("HTTP/1.1 200", ID);
        }
        assertThat(server.issues()).hasSize(1);
    }

    private void refused(String body) {
        Answer answer = server.envelope(body);
        assertThat(answer.code()).isEqualTo(400);
        assertThat(answer.text()).contains("\"detail\"");
        assertThat(server.issues()).isEmpty();
        assertThat(server.counted("sentry", "envelope", "malformed")).isEqualTo(1);
    }

    private static byte[] deflate(byte[] bytes, boolean raw) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (DeflaterOutputStream out =
                new DeflaterOutputStream(packed, new Deflater(Deflater.DEFAULT_COMPRESSION, raw))) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] zstd(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    /** One uncompressed meta-block, then the empty last one: RFC 7932, section 9.2. */
    private static byte[] brotliStored(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        int length = bytes.length - 1;
        // window size 16 (bit 0), not last (0), four nibbles (00), 16 bits of length, uncompressed (1)
        long bits = ((long) length << 4) | (1L << 20);
        packed.write((int) bits);
        packed.write((int) (bits >> 8));
        packed.write((int) (bits >> 16));
        packed.writeBytes(bytes);
        packed.write(3); // last and empty
        return packed.toByteArray();
    }
}
