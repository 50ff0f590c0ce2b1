/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How the dashboard runs. The defaults are those of the command line, but for the data, which stay in memory unless a folder
 * is named.
 *
 * @param port of pages, API and telemetry; 0 for a free one
 * @param host address to listen at; the default is loopback, both protocols. Another one needs {@code auth}
 * @param data folder of the data, or null for memory
 * @param maxBytes what the data may take; at least 8 MiB
 * @param token asked for by pages and API, or null for one that is made and works once
 * @param auth whether pages and API ask for a token
 * @param aliases whether the usual ports of OpenTelemetry (4317, 4318) are listened at as well, where they are free
 * @since 0.1
 */
public record DashboardOptions(
        int port,
        String host,
        @Nullable Path data,
        long maxBytes,
        @Nullable String token,
        boolean auth,
        boolean aliases) {
    public static final int DEFAULT_PORT = 8969;
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final long DEFAULT_MAX_BYTES = 1L << 30;
    private static final int MIN_TOKEN = 16;

    public DashboardOptions {
        requireNonNull(host, "host");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port is " + port + ", must be 0 to 65535");
        }
        if (maxBytes < 8 << 20) {
            throw new IllegalArgumentException("max-bytes is " + maxBytes + ", needs at least 8 MiB");
        }
        if (token != null && !token.matches("[A-Za-z0-9._~-]{" + MIN_TOKEN + ",200}")) {
            // the value is not repeated: it is a secret
            throw new IllegalArgumentException(
                    "the token must have " + MIN_TOKEN + " to 200 letters, digits or . _ ~ -");
        }
    }

    public static DashboardOptions defaults() {
        return new DashboardOptions(DEFAULT_PORT, DEFAULT_HOST, null, DEFAULT_MAX_BYTES, null, true, true);
    }

    public DashboardOptions withPort(int value) {
        return new DashboardOptions(value, host, data, maxBytes, token, auth, aliases);
    }

    public DashboardOptions withHost(String value) {
        return new DashboardOptions(port, value, data, maxBytes, token, auth, aliases);
    }

    public DashboardOptions withData(@Nullable Path value) {
        return new DashboardOptions(port, host, value, maxBytes, token, auth, aliases);
    }

    public DashboardOptions withMaxBytes(long value) {
        return new DashboardOptions(port, host, data, value, token, auth, aliases);
    }

    public DashboardOptions withToken(@Nullable String value) {
        return new DashboardOptions(port, host, data, maxBytes, value, auth, aliases);
    }

    public DashboardOptions withAuth(boolean value) {
        return new DashboardOptions(port, host, data, maxBytes, token, value, aliases);
    }

    public DashboardOptions withAliases(boolean value) {
        return new DashboardOptions(port, host, data, maxBytes, token, auth, value);
    }

    /** Everything but the token. */
    @Override
    public String toString() {
        return "DashboardOptions[port=" + port + ", host=" + host + ", data=" + data + ", maxBytes=" + maxBytes
                + ", auth=" + auth + ", aliases=" + aliases + "]";
    }
}
