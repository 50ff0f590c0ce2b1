/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A dashboard whose disk is really full: its process sees a small file system of its own, which needs Linux and user
 * namespaces and nothing else. Left out where those are not to be had.
 */
@Timeout(180)
class ITDiskFull {
    private static final int SPANS_OF_REQUEST = 100;
    private static final int DISK_MIB = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Random random = new Random(1);
    private Process dashboard;
    private Path log;
    private String address;
    private Path disk;
    private long acknowledged;
    private long ids;

    @BeforeEach
    void start() throws Exception {
        Path mount = Files.createDirectory(folder.resolve("disk"));
        log = folder.resolve("log");
        assumeTrue(mayMount(mount), "no file system can be mounted here");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String command = mountCommand(mount) + " && exec " + java + " -Xmx256m -cp '"
                + System.getProperty("java.class.path")
                + "' io.tracebridge.dashboard.Main --port 0 --no-auth --no-aliases"
                + " --max-bytes 64MiB --data " + mount + "/data";
        dashboard = new ProcessBuilder("unshare", "-rm", "sh", "-c", command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Pattern ready = Pattern.compile("Tracebridge dashboard: (http://localhost:\\d+)");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> ready.matcher(Files.readString(log)).find());
        Matcher link = ready.matcher(Files.readString(log));
        assertThat(link.find()).isTrue();
        address = link.group(1);
        // what another process has mounted is reached through that process
        disk = Path.of("/proc/" + dashboard.pid() + "/root" + mount);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (dashboard != null) {
            dashboard.destroy();
            assertThat(dashboard.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void fullDisk_losesNothingAcknowledged_andIsSaidOnce() throws Exception {
        send();
        await().until(() -> stored("spans") == acknowledged);

        fill(DISK_MIB);
        int refusals = 0;
        while (refusals < 3) {
            refusals += send() == 503 ? 1 : 0;
        }

        assertThat(trouble()).contains("cannot write since").contains("No space left on device");
        assertThat(health().path("queue").path("depth").asLong()).isEqualTo(acknowledged - stored("spans"));
        assertThat(sendError())
                .as("errors have a part of the queue to themselves")
                .isEqualTo(200);

        Files.delete(disk.resolve("ballast"));
        assertEverythingIsStored();
        assertThat(stored("events")).isEqualTo(1);
        assertThat(send()).isEqualTo(200);
        assertThat(warnings()).isEqualTo(1);
    }

    /** A checkpoint that finds no room makes the engine declare its database invalid: it answers nothing any more. */
    @Test
    void database_isOpenedAnew_whenTheEngineDeclaredItInvalid() throws Exception {
        // room for the log up to its checkpoint, not for what the checkpoint writes
        fill(DISK_MIB - 14);
        while (stored("reopened") == 0 && trouble().isEmpty()) {
            for (int i = 0; i < 8; i++) {
                send();
            }
            // a writer that is far behind takes much at once, and then it is no checkpoint that finds no room
            await().pollInterval(Duration.ofMillis(20))
                    .until(() -> stored("spans") == acknowledged
                            || stored("reopened") > 0
                            || !trouble().isEmpty());
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> stored("reopened") > 0);

        Files.delete(disk.resolve("ballast"));
        assertEverythingIsStored();
        assertThat(Files.readString(log)).contains("closed by a fatal error and is open again");
        assertThat(warnings()).isEqualTo(1);
    }

    private void assertEverythingIsStored() throws Exception {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(trouble()).isEmpty();
            assertThat(stored("spans")).isEqualTo(acknowledged);
        });
        assertThat(stored("failed")).isZero();
        assertThat(dashboard.isAlive()).isTrue();
    }

    /** Ours; newer JVMs add their own about libraries. */
    private long warnings() throws IOException {
        return Files.readString(log)
                .lines()
                .filter(line -> line.matches("\\d\\d:\\d\\d:\\d\\d (WARN|ERROR) .*"))
                .filter(line -> !line.contains("Analysis"))
                .count();
    }

    private void fill(int mib) throws IOException {
        try (OutputStream ballast = Files.newOutputStream(disk.resolve("ballast"))) {
            for (int i = 0; i < mib * 16; i++) {
                ballast.write(new byte[1 << 16]);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    /** Sends spans that do not compress; returns the status. */
    private int send() throws Exception {
        StringBuilder spans = new StringBuilder("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[");
        for (int i = 0; i < SPANS_OF_REQUEST; i++) {
            byte[] noise = new byte[900];
            random.nextBytes(noise);
            ids++;
            spans.append(i == 0 ? "" : ",")
                    .append(String.format("{\"traceId\":\"%032x\",\"spanId\":\"%016x\",\"name\":\"n\",", ids, ids))
                    .append(
                            "\"startTimeUnixNano\":\"1767225600000000000\",\"endTimeUnixNano\":\"1767225600000001000\",")
                    .append("\"attributes\":[{\"key\":\"noise\",\"value\":{\"stringValue\":\"")
                    .append(Base64.getEncoder().encodeToString(noise))
                    .append("\"}}]}");
        }
        int status =
                post("/v1/traces", "application/json", spans.append("]}]}]}").toString());
        acknowledged += status == 200 ? SPANS_OF_REQUEST : 0;
        assertThat(status).isIn(200, 503);
        return status;
    }

    private int sendError() throws Exception {
        return post(
                "/api/1/envelope/",
                "text/plain",
                "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n{\"type\":\"event\"}\n"
                        + "{\"message\":\"disk full\",\"level\":\"error\"}\n");
    }

    private int post(String path, String type, String body) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(address + path))
                                .header("Content-Type", type)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private long stored(String what) throws Exception {
        return health().path("store").path(what).asLong(-1);
    }

    private String trouble() throws Exception {
        return health().path("store").path("trouble").asText("");
    }

    private JsonNode health() throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(address + "/api/v1/health")).build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private static boolean mayMount(Path mount) throws InterruptedException {
        List<String> command = List.of("unshare", "-rm", "sh", "-c", mountCommand(mount));
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    private static String mountCommand(Path mount) {
        return "mount -t tmpfs -o size=" + DISK_MIB + "m none " + mount;
    }
}
