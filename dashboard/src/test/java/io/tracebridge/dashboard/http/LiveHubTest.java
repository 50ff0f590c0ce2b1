/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.server.Server;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveHubTest {
    private final LiveHub hub = new LiveHub(Duration.ofMillis(300), Duration.ofSeconds(30));
    private final AtomicInteger closed = new AtomicInteger();
    private volatile @Nullable LiveMessage next;
    private Server server;

    @BeforeEach
    void start() {
        server = Server.builder()
                .http(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .service("/live", (context, request) -> hub.open(context, new LiveMessage("hello", "{}"), new Feed()))
                .build();
        server.start().join();
    }

    @AfterEach
    void stop() {
        hub.close();
        var unused = server.stop();
    }

    @Test
    void page_getsHelloThenMessagesThenComments() throws Exception {
        next = new LiveMessage("trace", "{\"n\":1}");
        try (InputStream in = open().getInputStream()) {
            String text = readUntil(in, "event: trace");
            assertThat(text).startsWith("id: 1\nevent: hello\ndata: {}\n\n").contains("id: 2\nevent: trace");
            next = null;
            assertThat(readUntil(in, "\n: \n")).contains("data: {\"n\":1}");
        }
    }

    @Test
    void messages_comeFiveTimesASecondAtMost() throws Exception {
        next = new LiveMessage("trace", "{}");
        long start = System.nanoTime();
        try (InputStream in = open().getInputStream()) {
            readUntil(in, "id: 8");
        }
        // seven ticks of 200 ms after the hello
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_190));
    }

    @Test
    void page_isToldToAskAgain_onResync_andForAMessageThatIsTooLarge() throws Exception {
        try (InputStream in = open().getInputStream()) {
            readUntil(in, "hello");
            hub.resync();
            readUntil(in, "event: resync");
            next = new LiveMessage("trace", "\"" + "x".repeat(5_000) + "\"");
            assertThat(readUntil(in, "event: resync")).doesNotContain("xxx");
        }
    }

    @Test
    void feed_isClosed_whenThePageGoes() throws Exception {
        InputStream in = open().getInputStream();
        readUntil(in, "hello");
        assertThat(hub.clients()).isEqualTo(1);

        in.close();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(hub.clients()).isZero();
            assertThat(closed).hasValue(1);
        });
    }

    @Test
    void seventeenthPage_isRefused() throws Exception {
        List<InputStream> pages = new ArrayList<>();
        for (int i = 0; i < LiveHub.MAX_CLIENTS; i++) {
            InputStream page = open().getInputStream();
            readUntil(page, "hello");
            pages.add(page);
        }

        HttpURLConnection refused = open();

        assertThat(refused.getResponseCode()).isEqualTo(503);
        assertThat(refused.getHeaderField("Retry-After")).isEqualTo("10");
        for (InputStream page : pages) {
            page.close();
        }
    }

    private HttpURLConnection open() throws Exception {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create("http://127.0.0.1:" + server.activeLocalPort() + "/live")
                        .toURL()
                        .openConnection();
        connection.setReadTimeout(20_000);
        return connection;
    }

    private static String readUntil(InputStream in, String part) throws Exception {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(part) < 0) {
            int next = in.read();
            assertThat(next).as(text.toString()).isNotNegative();
            text.append((char) next);
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private final class Feed implements LiveFeed {
        @Override
        public @Nullable LiveMessage next() {
            return next;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
