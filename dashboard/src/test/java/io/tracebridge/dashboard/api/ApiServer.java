/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.tracebridge.dashboard.http.LiveHub;
import io.tracebridge.dashboard.query.PriceTable;
import io.tracebridge.dashboard.query.Queries;
import io.tracebridge.dashboard.query.Thresholds;
import io.tracebridge.dashboard.store.Admission;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreRecord;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** The API over a store in memory, on a socket, asked as a page asks. */
final class ApiServer implements AutoCloseable {
    /** 2026-01-01T00:00:00Z in milliseconds. */
    static final long T0 = 1_767_225_600_000L;
    /** What the API takes for now: ten minutes later. */
    static final long NOW = T0 + 600_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    final Store store = DuckDbStore.open(new DuckDbOptions(null, 256L << 20, 32 << 20, "run-1"));
    final IngestLedger ledger = new IngestLedger();
    final Queries queries = new Queries(store, ledger, Thresholds.DEFAULT, PriceTable.load(null), () -> NOW, "test");
    private final LiveHub hub = new LiveHub();
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();

    ApiServer() {
        queries.start();
        ServerBuilder builder = Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        new ApiRoutes(queries, store, hub, () -> {}).bind(builder);
        server = builder.build();
        server.start().join();
    }

    static String traceId(long n) {
        return String.format("%032x", n);
    }

    static String spanId(long n) {
        return String.format("%016x", n);
    }

    /** A span; times in milliseconds, the start after {@link #T0}. */
    static SpanRecord.Builder span(long trace, long span, long parent, String operation, long from, long millis) {
        return SpanRecord.builder(traceId(trace), spanId(span))
                .parentId(parent == 0 ? null : spanId(parent))
                .service("shop")
                .environment("dev")
                .runId("run-1")
                .name(operation)
                .operation(operation)
                .kind(parent == 0 ? "server" : "internal")
                .category(parent == 0 ? "http" : "code")
                .startNanos((T0 + from) * 1_000_000)
                .durationNanos(millis * 1_000_000)
                .status(SpanStatus.OK)
                .weight(1.0);
    }

    void put(StoreRecord... records) {
        put(List.of(records));
    }

    void put(List<? extends StoreRecord> records) {
        if (store.intake().offer(records) != Admission.ACCEPTED) {
            throw new AssertionError("refused");
        }
        store.flush();
        queries.settle();
    }

    /** The answer to a question that succeeds. */
    JsonNode get(String path) {
        HttpResponse<String> response = send("GET", path, false);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return json(response);
    }

    HttpResponse<String> send(String method, String path, boolean ownHeader) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (ownHeader) {
            request.header("X-Tracebridge", "1");
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The open stream of live changes. */
    InputStream live(String query) throws IOException, InterruptedException {
        return client.send(
                        HttpRequest.newBuilder(uri("live" + query)).build(), HttpResponse.BodyHandlers.ofInputStream())
                .body();
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new AssertionError(response.body(), e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/api/v1/" + path);
    }

    @Override
    public void close() {
        hub.close();
        server.stop().join();
        queries.close();
        store.close();
    }
}
