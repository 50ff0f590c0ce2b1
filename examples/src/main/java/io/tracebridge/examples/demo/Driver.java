/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tracebridge.examples.scene.Fault;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Pushes requests through the scene generator, some with a fault, and writes down what each response carried. */
final class Driver {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<Fault> KINDS = List.of(Fault.TOOL_BUG, Fault.DB_CONSTRAINT, Fault.AI_NOT_JSON);
    private static final int AT_ONCE = 8;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String appUrl;
    private final PrintStream out;

    Driver(String appUrl, PrintStream out) {
        this.appUrl = appUrl;
        this.out = out;
    }

    /**
     * One request as it was answered.
     *
     * @param traceId of {@code X-Trace-Id}; empty when the response carried none
     */
    record Request(Fault fault, int status, String traceId) {}

    /**
     * Sends all requests, eight at once, faults spread evenly over them.
     * @param share of requests with a fault; the number is rounded
     */
    List<Request> run(int runs, double share) throws InterruptedException, ExecutionException {
        int faults = (int) Math.round(runs * share);
        AtomicInteger done = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<Request>> sent = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                int index = i;
                Fault fault = faultAt(index, runs, faults);
                sent.add(threads.submit(() -> {
                    Request request = send(index, fault);
                    progress(done.incrementAndGet(), runs);
                    return request;
                }));
            }
            List<Request> requests = new ArrayList<>();
            for (Future<Request> each : sent) {
                requests.add(each.get());
            }
            return requests;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Bresenham's line: as even as whole numbers allow, and exactly {@code faults} of {@code runs}. */
    private static Fault faultAt(int index, int runs, int faults) {
        long before = (long) index * faults / runs;
        long after = (long) (index + 1) * faults / runs;
        return after > before ? KINDS.get((int) (before % KINDS.size())) : Fault.NONE;
    }

    private Request send(int index, Fault fault) throws IOException, InterruptedException {
        byte[] body = JSON.writeValueAsBytes(
                Map.of("projectId", "project-" + index % 7, "message", Prompts.at(index), "fault", fault.id()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(appUrl + "/api/generate?wait=1"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        HttpResponse<Void> response = client.send(request, HttpResponse.BodyHandlers.discarding());
        return new Request(
                fault,
                response.statusCode(),
                response.headers().firstValue("X-Trace-Id").orElse(""));
    }

    private void progress(int done, int runs) {
        if (done % Math.max(1, runs / 10) == 0 || done == runs) {
            out.println("  " + done + " of " + runs + " requests");
        }
    }
}
