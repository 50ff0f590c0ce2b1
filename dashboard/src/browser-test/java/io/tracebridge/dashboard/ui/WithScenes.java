/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ui;

import io.tracebridge.dashboard.DashboardOptions;
import io.tracebridge.dashboard.DashboardServer;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Tests that read: one server for all of them, as users run it, which has received {@link Scenes} and is sent nothing more. */
@ExtendWith(WithScenes.Start.class)
abstract class WithScenes extends WithBrowser {
    static Scenes scenes;
    private static Dashboard dashboard;

    @Override
    String origin() {
        return dashboard.origin();
    }

    /** A server of its own on a free port, with its data in memory and without a token. */
    record Dashboard(DashboardServer server, Scenes scenes) implements AutoCloseable {
        static DashboardServer start(int port) {
            return DashboardServer.start(new DashboardOptions(
                    port,
                    DashboardOptions.DEFAULT_HOST,
                    null,
                    DashboardOptions.DEFAULT_MAX_BYTES,
                    null,
                    false,
                    false));
        }

        static Dashboard withScenes() {
            DashboardServer server = start(0);
            return new Dashboard(server, Scenes.sentTo(origin(server)));
        }

        static String origin(DashboardServer server) {
            return "http://localhost:" + server.port();
        }

        String origin() {
            return origin(server);
        }

        @Override
        public void close() {
            server.close();
        }
    }

    static final class Start implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            dashboard = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Dashboard.class, key -> Dashboard.withScenes(), Dashboard.class);
            scenes = dashboard.scenes();
        }
    }
}
