/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import static io.tracebridge.dashboard.ingest.IngestServer.SPAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import org.junit.jupiter.api.Test;

/** What arrives by both protocols is one thing, with both sources noted. */
class OneModelTest extends WithIngestServer {
    private static final String TRACE = "00000000000000000000000000000a11";

    @Test
    void spanByBothRoutes_countsOnce() {
        server.otlp("traces", otlp("demo", "\"traceState\":\"ot=th:8\",", ""));
        server.envelope(transaction());
        assertThat(server.spans(TRACE)).singleElement().satisfies(span -> {
            assertThat(span.sources()).isEqualTo(Source.OTLP | Source.SENTRY);
            assertThat(span.service()).isEqualTo("demo");
            assertThat(span.weight()).isEqualTo(2.0);
            assertThat(span.attributes()).contains("\"only.otlp\":1", "\"only.sentry\":2");
        });
    }

    @Test
    void bothRoutes_giveOneOperation() {
        server.otlp("traces", otlp("demo", "", ""));
        String byOtlp = server.spans(TRACE).get(0).operation();
        server.reset();
        server.envelope(transaction());
        assertThat(server.spans(TRACE)).extracting(SpanRecord::operation).containsExactly(byOtlp);
    }

    @Test
    void throwByBothRoutes_countsOnce() {
        String events = "\"events\":[{\"timeUnixNano\":\"1763817601000000000\",\"name\":\"exception\",\"attributes\":["
                + "{\"key\":\"exception.type\",\"value\":{\"stringValue\":\"com.acme.Scene.GenerationException\"}},"
                + "{\"key\":\"exception.stacktrace\",\"value\":{\"stringValue\":\"com.acme.Scene$GenerationException: 529\\n"
                + "\\tat com.acme.scene.SceneService.generateScene(SceneService.java:112)\\n"
                + "\\tat java.base/java.lang.Thread.run(Thread.java:840)\\n\"}}]}],";
        server.otlp("traces", otlp("demo", "", events));
        server.envelope(
                "{}\n{\"type\":\"event\"}\n{\"event_id\":\"000000000000000000000000000000e1\",\"timestamp\":1763817601.3,"
                        + "\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\"" + SPAN + "\"}},"
                        + "\"exception\":{\"values\":[{\"type\":\"Scene$GenerationException\",\"module\":\"com.acme\",\"value\":\"529\","
                        + "\"stacktrace\":{\"frames\":[{\"module\":\"java.lang.Thread\",\"function\":\"run\",\"lineno\":840},"
                        + "{\"module\":\"com.acme.scene.SceneService\",\"function\":\"generateScene\",\"lineno\":112}]}}]}}");

        assertThat(server.issues())
                .singleElement()
                .satisfies(issue -> assertThat(issue.events()).isEqualTo(1));
        assertThat(server.events()).singleElement().satisfies(event -> {
            assertThat(event.sources()).isEqualTo(Source.OTLP | Source.SENTRY);
            assertThat(event.eventId()).isEqualTo("000000000000000000000000000000e1");
        });
    }

    @Test
    void oneSpanIdOfTwoApplications_isTwoSpans() {
        server.otlp("traces", otlp("one", "", ""));
        server.otlp("traces", otlp("two", "", ""));
        assertThat(server.spans(TRACE)).extracting(SpanRecord::service).containsExactlyInAnyOrder("one", "two");
    }

    private static String otlp(String service, String fields, String events) {
        return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":{\"stringValue\":\""
                + service + "\"}}]},\"scopeSpans\":[{\"spans\":[{\"traceId\":\"" + TRACE + "\",\"spanId\":\"" + SPAN
                + "\"," + fields + events
                + "\"name\":\"GET /scenes/{id}\",\"kind\":2,\"startTimeUnixNano\":\"1763817600000000000\","
                + "\"endTimeUnixNano\":\"1763817601440000000\",\"attributes\":[{\"key\":\"http.request.method\",\"value\":"
                + "{\"stringValue\":\"GET\"}},{\"key\":\"only.otlp\",\"value\":{\"intValue\":1}}]}]}]}]}";
    }

    private static String transaction() {
        return "{}\n{\"type\":\"transaction\"}\n{\"transaction\":\"GET /scenes/{id}\",\"start_timestamp\":1763817600,"
                + "\"timestamp\":1763817601.44,\"contexts\":{\"trace\":{\"trace_id\":\"" + TRACE + "\",\"span_id\":\""
                + SPAN
                + "\",\"op\":\"http.server\",\"data\":{\"http.request.method\":\"GET\",\"only.sentry\":2}}}}\n";
    }
}
