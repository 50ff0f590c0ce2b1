/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.server.ServerBuilder;

/**
 * The endpoints of one feature. The server binds them behind its guards ({@code Host}, {@code Origin}, token, limits), so a
 * feature checks none of those.
 * @since 0.1
 */
public interface Routes {
    /** Adds services to the builder; called once, before the server starts. Never sets ports, timeouts or decorators for all. */
    void bind(ServerBuilder server);

    /** Called once when the server answers: for work that nobody waits for. */
    default void started() {}
}
