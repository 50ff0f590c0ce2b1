/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import io.tracebridge.dashboard.http.HeaderDeadline;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that hold on, send too much, or hope that we call somebody. */
@Timeout(60)
class ExhaustionTest {
    private static DashboardServer server;

    @BeforeAll
    static void start() {
        server = DashboardServer.start(DashboardOptions.defaults().withPort(0).withAliases(false));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void connection_isClosed_whenItsHeadTricklesIn() throws Exception {
        Server quick = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service("/", (context, request) -> HttpResponse.of("ok"))
                .childChannelPipelineCustomizer(new HeaderDeadline(Duration.ofMillis(600)))
                .build();
        quick.start().join();
        try (Socket slow = new Socket("127.0.0.1", quick.activeLocalPort())) {
            OutputStream out = slow.getOutputStream();
            out.write("GET / HTTP/1.1\r\nHost: localhost\r\n".getBytes(StandardCharsets.US_ASCII));
            // a byte now and then would start an idle timeout again each time
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> isClosed(slow, out));
        } finally {
            var unused = quick.stop();
        }
    }

    @Test
    void connection_isClosed_whenTheRestOfARefusedBodyTricklesIn() throws Exception {
        for (String head : List.of(
                "POST /api/1/envelope/ HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 100000\r\n\r\n",
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99000000\r\nContent-Type: application/json\r\n\r\n",
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nContent-Type: text/xml\r\n\r\n")) {
            try (Socket slow = new Socket("127.0.0.1", server.port())) {
                OutputStream out = slow.getOutputStream();
                out.write(head.getBytes(StandardCharsets.US_ASCII));
                await().atMost(Duration.ofSeconds(20))
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> isClosed(slow, out));
            }
        }
    }

    @Test
    void connection_isKept_forTheNextRequestOfASenderThatWasRefused() throws Exception {
        String refused =
                "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Type: text/xml\r\n\r\n{}";
        String next = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((refused + next).getBytes(StandardCharsets.US_ASCII));
            StringBuilder answers = new StringBuilder();
            while (answers.indexOf("OK\n") < 0) {
                answers.append((char) socket.getInputStream().read());
            }
            assertThat(answers).contains(" 415 ", " 200 ");
        }
    }

    @Test
    void connections_areBounded() throws Exception {
        List<Socket> held = new ArrayList<>();
        try {
            for (int i = 0; i < 80; i++) {
                held.add(new Socket("127.0.0.1", server.port()));
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(held.stream().filter(ExhaustionTest::isEnded))
                            .hasSizeGreaterThanOrEqualTo(80 - 64));
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(RawHttp.send(server.port(), "GET", "/healthz", List.of(), "")
                                .status())
                        .isEqualTo(200));
    }

    @Test
    void server_connectsToNobody() throws Exception {
        String span =
                "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"traceId\":\"5b8efff798038103d269b633813fc60c\","
                        + "\"spanId\":\"eee19b7ec3c1b174\",\"name\":\"http://example.com/x\",\"startTimeUnixNano\":\"1\","
                        + "\"endTimeUnixNano\":\"2\",\"attributes\":[{\"key\":\"url.full\",\"value\":{\"stringValue\":"
                        + "\"http://example.com/\"}}]}]}]}]}";
        assertThat(RawHttp.send(server.port(), "POST", "/v1/traces", List.of("Content-Type: application/json"), span)
                        .status())
                .isEqualTo(200);
        server.store().flush();

        assertThat(foreignPeers()).isEmpty();
    }

    /** Remote addresses of this process's sockets that are not this machine; Linux lists them as hexadecimal words. */
    private static List<String> foreignPeers() throws IOException {
        Set<String> mine = new HashSet<>();
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            for (Path file : files.toList()) {
                try {
                    String target = Files.readSymbolicLink(file).toString();
                    if (target.startsWith("socket:[")) {
                        mine.add(target.substring(8, target.length() - 1));
                    }
                } catch (IOException e) {
                    assertThat(file).doesNotExist();
                }
            }
        }
        assertThat(mine).isNotEmpty();
        List<String> foreign = new ArrayList<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
                String[] words = line.trim().split("\\s+");
                if (words.length > 9 && mine.contains(words[9]) && !isHere(words[2].split(":")[0])) {
                    foreign.add(line);
                }
            }
        }
        return foreign;
    }

    private static boolean isHere(String hex) {
        return hex.matches("0+")
                || hex.equals("0100007F")
                || hex.equals("0000000000000000FFFF00000100007F")
                || hex.equals("00000000000000000000000001000000");
    }

    private static boolean isClosed(Socket socket, OutputStream out) {
        try {
            out.write('x');
            return isEnded(socket);
        } catch (IOException e) {
            return true;
        }
    }

    private static boolean isEnded(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }
}
