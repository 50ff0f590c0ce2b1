/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DashboardServerTest {
    private static final DashboardOptions OPTIONS =
            DashboardOptions.defaults().withPort(0).withAliases(false);

    @Test
    void server_answersAtBothLoopbackAddresses() throws Exception {
        try (DashboardServer server = DashboardServer.start(OPTIONS)) {
            assertThat(RawHttp.send("127.0.0.1", server.port(), "GET", "/healthz", List.of(), "")
                            .status())
                    .isEqualTo(200);
            assertThat(RawHttp.send("::1", server.port(), "GET", "/healthz", List.of(), "")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void server_saysWhatToDo_whenThePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> DashboardServer.start(OPTIONS.withPort(taken.getLocalPort())))
                    .isInstanceOf(DashboardStartException.class)
                    .hasMessageContaining("Port " + taken.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
    }

    @Test
    void server_refusesToBeOpenToOthersWithoutToken() {
        assertThatThrownBy(
                        () -> DashboardServer.start(OPTIONS.withHost("0.0.0.0").withAuth(false)))
                .isInstanceOf(DashboardStartException.class)
                .hasMessageContaining("--no-auth");
    }

    @Test
    void greeting_namesTheAddressThatIsListenedAt() throws Exception {
        try (DashboardServer server =
                DashboardServer.start(OPTIONS.withHost("::1").withAuth(false))) {
            assertThat(greeting(server))
                    .contains("Tracebridge dashboard: http://[::1]:" + server.port() + "/\n")
                    .contains(
                            "http://local@[::1]:" + server.port() + "/1\n",
                            "OTLP endpoint   http://[::1]:" + server.port())
                    .doesNotContain("localhost", "WARNING");
            assertThat(RawHttp.send("::1", server.port(), "GET", "/", List.of("Host: [::1]:" + server.port()), "")
                            .status())
                    .isEqualTo(200);
        }
        try (DashboardServer server = DashboardServer.start(OPTIONS.withAuth(false))) {
            assertThat(greeting(server)).contains("http://localhost:" + server.port() + "/\n");
        }
    }

    @Test
    void greeting_saysWhichUsualPortsAreTaken() throws Exception {
        try (ServerSocket first = taken(4317);
                ServerSocket second = taken(4318);
                DashboardServer server = DashboardServer.start(OPTIONS.withAliases(true))) {
            assertThat(server.aliases()).isEmpty();
            assertThat(greeting(server)).contains("not at 4317 and 4318: taken by another program");
        }
    }

    /** Null when somebody else has it, which is as good. */
    private static @Nullable ServerSocket taken(int port) {
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException inUse) {
            return null;
        }
    }

    private static String greeting(DashboardServer server) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        Main.greet(new PrintStream(said, true, StandardCharsets.UTF_8), server, null);
        return said.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }

    @Test
    void alias_takesTelemetryOnly() throws Exception {
        try (DashboardServer server =
                DashboardServer.start(OPTIONS.withAliases(true).withAuth(false))) {
            for (int alias : server.aliases()) {
                assertThat(RawHttp.send(alias, "GET", "/", List.of(), "").status())
                        .isEqualTo(404);
                assertThat(RawHttp.send(alias, "GET", "/healthz", List.of(), "").status())
                        .isEqualTo(200);
            }
            assertThat(RawHttp.send(server.port(), "GET", "/", List.of(), "").status())
                    .isEqualTo(200);
        }
    }

    @Test
    void severalServersInOneProgram_makeItsLogSayNothing() {
        List<String> said = new CopyOnWriteArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                said.add(entry.getLoggerName() + ": " + entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        listener.setLevel(Level.WARNING);
        Logger root = Logger.getLogger("");
        root.addHandler(listener);
        try (DashboardServer one = DashboardServer.start(OPTIONS);
                DashboardServer other = DashboardServer.start(OPTIONS)) {
            assertThat(one.port()).isNotEqualTo(other.port());
        } finally {
            root.removeHandler(listener);
        }
        assertThat(said).isEmpty();
    }
}
