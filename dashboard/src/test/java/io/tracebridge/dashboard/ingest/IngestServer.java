/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Filter;
import io.tracebridge.dashboard.store.IngestLedger;
import io.tracebridge.dashboard.store.Intake;
import io.tracebridge.dashboard.store.IssueRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoredEvent;
import io.tracebridge.dashboard.store.StoredSpan;
import io.tracebridge.dashboard.store.duckdb.DuckDbOptions;
import io.tracebridge.dashboard.store.duckdb.DuckDbStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** Ingest on a real port in front of a real store in memory, with what a test asks both. */
final class IngestServer implements AutoCloseable {
    static final String TRACE = "5b8efff798038103d269b633813fc60c";
    static final String SPAN = "eee19b7ec3c1b174";

    final Store store;
    final IngestLedger ledger = new IngestLedger();
    private final Ingest ingest;
    private final Server server;
    private final OkHttpClient client = new OkHttpClient();
    private List<IngestLedger.Count> countsBefore = List.of();

    IngestServer() {
        this(IngestOptions.defaults(), null);
    }

    /** @param intake stands before the store's own; null for none */
    IngestServer(IngestOptions options, Intake intake) {
        store = DuckDbStore.open(new DuckDbOptions(null, 256L << 20, 32L << 20, "test-run"));
        ingest = Ingest.create(intake == null ? store.intake() : intake, ledger, options);
        ServerBuilder builder = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .maxRequestLength(1 << 20);
        ingest.bind(builder);
        server = builder.build();
        server.start().join();
    }

    /** @param body what came back, read as bytes */
    record Answer(int code, String contentType, byte[] body, okhttp3.Headers headers) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.activeLocalPort() + path;
    }

    int port() {
        return server.activeLocalPort();
    }

    Answer envelope(String body, String... headers) {
        return envelope(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer envelope(byte[] body, String... headers) {
        return post("/api/1/envelope/", "application/x-sentry-envelope", body, headers);
    }

    Answer otlp(String signal, String json, String... headers) {
        return post("/v1/" + signal, "application/json", json.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, String contentType, byte[] body, String... headers) {
        MediaType type = contentType == null ? null : MediaType.parse(contentType);
        return send(new Request.Builder().url(url(path)).post(RequestBody.create(body, type)), headers);
    }

    Answer send(Request.Builder request, String... headers) {
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (Response response = client.newCall(request.build()).execute()) {
            return new Answer(
                    response.code(),
                    response.header("Content-Type"),
                    response.body().bytes(),
                    response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<IssueRecord> issues() {
        store.flush();
        return store.issues().issues(Filter.ALL, 100, 0);
    }

    /** Every event that is stored. */
    List<EventRecord> events() {
        return issues().stream()
                .flatMap(issue -> store.issues().events(issue.id(), 100, 0).stream())
                .map(StoredEvent::event)
                .toList();
    }

    List<SpanRecord> spans() {
        return spans(TRACE);
    }

    List<SpanRecord> spans(String traceId) {
        store.flush();
        return store.traces().spans(traceId, 100_000).stream()
                .map(StoredSpan::span)
                .toList();
    }

    List<LogRecord> logs() {
        store.flush();
        return store.logs().logs(Filter.ALL, 100, 0);
    }

    List<MetricPoint> points(String name) {
        store.flush();
        return store.metrics().points(name, Filter.ALL, 100);
    }

    List<RetainedItem> retained() {
        store.flush();
        return store.health().retained(100);
    }

    /** Forgets what is stored and counted; cheaper than another server. */
    void reset() {
        store.flush();
        store.clear();
        ingest.forget();
        countsBefore = ledger.counts();
    }

    /** How often the ledger counted this since the last reset. */
    long counted(String protocol, String type, String outcome) {
        return counted(ledger.counts(), protocol, type, outcome) - counted(countsBefore, protocol, type, outcome);
    }

    private static long counted(List<IngestLedger.Count> counts, String protocol, String type, String outcome) {
        return counts.stream()
                .filter(count -> count.protocol().equals(protocol)
                        && count.type().equals(type)
                        && count.outcome().equals(outcome))
                .mapToLong(IngestLedger.Count::count)
                .sum();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Override
    public void close() {
        server.close();
        store.close();
        client.connectionPool().evictAll();
    }
}
