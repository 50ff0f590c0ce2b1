/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends spans to a running server as fast as it takes them and prints how many it accepted: {@code otlp} to the dashboard,
 * {@code zipkin} to Zipkin, the same spans as JSON in each one's form.
 *
 * <p>{@code java -cp benchmarks.jar io.tracebridge.benchmarks.IngestLoad otlp http://localhost:8969/v1/traces 10}
 */
public final class IngestLoad {
    private static final int CONNECTIONS = 4;
    private static final int SPANS = 500;
    private static final int OPERATIONS = 50;
    private static final int SPANS_OF_TRACE = 8;

    private final boolean otlp;
    private final URI target;
    private final AtomicLong ids = new AtomicLong(System.nanoTime());
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();

    private IngestLoad(boolean otlp, URI target) {
        this.otlp = otlp;
        this.target = target;
    }

    /** Arguments: form, address, seconds. */
    public static void main(String[] arguments) throws InterruptedException {
        new IngestLoad(arguments[0].equals("otlp"), URI.create(arguments[1]))
                .run(Duration.ofSeconds(Long.parseLong(arguments[2])));
    }

    private void run(Duration duration) throws InterruptedException {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        long end = System.nanoTime() + duration.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread thread = new Thread(() -> send(client, end), "load-" + i);
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        System.out.printf(
                "%s: %,d spans/s accepted, %,d refused%n",
                otlp ? "otlp" : "zipkin", accepted.sum() / duration.toSeconds(), refused.sum());
    }

    private void send(HttpClient client, long end) {
        while (System.nanoTime() < end) {
            HttpRequest request = HttpRequest.newBuilder(target)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body()))
                    .build();
            try {
                int status = client.send(request, HttpResponse.BodyHandlers.discarding())
                        .statusCode();
                (status < 300 ? accepted : refused).add(SPANS);
            } catch (IOException e) {
                refused.add(SPANS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private String body() {
        StringBuilder json = new StringBuilder(
                otlp
                        ? "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\",\"value\":"
                                + "{\"stringValue\":\"load\"}}]},\"scopeSpans\":[{\"spans\":["
                        : "[");
        for (int i = 0; i < SPANS; i++) {
            json.append(i == 0 ? "" : ",").append(otlp ? otlpSpan() : zipkinSpan());
        }
        return json.append(otlp ? "]}]}]}" : "]").toString();
    }

    private String otlpSpan() {
        long id = ids.incrementAndGet();
        long start = System.currentTimeMillis() * 1_000_000L;
        return String.format(
                "{\"traceId\":\"%032x\",\"spanId\":\"%016x\",%s\"name\":\"step %d\",\"kind\":1,"
                        + "\"startTimeUnixNano\":\"%d\",\"endTimeUnixNano\":\"%d\",\"attributes\":["
                        + "{\"key\":\"project.id\",\"value\":{\"stringValue\":\"p-%d\"}},"
                        + "{\"key\":\"db.query.text\",\"value\":{\"stringValue\":\"SELECT * FROM scene WHERE id = ?\"}}]}",
                id / SPANS_OF_TRACE, id, parent(id), id % OPERATIONS, start, start + id % 90 * 1_000_000, id % 1_000);
    }

    private static String parent(long id) {
        long root = id / SPANS_OF_TRACE * SPANS_OF_TRACE;
        return id == root ? "" : String.format("\"parentSpanId\":\"%016x\",", root);
    }

    private String zipkinSpan() {
        long id = ids.incrementAndGet();
        return String.format(
                "{\"traceId\":\"%032x\",\"id\":\"%016x\",%s\"name\":\"step %d\",\"timestamp\":%d,\"duration\":%d,"
                        + "\"localEndpoint\":{\"serviceName\":\"load\"},\"tags\":{\"project.id\":\"p-%d\","
                        + "\"db.query.text\":\"SELECT * FROM scene WHERE id = ?\"}}",
                id / SPANS_OF_TRACE,
                id,
                parent(id).replace("parentSpanId", "parentId"),
                id % OPERATIONS,
                System.currentTimeMillis() * 1_000,
                1 + id % 90 * 1_000,
                id % 1_000);
    }
}
