/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
