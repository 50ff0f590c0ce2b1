/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a running bridge was told, already checked. Read once at start; nothing reads the environment later.
 *
 * @param enabled false: all our parts step aside
 * @param tracing whether spans are recorded, held and exported
 * @param sdkDisabled {@code OTEL_SDK_DISABLED}: no ids of ours at all
 * @param otlpEndpoint base URL or full traces URL as given; null when there is none
 * @param otlpHeaders decoded; values are secrets
 * @param samplingRate head rate for ordinary traces, 0 to 1
 * @param slowTrace local traces at least this long are kept
 * @param dsn Sentry's address and public key; a secret in part; null when there is none
 * @param environment never empty
 * @param serviceName never empty
 * @param traceUrlTemplate with {@code {traceId}} and {@code {spanId}}; null when there is none
 * @param spoolDir null: the per-user state folder
 * @param local whether a local backend may be looked for
 * @since 0.1
 */
public record Settings(
        boolean enabled,
        boolean tracing,
        boolean sdkDisabled,
        @Nullable String otlpEndpoint,
        Map<String, String> otlpHeaders,
        double samplingRate,
        Duration slowTrace,
        @Nullable String dsn,
        @Nullable String release,
        String environment,
        String serviceName,
        @Nullable String traceUrlTemplate,
        @Nullable Path spoolDir,
        boolean local) {

    public Settings {
        otlpHeaders = Map.copyOf(otlpHeaders);
    }

    /** Whether this is production, where nothing is probed and nothing is printed. */
    public boolean production() {
        return environment.equals("production");
    }

    /** Names what is set; never the DSN's key nor a header's value. */
    @Override
    public String toString() {
        return "Settings[enabled=" + enabled + ", tracing=" + tracing + ", samplingRate=" + samplingRate
                + ", slowTrace="
                + slowTrace + ", dsn=" + (dsn == null ? "none" : "set") + ", otlpHeaders=" + otlpHeaders.keySet()
                + ", environment=" + environment + ", serviceName=" + serviceName + "]";
    }
}
