/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.ingest.IngestServer.Answer;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.StoreRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A store that is slower than its senders: they are told so in their own words, and errors keep flowing. */
class BackPressureTest {
    private static final FullIntake INTAKE = new FullIntake();
    private static final String EVENT = "{\"type\":\"event\"}\n{\"message\":\"boom\"}\n";
    private static final String LOG = "{\"type\":\"log\"}\n{\"items\":[{\"body\":\"x\"}]}\n";
    private static final String TRANSACTION =
            "{\"type\":\"transaction\"}\n{\"transaction\":\"t\",\"contexts\":{\"trace\":"
                    + "{\"trace_id\":\"000000000000000000000000000000b1\",\"span_id\":\"00000000000000b1\"}}}\n";

    private static IngestServer server;

    @BeforeAll
    static void start() {
        server = new IngestServer(IngestOptions.defaults(), INTAKE);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void forget() {
        server.reset();
        INTAKE.taken.clear();
        INTAKE.answer = Admission.BUSY;
        INTAKE.full = true;
    }

    @Test
    void transactions_areHeldBackByName_notErrors() {
        Answer answer = server.envelope("{}\n" + TRANSACTION);
        assertThat(answer.code()).isEqualTo(429);
        assertThat(answer.headers().get("Retry-After")).isEqualTo("10");
        assertThat(answer.headers().get("X-Sentry-Rate-Limits")).isEqualTo("10:transaction;span:key:queue_full");
        assertThat(answer.text()).contains("ingest queue full");
        assertThat(server.counted("sentry", "transaction", "queue_full")).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "session, session",
        "sessions, session",
        "attachment, attachment",
        "profile, profile",
        "profile_chunk, profile_chunk",
        "check_in, monitor",
        "feedback, feedback",
        "user_report, feedback",
        "replay_event, replay",
        "replay_video, replay",
        "from_the_future, default"
    })
    void otherItems_areHeldBackByTheirCategory(String type, String category) {
        Answer answer = server.envelope("{}\n{\"type\":\"" + type + "\"}\n{}\n");
        assertThat(answer.code()).isEqualTo(429);
        assertThat(answer.headers().get("X-Sentry-Rate-Limits")).isEqualTo("10:" + category + ":key:queue_full");
    }

    @Test
    void errors_areTaken_whenTheRestIsNot() {
        Answer answer = server.envelope("{}\n" + LOG + EVENT);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.headers().get("X-Sentry-Rate-Limits")).isEqualTo("10:log_item:key:queue_full");
        assertThat(INTAKE.taken).singleElement().isInstanceOf(EventRecord.class);
    }

    @Test
    void otlp_isAskedToComeBack() {
        Answer answer = server.otlp("traces", "{}");
        assertThat(answer.code()).isEqualTo(503);
        assertThat(answer.headers().get("Retry-After")).isEqualTo("1");
        assertThat(answer.text()).contains("\"code\":14");
        // nobody looked at how many spans were in it
        assertThat(server.counted("otlp-http", "span_request", "queue_full")).isEqualTo(1);
        assertThat(server.counted("otlp-http", "span", "queue_full")).isZero();
    }

    @Test
    void otlp_isCountedBySpans_whenTheQueueFilledWhileItWasDecoded() {
        INTAKE.full = false;
        Answer answer = server.otlp("traces", threeSpans());
        assertThat(answer.code()).isEqualTo(503);
        assertThat(server.counted("otlp-http", "span", "queue_full")).isEqualTo(3);
        assertThat(server.counted("otlp-http", "span_request", "queue_full")).isZero();
    }

    @Test
    void throwOnTwoSpans_isStored_whenItsFirstDeliveryWasRefused() {
        String exception = "\"events\":[{\"name\":\"exception\",\"timeUnixNano\":\"2000000\",\"attributes\":["
                + "{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"com.acme.Boom\"}}]}]";
        String span = "{\"traceId\":\"" + IngestServer.TRACE + "\",\"name\":\"x\",\"startTimeUnixNano\":\"1000000\",";
        String body = "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":["
                + span + "\"spanId\":\"00000000000000c2\",\"parentSpanId\":\"00000000000000c1\"," + exception + "},"
                + span + "\"spanId\":\"00000000000000c1\"," + exception + "}]}]}]}";
        INTAKE.full = false;
        INTAKE.answer = Admission.UNAVAILABLE;
        assertThat(server.otlp("traces", body).code()).isEqualTo(503);

        INTAKE.answer = Admission.ACCEPTED;
        assertThat(server.otlp("traces", body).code()).isEqualTo(200);

        assertThat(INTAKE.taken)
                .filteredOn(EventRecord.class::isInstance)
                .singleElement()
                .satisfies(event -> assertThat(((EventRecord) event).spanId()).isEqualTo("00000000000000c2"));
    }

    @Test
    void eventThatWasRefused_isNoDuplicate_whenItIsRepeated() {
        String event = "{\"event_id\":\"000000000000000000000000000000d1\"}\n" + EVENT;
        INTAKE.answer = Admission.UNAVAILABLE;
        assertThat(server.envelope(event).code()).isEqualTo(503);

        INTAKE.answer = Admission.ACCEPTED;
        assertThat(server.envelope(event).code()).isEqualTo(200);
        assertThat(server.counted("sentry", "event", "accepted")).isEqualTo(1);
        assertThat(server.counted("sentry", "event", "duplicate")).isZero();
    }

    @Test
    void closedStore_isSaid() {
        INTAKE.answer = Admission.UNAVAILABLE;
        assertThat(server.envelope("{}\n" + EVENT).code()).isEqualTo(503);
        assertThat(server.counted("sentry", "envelope", "store_failed")).isEqualTo(1);
    }

    private static String threeSpans() {
        return IntStream.rangeClosed(1, 3)
                .mapToObj(i -> "{\"traceId\":\"5b8efff798038103d269b633813fc60c\",\"spanId\":\"%016x\",\"name\":\"op\"}"
                        .formatted(i))
                .collect(Collectors.joining(",", "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[", "]}]}]}"));
    }

    private static final class FullIntake implements Intake {
        final List<StoreRecord> taken = new CopyOnWriteArrayList<>();
        volatile Admission answer = Admission.BUSY;
        volatile boolean full = true;

        @Override
        public Admission offer(List<? extends StoreRecord> records) {
            List<StoreRecord> events = new ArrayList<>(records);
            if (answer == Admission.UNAVAILABLE || !events.stream().allMatch(EventRecord.class::isInstance)) {
                return answer;
            }
            taken.addAll(events);
            return Admission.ACCEPTED;
        }

        @Override
        public boolean accepts(Class<? extends StoreRecord> kind) {
            return !full || kind == EventRecord.class;
        }
    }
}
