/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.tracebridge.Tracebridge;
import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import io.tracebridge.examples.demo.EverySpan.Ended;
import io.tracebridge.examples.scene.SceneApp;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The scene generator at 10 % sampling, every error kept: what the dashboard says of each operation, beside what every span says. Which traces
 * are kept follows from their ids, and these from a seed; but which request gets which of them, and how long it takes, is as it comes. So bounds
 * are five standard errors wide, which chance exceeds once in a million runs; with three it would in one of a hundred, and then in several
 * operations together, since those of a request are slow together.
 */
class ITSampledFigures {
    private static final double RATE = 0.1;
    private static final int REQUESTS = 1_200;
    private static final double FAULTS = 0.03;
    private static final double ERRORS = 5;

    @TempDir
    private Path spool;

    @Test
    void figuresAtTenPercent_areThoseOfThePopulation() throws Exception {
        EverySpan.restart(42);
        GlobalOpenTelemetry.resetForTest();
        try (DashboardServer dashboard = DashboardServer.start(DashboardOptions.defaults()
                        .withPort(0)
                        .withAliases(false)
                        .withAuth(false)
                        .withData(null));
                Tracebridge bridge = Tracebridge.builder()
                        .serviceName("scene-generator")
                        .environment("demo")
                        .dsn("http://demo@127.0.0.1:" + dashboard.port() + "/1")
                        .otlpEndpoint("http://127.0.0.1:" + dashboard.port())
                        .samplingRate(RATE)
                        .spoolDir(spool)
                        .start();
                SceneApp app = SceneApp.start(GlobalOpenTelemetry.get(), 0, Map.of())) {
            List<Driver.Request> requests =
                    new Driver(app.url(), new PrintStream(OutputStream.nullOutputStream())).run(REQUESTS, FAULTS);
            assertThat(requests).hasSize(REQUESTS);
            Set<String> failed = requests.stream()
                    .filter(request -> request.status() == 500)
                    .map(Driver.Request::traceId)
                    .collect(Collectors.toSet());
            assertThat(failed).hasSize((int) (REQUESTS * FAULTS));
            bridge.flush(Duration.ofSeconds(30));
            List<Ended> population = EverySpan.ended();
            check(dashboard, failed, population);
        } finally {
            GlobalOpenTelemetry.resetForTest();
        }
    }

    private static void check(DashboardServer dashboard, Set<String> failed, List<Ended> population) {
        // every failing request is there, and nothing more comes
        long[] seen = {-1};
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    JsonNode root = operation(operations(dashboard), "POST /api/generate");
                    long before = seen[0];
                    seen[0] = root.path("samples").asLong();
                    assertThat(root.path("errors").asDouble()).isEqualTo(failed.size());
                    assertThat(seen[0]).isEqualTo(before);
                });
        JsonNode operations = operations(dashboard);
        int compared = 0;
        for (JsonNode operation : operations) {
            List<Ended> spans = population.stream()
                    .filter(span -> span.name().equals(operation.path("name").asText()))
                    .toList();
            if (!spans.isEmpty()) {
                compared++;
                compare(operation, spans, failed);
            }
        }
        assertThat(compared).isGreaterThanOrEqualTo(8);

        JsonNode root = operation(operations, "POST /api/generate");
        assertThat(root.path("estimate").path("text").asText()).startsWith("estimated from ");
        // taken as they are, the kept requests say something else altogether
        assertThat(failed.size() / root.path("samples").asDouble()).isGreaterThan(5 * FAULTS);
    }

    private static void compare(JsonNode operation, List<Ended> spans, Set<String> failed) {
        String name = operation.path("name").asText();
        // a trace is kept or not as a whole: the squares of how often it calls the operation add up
        Map<String, Long> ordinary = spans.stream()
                .filter(span -> !failed.contains(span.traceId()))
                .collect(Collectors.groupingBy(Ended::traceId, Collectors.counting()));
        double squares = ordinary.values().stream().mapToDouble(n -> n * n).sum();
        double countError = Math.sqrt(squares * (1 - RATE) / RATE);
        assertThat(operation.path("count").asDouble())
                .as("count of %s", name)
                .isBetween(spans.size() - ERRORS * countError, spans.size() + ERRORS * countError);

        double share = spans.stream().filter(Ended::failed).count() / (double) spans.size();
        double shareError = share * countError / spans.size();
        assertThat(operation.path("errorShare").asDouble())
                .as("error share of %s", name)
                .isBetween(share - ERRORS * shareError - 1e-4, share + ERRORS * shareError + 1e-4);

        long[] sorted = spans.stream().mapToLong(Ended::micros).sorted().toArray();
        int traces = new HashSet<>(spans.stream().map(Ended::traceId).toList()).size();
        double p95 = operation.path("p95Ms").asDouble() * 1_000;
        assertThat(p95)
                .as("P95 of %s", name)
                .isBetween(at(sorted, lowest(traces * RATE)) * 0.99 - 1, at(sorted, 1) * 1.01 + 1);
    }

    /** The lowest quantile that the P95 of so many kept traces may be: further down, too many of them would have to be faster. */
    private static double lowest(double kept) {
        double quantile = 0.95;
        while (0.95 - quantile < ERRORS * Math.sqrt(quantile * (1 - quantile) / kept)) {
            quantile -= 0.001;
        }
        return quantile;
    }

    private static double at(long[] sorted, double q) {
        int rank = (int) Math.ceil(Math.min(1, Math.max(0, q)) * sorted.length);
        return sorted[Math.max(0, rank - 1)];
    }

    private static JsonNode operation(JsonNode operations, String name) {
        for (JsonNode operation : operations) {
            if (operation.path("name").asText().equals(name)) {
                return operation;
            }
        }
        throw new AssertionError("no operation " + name + " in " + operations);
    }

    private static JsonNode operations(DashboardServer dashboard) {
        try {
            String url = "http://127.0.0.1:" + dashboard.port() + "/api/v1/operations?limit=200";
            return new ObjectMapper()
                    .readTree(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(url)).build(),
                                    HttpResponse.BodyHandlers.ofByteArray())
                            .body())
                    .path("items");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
