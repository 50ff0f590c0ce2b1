/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import static io.tracebridge.Tracebridge.addTraceHeaders;
import static io.tracebridge.Tracebridge.attrs;
import static io.tracebridge.Tracebridge.captureError;
import static io.tracebridge.Tracebridge.withSpan;

import com.sun.management.OperatingSystemMXBean;
import com.sun.net.httpserver.HttpServer;
import io.tracebridge.Tracebridge;
import io.tracebridge.context.Pipeline;
import io.tracebridge.metrics.Metrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What the bridge costs the pipeline of the example: the same steps with real CPU work in place of the waiting for AI
 * and database, so the share is the worst there is. One run in a hundred fails and is captured. Runs with the bridge on
 * and off alternate in pairs of blocks in one process; Sentry and OTLP go to a server on the loopback interface. The
 * figure for the whole process holds the compiler's work on code that runs for the first time: long blocks only.
 * Arguments: pairs (12), runs in each block (150), milliseconds of work in each run (4).
 */
public final class PipelineOverheadRun {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final int runs;
    private final int roundsPerStep;
    private final int port;
    private final Path spool;

    private PipelineOverheadRun(int runs, int roundsPerStep, int port, Path spool) {
        this.runs = runs;
        this.roundsPerStep = roundsPerStep;
        this.port = port;
        this.spool = spool;
    }

    /** CPU nanoseconds of one block: the calling thread's and the process's. */
    private record Cost(double own, double process) {}

    /** Prints the overhead with its 95 % interval. */
    public static void main(String[] args) throws Exception {
        int pairs = args.length > 0 ? Integer.parseInt(args[0]) : 12;
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 150;
        double millis = args.length > 2 ? Double.parseDouble(args[2]) : 4;
        HttpServer sink = sink();
        try {
            Path spool = Files.createTempDirectory("tracebridge-overhead");
            int rounds = calibrate(millis / STEPS);
            new PipelineOverheadRun(runs, rounds, sink.getAddress().getPort(), spool).compare(pairs);
        } finally {
            sink.stop(0);
        }
    }

    private static final int STEPS = 5;

    private void compare(int pairs) throws Exception {
        for (int i = 0; i < 2; i++) {
            block(true); // warm
            block(false);
        }
        double[] own = new double[pairs];
        double[] process = new double[pairs];
        for (int pair = 0; pair < pairs; pair++) {
            boolean onFirst = pair % 2 == 0;
            Cost first = block(onFirst);
            Cost second = block(!onFirst);
            Cost on = onFirst ? first : second;
            Cost off = onFirst ? second : first;
            own[pair] = 100 * (on.own / off.own - 1);
            process[pair] = 100 * (on.process / off.process - 1);
            System.out.printf(
                    Locale.ROOT,
                    "pair %2d  off %.3f ms/run  application %+.2f %%  process %+.2f %%%n",
                    pair + 1,
                    off.own / runs / 1e6,
                    own[pair],
                    process[pair]);
        }
        print("application's thread", own);
        print("whole process", process);
    }

    private Cost block(boolean on) throws Exception {
        if (!on) {
            return measured();
        }
        String base = "http://127.0.0.1:" + port;
        try (Tracebridge bridge = Tracebridge.builder()
                .environment("production")
                .samplingRate(0.1)
                .dsn("http://key@127.0.0.1:" + port + "/1")
                .otlpEndpoint(base)
                .serviceName("overhead")
                .spoolDir(spool)
                .start()) {
            measured(runs / 4); // classes and connections of this start are not the pipeline's
            bridge.flush(Duration.ofSeconds(5));
            Cost cost = measured();
            bridge.flush(Duration.ofSeconds(5));
            return cost;
        }
    }

    private Cost measured() throws Exception {
        return measured(runs);
    }

    private Cost measured(int count) throws Exception {
        long processBefore = SYSTEM.getProcessCpuTime();
        long ownBefore = THREADS.getCurrentThreadCpuTime();
        for (int i = 0; i < count; i++) {
            scene(i);
        }
        return new Cost(
                THREADS.getCurrentThreadCpuTime() - ownBefore, (double) SYSTEM.getProcessCpuTime() - processBefore);
    }

    /** The steps of the example's pipeline, with its attributes. */
    private void scene(int number) throws Exception {
        try {
            withSpan(
                    "generation.generateScene",
                    attrs("project.id", "p" + number % 10).and("user.message.length", 120),
                    () -> {
                        Pipeline.current().put("project.id", "p" + number % 10);
                        addTraceHeaders((name, value) -> {});
                        withSpan("brain.makeDecision", attrs("prompt.length", 120), () -> work());
                        withSpan("tool.layout", attrs("tool.name", "layout").and("tool.confidence", 0.9), () -> work());
                        Metrics.toolExecution("layout", true);
                        withSpan("ai.chat", attrs("ai.model", "stub").and("ai.temperature", 0.2), () -> work());
                        Metrics.aiUsage(321, "stub");
                        withSpan("scene.validate", () -> work());
                        return withSpan("db.saveResults", attrs("layer.count", 7), () -> {
                            if (number % 100 == 99) {
                                throw new IOException("the database is gone");
                            }
                            return work();
                        });
                    });
        } catch (IOException failure) {
            captureError(failure);
        }
    }

    private String work() {
        return work(roundsPerStep);
    }

    /** Hashing a scene's text again and again: nothing that a compiler could leave out. */
    private static String work(int rounds) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] bytes =
                    "<svg><rect width='100' height='100'/></svg>".repeat(20).getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < rounds; i++) {
                byte[] hash = digest.digest(bytes);
                System.arraycopy(hash, 0, bytes, 0, hash.length);
            }
            return HexFormat.of().formatHex(bytes, 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static int calibrate(double millis) {
        work(100_000);
        long before = THREADS.getCurrentThreadCpuTime();
        work(20_000);
        double perRound = (THREADS.getCurrentThreadCpuTime() - before) / 20_000.0;
        return (int) Math.max(1, millis * 1e6 / perRound);
    }

    private static HttpServer sink() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    /** The median of the pairs, and their mean with twice its standard error. */
    private static void print(String what, double[] percents) {
        double[] sorted = percents.clone();
        Arrays.sort(sorted);
        double mean = Arrays.stream(percents).average().orElse(Double.NaN);
        double squares = Arrays.stream(percents)
                .map(percent -> (percent - mean) * (percent - mean))
                .sum();
        double standardError = Math.sqrt(squares / (percents.length - 1) / percents.length);
        System.out.printf(
                Locale.ROOT,
                "%s: mean %+.2f %% [%+.2f, %+.2f], median %+.2f %%, %d pairs%n",
                what,
                mean,
                mean - 2 * standardError,
                mean + 2 * standardError,
                sorted[sorted.length / 2],
                percents.length);
    }
}
