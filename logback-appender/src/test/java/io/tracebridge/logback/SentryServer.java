/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A Sentry that keeps the items of the envelopes it receives. */
final class SentryServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MockWebServer server = new MockWebServer();
    final List<Item> items = new CopyOnWriteArrayList<>();

    SentryServer() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                try {
                    read(request);
                    server.takeRequest(0, TimeUnit.MILLISECONDS); // the server would keep it, body and all
                } catch (IOException | RuntimeException broken) {
                    items.add(new Item("broken", JSON.createObjectNode().put("why", broken.toString()), null));
                }
                return new MockResponse.Builder().body("{}").build();
            }
        });
        server.start();
    }

    String dsn() {
        return "http://public@127.0.0.1:" + server.getPort() + "/1";
    }

    List<JsonNode> events() {
        return of("event");
    }

    List<JsonNode> of(String type) {
        return items.stream()
                .filter(item -> item.type().equals(type))
                .map(Item::payload)
                .toList();
    }

    private void read(RecordedRequest request) throws IOException {
        byte[] body = request.getBody().toByteArray();
        if ("gzip".equals(request.getHeaders().get("Content-Encoding"))) {
            body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
        }
        int[] at = {0};
        JsonNode envelope = JSON.readTree(line(body, at));
        while (at[0] < body.length) {
            byte[] header = line(body, at);
            if (header.length == 0) {
                continue;
            }
            JsonNode item = JSON.readTree(header);
            byte[] payload = item.has("length")
                    ? Arrays.copyOfRange(
                            body, at[0], at[0] += item.get("length").asInt())
                    : line(body, at);
            at[0] += at[0] < body.length && body[at[0]] == '\n' ? 1 : 0;
            items.add(new Item(item.get("type").asText(), JSON.readTree(payload), envelope));
        }
    }

    private static byte[] line(byte[] body, int[] at) {
        int start = at[0];
        int end = start;
        while (end < body.length && body[end] != '\n') {
            end++;
        }
        at[0] = end + 1;
        return Arrays.copyOfRange(body, start, end);
    }

    /** All tags of an event, whatever their form. */
    static String tag(JsonNode event, String key) {
        return event.path("tags").path(key).asText(null);
    }

    static List<String> breadcrumbs(JsonNode event) {
        List<String> messages = new ArrayList<>();
        JsonNode crumbs = event.path("breadcrumbs");
        (crumbs.has("values") ? crumbs.get("values") : crumbs)
                .forEach(crumb -> messages.add(crumb.path("message").asText()));
        return messages;
    }

    static String bytes(JsonNode node) {
        return new String(node.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.close();
    }

    record Item(String type, JsonNode payload, JsonNode envelope) {}
}
