/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.demo;

import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code --kill}: a process that dies by SIGKILL in a burst of errors, and the one after it that delivers them. */
final class KillDemo {
    private static final int ERRORS = 200;
    private static final long SETTLE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final PrintStream out;

    KillDemo(PrintStream out) {
        this.out = out;
    }

    /** Returns the exit status: 0 when every captured error was delivered. */
    int run() throws IOException, InterruptedException {
        Path spool = Files.createTempDirectory("tracebridge-kill-demo");
        try (DashboardServer dashboard = DashboardServer.start(
                DashboardOptions.defaults().withPort(0).withAliases(false).withData(null))) {
            String dsn = "http://demo@127.0.0.1:" + dashboard.port() + "/1";
            out.println("A process captures " + ERRORS + " errors and is killed …");
            List<String> captured = burst(dsn, spool, ERRORS).stream()
                    .filter(line -> line.matches("[0-9a-f]{32}"))
                    .toList();
            DashboardClient client = DashboardClient.open(dashboard.link());
            out.println("It is dead. Delivered so far: " + client.delivered(captured) + " of " + captured.size()
                    + ". Another process starts with the same spool …");
            burst(dsn, spool, 0);
            int delivered = settle(client, captured);
            out.println(captured.size() + " captured, " + delivered + " delivered");
            return captured.size() == ERRORS && delivered == ERRORS ? 0 : 1;
        } finally {
            delete(spool);
        }
    }

    private static int settle(DashboardClient client, List<String> captured) throws IOException, InterruptedException {
        long end = System.nanoTime() + SETTLE_NANOS;
        int delivered = client.delivered(captured);
        while (delivered < captured.size() && System.nanoTime() - end < 0) {
            Thread.sleep(200);
            delivered = client.delivered(captured);
        }
        return delivered;
    }

    /** Runs the process to its end and returns what it printed. */
    private static List<String> burst(String dsn, Path spool, int errors) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Burst.class.getName(),
                        dsn,
                        spool.toString(),
                        String.valueOf(errors))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            List<String> printed = lines.lines().toList();
            process.waitFor();
            return printed;
        } finally {
            process.destroyForcibly();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
