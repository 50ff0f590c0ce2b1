/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

/**
 * Is told of telemetry that no endpoint saw because of who asked, or whom.
 * @since 0.1
 */
public interface TurnedAway {
    /**
     * Counts one request; called on the connection's thread, so only what is quick.
     * @param protocol {@code sentry}, {@code otlp-http} or {@code otlp-grpc}
     * @param reason {@code forbidden_host} or {@code forbidden_origin}
     * @param detail for a person
     */
    void count(String protocol, String reason, String detail);
}
