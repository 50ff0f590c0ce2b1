/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads all settings once. A bad value from property, environment or file is named in {@link #problems()} and the
 * default used, so that a setting never stops the host. A bad builder value never gets here: {@link #check} refused it.
 *
 * <p>Not thread-safe; make one for each start.
 * @since 0.1
 */
public final class SettingsReader {
    /** A random one, as OpenTelemetry's conventions for {@code service.instance.id} recommend. */
    private static final String THIS_PROCESS = UUID.randomUUID().toString();

    private static final Map<String, Consumer<String>> CHECKS = Map.ofEntries(
            Map.entry("TRACEBRIDGE_ENABLED", SettingChecks::flag),
            Map.entry("ENABLE_TRACING", SettingChecks::flag),
            Map.entry("OTLP_ENDPOINT", SettingChecks::endpoint),
            Map.entry("OTLP_HEADERS", SettingChecks::headers),
            Map.entry("TRACE_SAMPLING_RATE", SettingChecks::rate),
            Map.entry("SLOW_TRACE_MS", SettingChecks::millis),
            Map.entry("SENTRY_DSN", SettingChecks::dsn),
            Map.entry("TRACE_URL_TEMPLATE", SettingChecks::template),
            Map.entry("TRACEBRIDGE_SPOOL_DIR", SettingChecks::folder),
            Map.entry("TRACEBRIDGE_LOCAL", SettingChecks::flag),
            Map.entry("TRACEBRIDGE_CAPTURE_ESCAPED", SettingChecks::flag));

    private final SettingSources sources;
    private final List<String> problems = new ArrayList<>();

    SettingsReader(SettingSources sources) {
        this.sources = sources;
    }

    /**
     * Reads from this process.
     * @param builder values that win over all other sources, by setting name
     */
    public static SettingsReader ofProcess(Map<String, String> builder) {
        return new SettingsReader(SettingSources.ofProcess(builder));
    }

    /**
     * Checks a value for the setting of this name.
     * @throws IllegalArgumentException naming setting, value and what is allowed; secrets are not repeated
     */
    public static void check(String name, String value) {
        Consumer<String> check = CHECKS.get(name);
        if (check != null) {
            try {
                check.accept(value);
            } catch (IllegalArgumentException refused) {
                throw new IllegalArgumentException(name + ": " + refused.getMessage(), null);
            }
        }
    }

    /** One line for each value that was refused, with the default that is used instead. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Reads and checks everything. */
    public Settings read() {
        String dsn = value("SENTRY_DSN", SettingChecks::dsn, null, "no events are sent");
        ResourceAttributes resource = ResourceAttributes.parse(sources.find("OTEL_RESOURCE_ATTRIBUTES"));
        String environment = environment(dsn, resource);
        boolean sdkDisabled = "true".equalsIgnoreCase(sources.find("OTEL_SDK_DISABLED"));
        boolean enabled = required("TRACEBRIDGE_ENABLED", SettingChecks::flag, true);
        boolean tracing =
                !sdkDisabled && required("ENABLE_TRACING", SettingChecks::flag, tracingByDefault(environment));
        return Settings.builder()
                .enabled(enabled)
                .tracing(tracing)
                .sdkDisabled(sdkDisabled)
                .otlpEndpoint(value("OTLP_ENDPOINT", SettingChecks::endpoint, null, "no traces are exported to it"))
                .otelExporter(otelExporter())
                .otlpHeaders(required("OTLP_HEADERS", SettingChecks::headers, Map.of()))
                .samplingRate(samplingRate(environment))
                .foreignSampler(foreignSampler())
                .slowTrace(required(
                        "SLOW_TRACE_MS",
                        SettingChecks::millis,
                        Settings.builder().build().slowTrace()))
                .dsn(dsn)
                .release(sources.find("SENTRY_RELEASE"))
                .environment(environment)
                .serviceName(serviceName(resource))
                .instanceId(resource.instanceId() == null ? THIS_PROCESS : resource.instanceId())
                .traceUrlTemplate(
                        value("TRACE_URL_TEMPLATE", SettingChecks::template, null, "events carry no trace link"))
                .spoolDir(value("TRACEBRIDGE_SPOOL_DIR", SettingChecks::folder, null, "the per-user folder is used"))
                .local(required("TRACEBRIDGE_LOCAL", SettingChecks::flag, true))
                .escapedErrors(required("TRACEBRIDGE_CAPTURE_ESCAPED", SettingChecks::flag, true))
                .secretKeys(SettingChecks.names(orEmpty("TRACEBRIDGE_SCRUB_KEYS")))
                .allowedKeys(SettingChecks.names(orEmpty("TRACEBRIDGE_SCRUB_ALLOW")))
                .build();
    }

    private String environment(@Nullable String dsn, ResourceAttributes resource) {
        String named = sources.find("SENTRY_ENVIRONMENT");
        if (named != null) {
            return named;
        }
        String fromResource = resource.environment();
        if (fromResource != null) {
            return fromResource;
        }
        return dsn == null ? "development" : "production";
    }

    /** An explicit {@code OTEL_SDK_DISABLED=false} asks for tracing, in development too. */
    private boolean tracingByDefault(String environment) {
        return !Settings.isDevelopment(environment) || "false".equalsIgnoreCase(sources.find("OTEL_SDK_DISABLED"));
    }

    private double samplingRate(String environment) {
        double byEnvironment = environment.equals("production") ? 0.1 : 1.0;
        if (sources.find("TRACE_SAMPLING_RATE") != null) {
            return required("TRACE_SAMPLING_RATE", SettingChecks::rate, byEnvironment);
        }
        String sampler = sources.find("OTEL_TRACES_SAMPLER");
        if (sampler != null) {
            switch (sampler) {
                case "always_on", "parentbased_always_on" -> {
                    return 1.0;
                }
                case "always_off", "parentbased_always_off" -> {
                    return 0.0;
                }
                default -> {}
            }
        }
        if (sources.find("OTEL_TRACES_SAMPLER_ARG") != null && !foreignSampler()) {
            return required("OTEL_TRACES_SAMPLER_ARG", SettingChecks::rate, byEnvironment);
        }
        return required("SENTRY_TRACES_SAMPLE_RATE", SettingChecks::rate, byEnvironment);
    }

    private boolean foreignSampler() {
        String sampler = sources.find("OTEL_TRACES_SAMPLER");
        return sampler != null
                && switch (sampler) {
                    case "always_on",
                            "always_off",
                            "traceidratio",
                            "parentbased_always_on",
                            "parentbased_always_off",
                            "parentbased_traceidratio" -> false;
                    default -> true;
                };
    }

    private boolean otelExporter() {
        String exporter = sources.find("OTEL_TRACES_EXPORTER");
        if (exporter != null) {
            return !exporter.equals("none");
        }
        return sources.find("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != null
                || sources.find("OTEL_EXPORTER_OTLP_ENDPOINT") != null;
    }

    private String serviceName(ResourceAttributes resource) {
        String named = sources.find("OTEL_SERVICE_NAME");
        if (named != null) {
            return named;
        }
        String fromResource = resource.serviceName();
        return fromResource == null ? MainProgram.name(sources.properties().apply("sun.java.command")) : fromResource;
    }

    private String orEmpty(String name) {
        String value = sources.find(name);
        return value == null ? "" : value;
    }

    private <T> T required(String name, Function<String, T> check, T byDefault) {
        String text = sources.find(name);
        if (text == null) {
            return byDefault;
        }
        try {
            return check.apply(text);
        } catch (IllegalArgumentException refused) {
            String shown = byDefault instanceof Map ? "none" : String.valueOf(byDefault);
            problems.add(name + ": " + refused.getMessage() + "; using the default, " + shown);
            return byDefault;
        }
    }

    private <T> @Nullable T value(String name, Function<String, T> check, @Nullable T byDefault, String consequence) {
        String text = sources.find(name);
        if (text == null) {
            return byDefault;
        }
        try {
            return check.apply(text);
        } catch (IllegalArgumentException refused) {
            problems.add(name + ": " + refused.getMessage() + "; ignored: " + consequence);
            return byDefault;
        }
    }
}
