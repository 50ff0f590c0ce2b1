/* SPDX-License-Identifier: Apache-2.0 */
package com.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link Orders} in a process of its own, with what Maven resolves for an application that depends on us: the POM beside
 * says which versions.
 */
class ITOrders {
    @TempDir
    Path folder;

    private Backends backends;

    @BeforeEach
    void start() throws Exception {
        backends = new Backends();
    }

    @AfterEach
    void stop() {
        backends.close();
    }

    @Test
    void errorsAndTraces_arrive_andNothingAlarmingIsPrinted() throws Exception {
        String classPath = Files.readString(Path.of("target/class-path")).strip();
        boolean logged = classPath.contains("logback-classic");
        List<String> output = run(classPath);

        List<String> events = backends.items("event");
        assertThat(events).as(String.join("\n", output)).hasSize(logged ? 3 : 2);
        assertThat(event(events, "no truck"))
                .contains(traceOf("shipping", output), "zero wheels", "order.ship", "\"customer\":\"acme\"");
        assertThat(event(events, "no money")).contains(traceOf("refund", output));
        if (logged) {
            assertThat(event(events, "no shelf")).contains("out of stock");
        }
        List<String> transactions = backends.items("transaction");
        assertThat(transactions).anyMatch(each -> each.contains("\"order.pay\""));
        assertThat(transactions)
                .anyMatch(each -> each.contains(traceOf("shipping", output)) && each.contains("order.ship"));
        assertThat(backends.otlp()).contains("order.pay", "order.ship", "order.refund");

        assertThat(output.stream().filter(line -> !expected(line, logged))).isEmpty();
    }

    @Test
    void application_runsOnWithoutUs_whenVersionsDoNotFit() throws Exception {
        String classPath = Arrays.stream(
                        Files.readString(Path.of("target/class-path")).strip().split(File.pathSeparator))
                .filter(jar -> !jar.contains("opentelemetry-sdk-common"))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> output = run(classPath);

        assertThat(output)
                .filteredOn(line -> line.matches("(shipping|refund) .*"))
                .hasSize(2);
        assertThat(output).noneMatch(line -> line.startsWith("Exception in thread"));
        if (classPath.contains("logback-classic")) {
            assertThat(output)
                    .filteredOn(line -> line.startsWith("ERROR io.tracebridge "))
                    .singleElement()
                    .asString()
                    .contains("Tracebridge could not start", "NoClassDefFoundError", "README");
        }
    }

    /** The application's own lines, ours of information, and SLF4J's about a missing logger. */
    private static boolean expected(String line, boolean logged) {
        return line.matches("(shipping|refund) [0-9a-f]{32}")
                || (logged ? line.startsWith("INFO io.tracebridge ") : line.startsWith("SLF4J(W): "));
    }

    private static String event(List<String> events, String message) {
        return events.stream()
                .filter(event -> event.contains(message))
                .findFirst()
                .orElseThrow();
    }

    private static String traceOf(String what, List<String> output) {
        return output.stream()
                .filter(line -> line.startsWith(what + " "))
                .map(line -> line.substring(what.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    private List<String> run(String classPath) throws Exception {
        File out = folder.resolve("out").toFile();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        Path.of("target/classes").toAbsolutePath() + File.pathSeparator + classPath,
                        Orders.class.getName())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out);
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(SENTRY|OTEL|OTLP|TRACE|TRACEBRIDGE)_.*")
                        || name.toUpperCase(Locale.ROOT).endsWith("_PROXY")
                        || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().put("SENTRY_DSN", backends.dsn());
        builder.environment().put("OTLP_ENDPOINT", backends.url());
        builder.environment()
                .put("TRACEBRIDGE_SPOOL_DIR", folder.resolve("spool").toString());
        Process process = builder.start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        List<String> output = Files.readAllLines(out.toPath());
        assertThat(ended).as(String.join("\n", output)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
        return output;
    }
}
