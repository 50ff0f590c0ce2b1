/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/** A Sentry on port 0 that takes envelopes and shows what was in the bytes, read by a parser that is not the SDK's. */
final class FakeSentry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final MockWebServer server = new MockWebServer();
    private final List<Item> items = new CopyOnWriteArrayList<>();
    private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

    /** One item with the header of its envelope. */
    record Item(JsonNode envelope, JsonNode header, JsonNode payload, String text) {
        String type() {
            return header.path("type").asText();
        }
    }

    FakeSentry() throws IOException {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                requests.add(request);
                try {
                    read(request);
                } catch (IOException e) {
                    return new MockResponse.Builder().code(400).build();
                }
                return new MockResponse.Builder()
                        .code(200)
                        .body("{\"id\":\"1\"}")
                        .build();
            }
        });
        server.start(InetAddress.getByName("127.0.0.1"), 0);
    }

    String dsn() {
        return dsn("");
    }

    String dsn(String pathPrefix) {
        return "http://pubkey@127.0.0.1:" + server.getPort() + pathPrefix + "/42";
    }

    int port() {
        return server.getPort();
    }

    List<RecordedRequest> requests() {
        return requests;
    }

    List<Item> items(String type) {
        return items.stream().filter(item -> item.type().equals(type)).toList();
    }

    /** All payloads as text: what a canary is looked for in. */
    String everything() {
        StringBuilder all = new StringBuilder();
        items.forEach(item -> all.append(item.envelope).append(item.text).append('\n'));
        return all.toString();
    }

    Item await1(String type) {
        return awaitItems(type, 1).get(0);
    }

    List<Item> awaitItems(String type, int count) {
        await().atMost(Duration.ofSeconds(10)).until(() -> items(type).size() >= count);
        return items(type);
    }

    private void read(RecordedRequest request) throws IOException {
        byte[] body =
                request.getBody() == null ? new byte[0] : request.getBody().toByteArray();
        byte[] plain = "gzip".equals(request.getHeaders().get("Content-Encoding"))
                ? new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes()
                : body;
        int at = lineEnd(plain, 0);
        JsonNode envelope = JSON.readTree(plain, 0, at);
        List<Item> read = new ArrayList<>();
        at++;
        while (at < plain.length) {
            int end = lineEnd(plain, at);
            JsonNode header = JSON.readTree(plain, at, end - at);
            int length = header.path("length").asInt(-1);
            int start = end + 1;
            int stop = length < 0 ? lineEnd(plain, start) : start + length;
            String text = new String(plain, start, stop - start, StandardCharsets.UTF_8);
            boolean json = !header.path("type").asText().equals("attachment");
            read.add(new Item(envelope, header, json ? JSON.readTree(text) : JSON.nullNode(), text));
            at = stop + 1;
        }
        items.addAll(read);
    }

    private static int lineEnd(byte[] bytes, int from) {
        int at = from;
        while (at < bytes.length && bytes[at] != '\n') {
            at++;
        }
        return at;
    }

    @Override
    public void close() {
        server.close();
    }
}
