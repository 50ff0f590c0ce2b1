/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.Test;

class LocalBackendTest {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    @StartStop
    private final MockWebServer dashboard = new MockWebServer();

    @StartStop
    private final MockWebServer collector = new MockWebServer();

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void dashboard_isPreferred_whenBothAnswer() throws Exception {
        dashboard.enqueue(new MockResponse.Builder()
                .headersDelay(100, TimeUnit.MILLISECONDS)
                .build());
        collector.enqueue(new MockResponse.Builder().build());
        assertThat(LocalBackend.find(CONNECT, ANSWER, dashboard.getPort(), collector.getPort()))
                .isEqualTo(LocalBackend.DASHBOARD);
        RecordedRequest asked = dashboard.takeRequest();
        assertThat(asked.getTarget()).isEqualTo("/v1/traces");
        assertThat(asked.getBodySize()).isZero();
    }

    @Test
    void collector_isTaken_whenAnotherToolHoldsTheDashboardsPort() throws Exception {
        dashboard.enqueue(new MockResponse.Builder().code(404).build());
        collector.enqueue(new MockResponse.Builder().build());
        assertThat(LocalBackend.find(CONNECT, ANSWER, dashboard.getPort(), collector.getPort()))
                .isEqualTo(LocalBackend.COLLECTOR);
    }

    @Test
    void backendThatHasJustStarted_isFound_althoughItsFirstAnswerIsSlow() throws Exception {
        dashboard.enqueue(new MockResponse.Builder()
                .headersDelay(600, TimeUnit.MILLISECONDS)
                .build());
        assertThat(LocalBackend.find(Duration.ofMillis(200), ANSWER, dashboard.getPort(), closedPort()))
                .isEqualTo(LocalBackend.DASHBOARD);
    }

    @Test
    void nobodyThere_isNone() throws Exception {
        assertThat(LocalBackend.find(CONNECT, ANSWER, closedPort(), closedPort()))
                .isEqualTo(LocalBackend.NONE);
    }

    @Test
    void silentServer_isNone_afterTheTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            assertThat(LocalBackend.find(CONNECT, Duration.ofMillis(200), silent.getLocalPort(), closedPort()))
                    .isEqualTo(LocalBackend.NONE);
        }
    }
}
