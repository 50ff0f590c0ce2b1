/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import io.tracebridge.settings.Settings;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in OpenTelemetry's own properties what {@code OTLP_ENDPOINT} and {@code OTLP_HEADERS} mean. */
final class OtlpProperties {
    private static final String TRACES_PATH = "/v1/traces";

    private OtlpProperties() {}

    /**
     * The overrides for the settings; empty when OpenTelemetry's own settings decide alone. A full traces URL asks for
     * traces only; a base URL for metrics and logs too, unless the application chose their exporters.
     * @param protocol {@code otel.exporter.otlp.protocol} as the user set it; null when not set
     * @param chosenExporters by property name, for example {@code otel.metrics.exporter}; absent when not set
     */
    static Map<String, String> overrides(
            Settings settings, @Nullable String protocol, Map<String, String> chosenExporters) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (!settings.otlpHeaders().isEmpty()) {
            properties.put("otel.exporter.otlp.headers", headers(settings.otlpHeaders()));
        }
        if (settings.otlpEndpoint() == null) {
            return properties;
        }
        String traces = tracesUrl(settings.otlpEndpoint());
        String base = traces.substring(0, traces.length() - TRACES_PATH.length());
        boolean full = settings.otlpEndpoint().replaceAll("/+$", "").equals(traces);
        boolean grpc = !full && (protocol == null ? base.endsWith(":4317") : protocol.equals("grpc"));
        String spoken = grpc ? "grpc" : "http/protobuf";
        properties.put("otel.exporter.otlp.protocol", spoken);
        properties.put("otel.exporter.otlp.traces.protocol", spoken);
        properties.put("otel.exporter.otlp.endpoint", base);
        properties.put("otel.exporter.otlp.traces.endpoint", grpc ? base : traces);
        choose(properties, chosenExporters, "otel.traces.exporter", "otlp");
        choose(properties, chosenExporters, "otel.metrics.exporter", full ? "none" : "otlp");
        choose(properties, chosenExporters, "otel.logs.exporter", full ? "none" : "otlp");
        return properties;
    }

    /** The full traces URL for a base URL or a full one, over HTTP. */
    static String tracesUrl(String endpoint) {
        String trimmed = endpoint.replaceAll("/+$", "");
        return trimmed.endsWith(TRACES_PATH) ? trimmed : trimmed + TRACES_PATH;
    }

    private static void choose(Map<String, String> properties, Map<String, String> chosen, String name, String value) {
        properties.put(name, chosen.getOrDefault(name, value));
    }

    /** Percent-encoded whole, because the SDK splits at commas and turns a plus sign into a blank. */
    private static String headers(Map<String, String> headers) {
        return headers.entrySet().stream()
                .map(header -> header.getKey() + "="
                        + URLEncoder.encode(header.getValue(), StandardCharsets.UTF_8)
                                .replace("+", "%20"))
                .collect(Collectors.joining(","));
    }
}
