/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.logback;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An application whose code does not know us, in a process of its own: {@code src/it/no_code_change}. */
class ITConsumerProcess {
    private static final Path PROJECT = Path.of("src/it/no_code_change/src/main");

    @TempDir
    Path folder;

    private SentryServer sentry;

    @BeforeEach
    void start() throws IOException {
        sentry = new SentryServer();
    }

    @AfterEach
    void stop() {
        sentry.close();
    }

    @ParameterizedTest
    @CsvSource({"return, false", "exit, false", "return, true"})
    void loggedError_isAtSentry_howeverTheProcessEnds(String end, boolean newestLogback) throws Exception {
        Result result = run(end, newestLogback, Map.of("SENTRY_DSN", sentry.dsn()));

        assertThat(result.exit).as(result.output).isEqualTo(end.equals("exit") ? 3 : 0);
        assertThat(sentry.events()).as(result.output).hasSize(1);
        JsonNode event = sentry.events().get(0);
        assertThat(event.at("/exception/values/0/type").asText()).isEqualTo("IllegalStateException");
        assertThat(event.at("/exception/values/0/value").asText()).isEqualTo("no truck");
        assertThat(event.at("/contexts/MDC/orderId").asText()).isEqualTo("7");
        assertThat(event.path("logger").asText()).isEqualTo("com.acme.Shop");
        assertThat(SentryServer.bytes(event)).contains("shipping of order 7 failed");
        assertThat(SentryServer.breadcrumbs(event)).contains("shop opens");
    }

    @Test
    void uncaughtException_isAtSentryAndStillPrinted() throws Exception {
        Result result = run("throw", false, Map.of("SENTRY_DSN", sentry.dsn()));

        assertThat(result.exit).isEqualTo(1);
        assertThat(result.output).contains("Exception in thread \"main\"", "nobody caught this", "Shop.main");
        assertThat(sentry.events().stream()
                        .map(event -> event.at("/exception/values/0/value").asText()))
                .containsExactlyInAnyOrder("no truck", "nobody caught this");
    }

    @Test
    void sentryProperties_areEnough() throws Exception {
        Files.writeString(folder.resolve("sentry.properties"), "dsn=" + sentry.dsn() + "\nrelease=shop@3\n");

        Result result = run("return", false, Map.of());

        assertThat(sentry.events()).as(result.output).hasSize(1);
        assertThat(sentry.events().get(0).path("release").asText()).isEqualTo("shop@3");
    }

    @Test
    void withoutASentry_theApplicationRunsOn() throws Exception {
        Result result = run("return", false, Map.of("SENTRY_DSN", "not a dsn"));

        assertThat(result.exit).as(result.output).isZero();
    }

    private record Result(int exit, String output) {}

    private Result run(String end, boolean newestLogback, Map<String, String> environment) throws Exception {
        Path classes = compile();
        List<String> classPath = new ArrayList<>(List.of(
                classes.toString(),
                PROJECT.resolve("resources").toAbsolutePath().toString()));
        if (newestLogback) {
            try (Stream<Path> jars = Files.list(Path.of("target/newest-logback").toAbsolutePath())) {
                jars.map(Path::toString).forEach(classPath::add);
            }
        }
        classPath.addAll(ourClassPath(newestLogback));
        ProcessBuilder process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        "com.acme.Shop",
                        end)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile());
        process.environment().keySet().removeIf(name -> name.startsWith("SENTRY_") || name.startsWith("OTEL_"));
        process.environment().putAll(environment);
        process.environment()
                .put("TRACEBRIDGE_SPOOL_DIR", folder.resolve("spool").toString());
        process.environment().put("TRACEBRIDGE_LOCAL", "off");
        Process started = process.start();
        boolean ended = started.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            started.destroyForcibly();
        }
        return new Result(ended ? started.exitValue() : -1, Files.readString(folder.resolve("out")));
    }

    /** Compiled against SLF4J alone: that is the proof that its code does not know us. */
    private Path compile() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        String slf4j = entries()
                .filter(entry -> entry.contains("slf4j-api"))
                .findFirst()
                .orElseThrow();
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        classes.toString(),
                        "-cp",
                        slf4j,
                        PROJECT.resolve("java/com/acme/Shop.java").toString());
        assertThat(failed).isZero();
        return classes;
    }

    private static List<String> ourClassPath(boolean newestLogback) {
        return entries()
                .filter(entry -> !entry.endsWith("test-classes"))
                .filter(entry -> !newestLogback || !new File(entry).getName().startsWith("logback-"))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.toList());
    }

    private static Stream<String> entries() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                .split(File.pathSeparator));
    }
}
