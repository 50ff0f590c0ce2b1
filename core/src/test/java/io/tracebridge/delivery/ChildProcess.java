/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@link Child} in a JVM of its own, and what it said it did. */
final class ChildProcess implements AutoCloseable {
    final Set<String> errors = ConcurrentHashMap.newKeySet();
    /** In the order in which they were handed over. */
    final List<String> transactions = new CopyOnWriteArrayList<>();

    final List<String> dropped = new ArrayList<>();
    final List<String> log = new ArrayList<>();

    private final Process process;
    private final Thread reader;
    private volatile boolean done;
    private volatile int written;

    /** @param fileBlocks {@code ulimit -f} in KiB; 0 for none */
    ChildProcess(String who, Path spool, String url, int count, int largest, String end, int fileBlocks)
            throws IOException {
        List<String> java = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xmx192m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                who,
                spool.toString(),
                url,
                String.valueOf(count),
                String.valueOf(largest),
                end);
        List<String> command = new ArrayList<>();
        if (fileBlocks > 0) {
            command.addAll(List.of("bash", "-c", "ulimit -f " + fileBlocks + "; exec \"$@\"", "child"));
        }
        command.addAll(java);
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                note(line);
            }
        } catch (IOException e) {
            // the stream is closed when the process is destroyed
        }
    }

    private void note(String line) {
        String[] words = line.split(" ");
        if (words.length != 3 || !words[0].equals("CHILD")) {
            log.add(line);
            return;
        }
        switch (words[1]) {
            case "error" -> errors.add(words[2]);
            case "transaction" -> transactions.add(words[2]);
            case "written" -> written = Integer.parseInt(words[2]);
            case "dropped" -> dropped.add(words[2]);
            default -> done = true;
        }
    }

    boolean started() {
        return !errors.isEmpty();
    }

    boolean done() {
        return done;
    }

    /** The transactions that were in their file when it last looked. */
    List<String> written() {
        return transactions.subList(0, Math.min(written, transactions.size()));
    }

    /** SIGKILL, now. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        join();
    }

    /** SIGTERM. */
    void terminate() throws InterruptedException {
        process.destroy();
        join();
    }

    void join() throws InterruptedException {
        // a start, and then up to 15 s of plain Sentry's flush
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("child did not end: " + log);
        }
        reader.join();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
