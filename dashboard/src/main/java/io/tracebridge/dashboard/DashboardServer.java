/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import io.tracebridge.dashboard.http.Routes;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The running dashboard.
 *
 * <p>Thread-safe.
 * @since 0.1
 */
public final class DashboardServer implements AutoCloseable {
    private final Server server;

    private DashboardServer(Server server) {
        this.server = server;
    }

    static DashboardServer start(int port, List<Routes> features) {
        ServerBuilder builder = Server.builder().http(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        builder.service("/healthz", (context, request) -> HttpResponse.of(HttpStatus.OK));
        features.forEach(feature -> feature.bind(builder));
        Server server = builder.build();
        server.start().join();
        return new DashboardServer(server);
    }

    /** The port it listens on. */
    public int port() {
        return server.activeLocalPort();
    }

    @Override
    public void close() {
        server.close();
    }
}
