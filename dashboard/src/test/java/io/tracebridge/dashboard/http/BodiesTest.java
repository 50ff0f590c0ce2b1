/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many bodies at once, over real connections, with a bound that a test can afford. */
@Timeout(60)
class BodiesTest {
    private static final int TOTAL = 1 << 20;
    private static final int HALF = TOTAL / 2;

    private final Bodies bodies = new Bodies(TOTAL);
    private Server server;

    @BeforeEach
    void start() {
        server = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .serviceUnder(
                        "/",
                        (context, request) -> bodies.bounded(
                                context,
                                request,
                                body -> HttpResponse.of(body.aggregate()
                                        .handle((whole, failure) -> failure == null
                                                ? HttpResponse.of("taken")
                                                : HttpResponse.ofFailure(failure)))))
                .build();
        server.start().join();
    }

    @AfterEach
    void stop() {
        var unused = server.stop();
    }

    @Test
    void bodies_areBoundedTogether_andFreeTheirRoomWhenTheyAreAnswered() throws Exception {
        try (Socket first = begin(HALF);
                Socket second = begin(HALF)) {
            first.getOutputStream().write(new byte[HALF - 1]);
            second.getOutputStream().write(new byte[HALF - 1]);

            await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
                try (Socket third = begin(1_000)) {
                    // let in before the others were read, it waits for its body
                    third.setSoTimeout(1_000);
                    assertThat(answer(third)).contains(" 503 ");
                }
            });

            first.getOutputStream().write(1);
            assertThat(answer(first)).contains(" 200 ");
        }
        // the second never came to its end: its room is free when its connection is gone
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            try (Socket fourth = begin(TOTAL - 1)) {
                fourth.getOutputStream().write(new byte[TOTAL - 1]);
                assertThat(answer(fourth)).contains(" 200 ");
            }
        });
    }

    @Test
    void body_isRefusedInTheMiddle_whenItSaidNoLength() throws Exception {
        try (Socket held = begin(HALF);
                Socket chunked = connect()) {
            held.getOutputStream().write(new byte[HALF - 1]);
            chunked.getOutputStream()
                    .write("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            // never ended, so an answer can only be a refusal
            assertThat(statusAfter(chunked, chunk)).doesNotContain(" 200 ");
        }
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            try (Socket next = begin(TOTAL - 1)) {
                next.getOutputStream().write(new byte[TOTAL - 1]);
                assertThat(answer(next)).contains(" 200 ");
            }
        });
    }

    private static String statusAfter(Socket socket, byte[] chunk) {
        try {
            for (int i = 0; i < 40; i++) {
                socket.getOutputStream().write(chunk);
            }
            return answer(socket);
        } catch (SocketTimeoutException silent) {
            throw new AssertionError("neither refused nor cut off", silent);
        } catch (IOException cut) {
            return "cut off";
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.activeLocalPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private Socket begin(int length) throws IOException {
        Socket socket = connect();
        socket.getOutputStream()
                .write(("POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String answer(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("closed without an answer: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }
}
