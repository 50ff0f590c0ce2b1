/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything a running bridge was told, already checked. Read once at start; nothing reads the environment later.
 * Immutable.
 *
 * @param enabled false: all our parts step aside
 * @param tracing whether spans are recorded, held and exported
 * @param sdkDisabled {@code OTEL_SDK_DISABLED}: no ids of ours at all
 * @param otlpEndpoint {@code OTLP_ENDPOINT}, base URL or full traces URL as given; null when it is not set
 * @param otelExporter whether OpenTelemetry's own settings name an exporter or endpoint, which its SDK reads itself
 * @param otlpHeaders decoded; values are secrets
 * @param samplingRate head rate for ordinary traces, 0 to 1
 * @param foreignSampler {@code OTEL_TRACES_SAMPLER} names a sampler that is no rate: it stays the head decision
 * @param slowTrace local traces at least this long are kept
 * @param dsn Sentry's address and public key; a secret in part; null when there is none
 * @param release as in every Sentry SDK; null when there is none
 * @param environment never empty
 * @param serviceName never empty
 * @param instanceId tells this process from others and from its own earlier starts ({@code service.instance.id}); null when an SDK that others built names
 *     it
 * @param traceUrlTemplate with {@code {traceId}} and {@code {spanId}}; null when there is none
 * @param spoolDir null: the per-user state folder
 * @param local whether a local backend may be looked for
 * @param escapedErrors whether an exception that leaves {@code Pipeline.run} uncaptured becomes an event
 * @param secretKeys attribute keys that are secret besides the built-in ones
 * @param allowedKeys attribute keys that are never secret
 * @since 0.1
 */
public record Settings(
        boolean enabled,
        boolean tracing,
        boolean sdkDisabled,
        @Nullable String otlpEndpoint,
        boolean otelExporter,
        Map<String, String> otlpHeaders,
        double samplingRate,
        boolean foreignSampler,
        Duration slowTrace,
        @Nullable String dsn,
        @Nullable String release,
        String environment,
        String serviceName,
        @Nullable String instanceId,
        @Nullable String traceUrlTemplate,
        @Nullable Path spoolDir,
        boolean local,
        boolean escapedErrors,
        Set<String> secretKeys,
        Set<String> allowedKeys) {

    public Settings {
        requireNonNull(environment, "environment");
        requireNonNull(serviceName, "serviceName");
        otlpHeaders = Map.copyOf(otlpHeaders);
        secretKeys = Set.copyOf(secretKeys);
        allowedKeys = Set.copyOf(allowedKeys);
    }

    /** Settings as they are when nothing is set at all, tracing on. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these values. */
    public Builder toBuilder() {
        return new Builder()
                .enabled(enabled)
                .tracing(tracing)
                .sdkDisabled(sdkDisabled)
                .otlpEndpoint(otlpEndpoint)
                .otelExporter(otelExporter)
                .otlpHeaders(otlpHeaders)
                .samplingRate(samplingRate)
                .foreignSampler(foreignSampler)
                .slowTrace(slowTrace)
                .dsn(dsn)
                .release(release)
                .environment(environment)
                .serviceName(serviceName)
                .instanceId(instanceId)
                .traceUrlTemplate(traceUrlTemplate)
                .spoolDir(spoolDir)
                .local(local)
                .escapedErrors(escapedErrors)
                .secretKeys(secretKeys)
                .allowedKeys(allowedKeys);
    }

    /** Whether this is production, where nothing is probed and nothing is printed. */
    public boolean production() {
        return environment.equals("production");
    }

    /** Whether this is a developer's or a test's environment, where tracing is off until it is asked for. */
    public boolean development() {
        return isDevelopment(environment);
    }

    static boolean isDevelopment(String environment) {
        return switch (environment) {
            case "development", "dev", "local", "test" -> true;
            default -> false;
        };
    }

    /** Names what is set; never the DSN's key nor a header's value. */
    @Override
    public String toString() {
        return "Settings[enabled=" + enabled + ", tracing=" + tracing + ", samplingRate=" + samplingRate
                + ", slowTrace=" + slowTrace + ", dsn=" + (dsn == null ? "none" : "set")
                + ", otlpHeaders=" + otlpHeaders.keySet() + ", environment=" + environment
                + ", serviceName=" + serviceName + "]";
    }

    /** Collects values that are already checked. Not thread-safe. */
    public static final class Builder {
        private boolean enabled = true;
        private boolean tracing = true;
        private boolean sdkDisabled;
        private @Nullable String otlpEndpoint;
        private boolean otelExporter;
        private Map<String, String> otlpHeaders = Map.of();
        private double samplingRate = 1.0;
        private boolean foreignSampler;
        private Duration slowTrace = Duration.ofSeconds(10);
        private @Nullable String dsn;
        private @Nullable String release;
        private String environment = "development";
        private String serviceName = "unknown_service:java";
        private @Nullable String instanceId;
        private @Nullable String traceUrlTemplate;
        private @Nullable Path spoolDir;
        private boolean local = true;
        private boolean escapedErrors = true;
        private Set<String> secretKeys = Set.of();
        private Set<String> allowedKeys = Set.of();

        private Builder() {}

        public Builder enabled(boolean value) {
            enabled = value;
            return this;
        }

        public Builder tracing(boolean value) {
            tracing = value;
            return this;
        }

        public Builder sdkDisabled(boolean value) {
            sdkDisabled = value;
            return this;
        }

        public Builder otlpEndpoint(@Nullable String value) {
            otlpEndpoint = value;
            return this;
        }

        public Builder otelExporter(boolean value) {
            otelExporter = value;
            return this;
        }

        public Builder otlpHeaders(Map<String, String> value) {
            otlpHeaders = value;
            return this;
        }

        public Builder samplingRate(double value) {
            samplingRate = value;
            return this;
        }

        public Builder foreignSampler(boolean value) {
            foreignSampler = value;
            return this;
        }

        public Builder slowTrace(Duration value) {
            slowTrace = value;
            return this;
        }

        public Builder dsn(@Nullable String value) {
            dsn = value;
            return this;
        }

        public Builder release(@Nullable String value) {
            release = value;
            return this;
        }

        public Builder environment(String value) {
            environment = value;
            return this;
        }

        public Builder serviceName(String value) {
            serviceName = value;
            return this;
        }

        public Builder instanceId(@Nullable String value) {
            instanceId = value;
            return this;
        }

        public Builder traceUrlTemplate(@Nullable String value) {
            traceUrlTemplate = value;
            return this;
        }

        public Builder spoolDir(@Nullable Path value) {
            spoolDir = value;
            return this;
        }

        public Builder local(boolean value) {
            local = value;
            return this;
        }

        public Builder escapedErrors(boolean value) {
            escapedErrors = value;
            return this;
        }

        public Builder secretKeys(Set<String> value) {
            secretKeys = value;
            return this;
        }

        public Builder allowedKeys(Set<String> value) {
            allowedKeys = value;
            return this;
        }

        public Settings build() {
            return new Settings(
                    enabled,
                    tracing,
                    sdkDisabled,
                    otlpEndpoint,
                    otelExporter,
                    otlpHeaders,
                    samplingRate,
                    foreignSampler,
                    slowTrace,
                    dsn,
                    release,
                    environment,
                    serviceName,
                    instanceId,
                    traceUrlTemplate,
                    spoolDir,
                    local,
                    escapedErrors,
                    secretKeys,
                    allowedKeys);
        }
    }
}
