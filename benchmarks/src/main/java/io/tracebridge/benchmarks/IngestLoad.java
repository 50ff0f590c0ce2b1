/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Sends to a running server as fast as it takes it, or at a rate, and prints what it accepted, how long answers took and, when it is told
 * the server's process, what that cost in CPU time, work that was still waiting at the end included.
 *
 * <p>{@code java -cp target/classes io.tracebridge.benchmarks.IngestLoad json http://localhost:8969/v1/traces 30 PID [RATE]}. The forms:
 * {@code json} and {@code proto} for OTLP, {@code zipkin} for the same spans in Zipkin's JSON, {@code envelope} for Sentry's errors.
 */
public final class IngestLoad {
    private static final int CONNECTIONS = 4;
    private static final long TICKS_PER_SECOND = 100;

    private final LoadBodies bodies;
    private final URI target;
    private final long gapNanos;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final List<Long> answerNanos = new ArrayList<>();

    private IngestLoad(LoadBodies bodies, URI target, long gapNanos) {
        this.bodies = bodies;
        this.target = target;
        this.gapNanos = gapNanos;
    }

    /** Arguments: form, address, seconds, and optionally the server's process and records a second. */
    public static void main(String[] arguments) throws InterruptedException, IOException {
        LoadBodies bodies = LoadBodies.of(arguments[0]);
        long rate = arguments.length > 4 ? Long.parseLong(arguments[4]) : 0;
        long gap = rate == 0 ? 0 : TimeUnit.SECONDS.toNanos(CONNECTIONS) * bodies.records() / rate;
        IngestLoad load = new IngestLoad(bodies, URI.create(arguments[1]), gap);
        Path process = arguments.length > 3 ? Path.of("/proc", arguments[3]) : null;
        long before = process == null ? 0 : cpuTicks(process);
        long started = System.nanoTime();
        load.run(Duration.ofSeconds(Long.parseLong(arguments[2])));
        double seconds = (System.nanoTime() - started) / 1e9;
        System.out.printf(Locale.ROOT, "%s: %s", arguments[0], load.outcome(seconds));
        if (process != null) {
            long during = cpuTicks(process) - before;
            long all = settled(process) - before;
            System.out.printf(
                    Locale.ROOT,
                    "; server %.1f s CPU, %.1f s with what was left: %,.0f for each second of it; %s",
                    (double) during / TICKS_PER_SECOND,
                    (double) all / TICKS_PER_SECOND,
                    load.accepted.sum() * (double) TICKS_PER_SECOND / all,
                    resident(process));
        }
        System.out.println();
    }

    private String outcome(double seconds) {
        List<Long> sorted = answerNanos.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "%,.0f/s accepted, %,d refused, answers %.1f ms at the median, %.1f ms at P99",
                accepted.sum() / seconds,
                refused.sum(),
                at(sorted, 0.50) / 1e6,
                at(sorted, 0.99) / 1e6);
    }

    private static double at(List<Long> sorted, double quantile) {
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.ceil(quantile * sorted.size()) - 1);
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
    }

    private void send(HttpClient client, long end) {
        List<Long> answers = new ArrayList<>();
        long next = System.nanoTime();
        try {
            while (System.nanoTime() < end) {
                long sent = System.nanoTime();
                boolean taken = isTaken(client);
                (taken ? accepted : refused).add(bodies.records());
                answers.add(System.nanoTime() - sent);
                next = Math.max(next + gapNanos, sent);
                // a sender that is refused waits, as every exporter does
                TimeUnit.NANOSECONDS.sleep(Math.max(next - System.nanoTime(), taken ? 0 : 50_000_000));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (answerNanos) {
            answerNanos.addAll(answers);
        }
    }

    private boolean isTaken(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(target)
                .header("Content-Type", bodies.contentType())
                .POST(HttpRequest.BodyPublishers.ofByteArray(bodies.next()))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() < 300;
        } catch (IOException e) {
            return false;
        }
    }

    /** CPU time when the process has come to rest: less than 5 % of a core for a second. */
    private static long settled(Path process) throws IOException, InterruptedException {
        long ticks = cpuTicks(process);
        for (int i = 0; i < 60; i++) {
            TimeUnit.SECONDS.sleep(1);
            long now = cpuTicks(process);
            if (now - ticks < TICKS_PER_SECOND / 20) {
                return now;
            }
            ticks = now;
        }
        return ticks;
    }

    private static long cpuTicks(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static String resident(Path process) throws IOException {
        return Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .findFirst()
                .orElse("")
                .replaceAll("\\s+", " ");
    }
}
