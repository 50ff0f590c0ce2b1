/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.resources.ResourceBuilder;
import io.tracebridge.otlp.SpoolingSenders;
import io.tracebridge.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Weak defaults, first in order so that every other provider, file, environment and property beats them, and the spool
 * under the OTLP exporters before anybody wraps those.
 */
final class DefaultsProvider implements AutoConfigurationCustomizerProvider {
    /** In characters. Unlimited is the SDK's default, and one careless attribute can then be 10 MB. */
    private static final String ATTRIBUTE_LENGTH = "32768";

    private final Settings settings;
    private final SpoolingSenders senders;

    DefaultsProvider(Settings settings, SpoolingSenders senders) {
        this.settings = settings;
        this.senders = senders;
    }

    @Override
    public int order() {
        return Integer.MIN_VALUE;
    }

    @Override
    public void customize(AutoConfigurationCustomizer customizer) {
        customizer.addPropertiesSupplier(this::defaults);
        customizer.addPropertiesCustomizer(DefaultsProvider::quietExporters);
        customizer.addResourceCustomizer((resource, config) -> describe(resource));
        customizer.addSpanExporterCustomizer((exporter, config) -> senders.rebuild(exporter));
    }

    private Map<String, String> defaults() {
        return Map.of(
                "otel.service.name",
                settings.serviceName(),
                "otel.exporter.otlp.protocol",
                "http/protobuf",
                "otel.attribute.value.length.limit",
                ATTRIBUTE_LENGTH);
    }

    /** Without any endpoint the SDK's default would be a collector on this machine that nobody asked for. */
    private static Map<String, String> quietExporters(ConfigProperties config) {
        Map<String, String> exporters = new HashMap<>();
        for (String signal : new String[] {"traces", "metrics", "logs"}) {
            boolean chosen = config.getString("otel." + signal + ".exporter") != null
                    || config.getString("otel.exporter.otlp.endpoint") != null
                    || config.getString("otel.exporter.otlp." + signal + ".endpoint") != null;
            if (!chosen) {
                exporters.put("otel." + signal + ".exporter", "none");
            }
        }
        return exporters;
    }

    private Resource describe(Resource resource) {
        ResourceBuilder builder = resource.toBuilder();
        putIfMissing(resource, builder, "deployment.environment.name", settings.environment());
        putIfMissing(resource, builder, "service.version", settings.release());
        putIfMissing(resource, builder, "service.instance.id", settings.instanceId());
        return builder.build();
    }

    private static void putIfMissing(Resource resource, ResourceBuilder builder, String key, @Nullable String value) {
        boolean missing = resource.getAttributes().asMap().keySet().stream()
                .noneMatch(known -> known.getKey().equals(key));
        if (missing && value != null) {
            builder.put(key, value);
        }
    }
}
