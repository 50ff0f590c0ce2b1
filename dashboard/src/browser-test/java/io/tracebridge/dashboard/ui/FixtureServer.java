/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The real pages over a few answers that are made up, for what the real server cannot do: tell how many listen to its stream, and
 * have half a million spans at once. Everything else is tested with {@link WithScenes}.
 */
final class FixtureServer implements AutoCloseable {
    private static final String ROW =
            "{\"id\":\"00000000000000000000000000000001\",\"startAt\":1763817600000,\"endAt\":1763817601000,\"durationMs\":1000,"
                    + "\"status\":\"ok\",\"operation\":\"GET /x\",\"service\":\"s\",\"spans\":1,\"errors\":0}";
    private static final String EMPTY_MAP =
            "{\"fromAt\":1763817600000,\"stepMs\":1000,\"boundsMs\":[1000],\"counts\":[[0,0]],\"failed\":[[0,0]],\"traces\":0}";
    private static final String SPAN =
            "{\"id\":\"0000000000000001\",\"kind\":\"internal\",\"operationKey\":\"1\",\"sources\":[\"otlp\"],\"weight\":1,"
                    + "\"attributes\":[],\"resource\":[],\"errors\":[],\"events\":[],\"logs\":[],\"links\":[]}";

    private final Map<String, String> answers = new ConcurrentHashMap<>(Map.of(
            "filters", "{\"services\":[],\"environments\":[],\"runs\":[],\"releases\":[]}",
            "traces", "{\"items\":[" + ROW + "],\"next\":null,\"window\":{\"fromAt\":0,\"toAt\":1}}",
            "heatmap", EMPTY_MAP));
    private final List<HttpResponseWriter> listeners = new CopyOnWriteArrayList<>();
    private final AtomicLong sequence = new AtomicLong();
    private final AtomicInteger opened = new AtomicInteger();
    private final Server server;

    FixtureServer() {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress("127.0.0.1", 0));
        WebPages.create().addTo(builder::service);
        builder.service("/api/v1/live", (context, request) -> live(context));
        builder.service("prefix:/api/v1", (context, request) -> answer(context));
        server = builder.build();
        server.start().join();
    }

    String origin() {
        return "http://127.0.0.1:" + server.activeLocalPort();
    }

    int listeners() {
        return listeners.size();
    }

    /** How many streams there have been; a stream whose reader went counts as listener until the connection is seen to be closed. */
    int opened() {
        return opened.get();
    }

    /** Answers at this path, below {@code /api/v1/}. */
    void answer(String path, String json) {
        answers.put(path, json);
    }

    void publish(String event, String json) {
        String frame = "id: " + sequence.incrementAndGet() + "\nevent: " + event + "\ndata: " + json + "\n\n";
        listeners.forEach(listener -> listener.tryWrite(HttpData.ofUtf8(frame)));
    }

    private HttpResponse live(ServiceRequestContext context) {
        context.clearRequestTimeout();
        HttpResponseWriter writer = HttpResponse.streaming();
        writer.write(ResponseHeaders.of(HttpStatus.OK, "content-type", "text/event-stream"));
        writer.write(HttpData.ofUtf8("retry: 200\nevent: hello\ndata: {\"storeEpoch\":\"one\",\"run\":\"r-17\"}\n\n"));
        listeners.add(writer);
        opened.incrementAndGet();
        writer.whenComplete().whenComplete((done, failure) -> listeners.remove(writer));
        return writer;
    }

    private HttpResponse answer(ServiceRequestContext context) {
        String path = context.path().substring("/api/v1/".length());
        String json = path.contains("/spans/") ? SPAN : answers.get(path);
        return json == null
                ? HttpResponse.of(
                        HttpStatus.NOT_FOUND,
                        MediaType.JSON_UTF_8,
                        "{\"error\":{\"status\":404,\"code\":\"not_found\",\"message\":\"no such thing\"}}")
                : HttpResponse.of(HttpStatus.OK, MediaType.JSON_UTF_8, json);
    }

    @Override
    public void close() {
        listeners.forEach(HttpResponseWriter::abort);
        server.closeAsync().orTimeout(5, TimeUnit.SECONDS);
    }
}
