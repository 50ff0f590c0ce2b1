/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.tracebridge.settings.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OtlpPropertiesTest {
    private static Map<String, String> overrides(String endpoint, String protocol) {
        return OtlpProperties.overrides(
                Settings.builder().otlpEndpoint(endpoint).build(), protocol, Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:4318, , http/protobuf, http://localhost:4318/v1/traces",
        "http://localhost:4318/, , http/protobuf, http://localhost:4318/v1/traces",
        "http://localhost:4318/v1/traces, , http/protobuf, http://localhost:4318/v1/traces",
        "https://gateway.example/otlp, , http/protobuf, https://gateway.example/otlp/v1/traces",
        "http://localhost:4317, , grpc, http://localhost:4317",
        "http://localhost:4317, http/protobuf, http/protobuf, http://localhost:4317/v1/traces",
        "http://localhost:4318/v1/traces, grpc, http/protobuf, http://localhost:4318/v1/traces"
    })
    void endpoint_isCompleted(String endpoint, String protocol, String spoken, String traces) {
        assertThat(overrides(endpoint, protocol))
                .containsEntry("otel.exporter.otlp.traces.protocol", spoken)
                .containsEntry("otel.exporter.otlp.traces.endpoint", traces)
                .containsEntry("otel.traces.exporter", "otlp");
    }

    @Test
    void fullTracesUrl_asksForTracesOnly_baseUrlForAll() {
        assertThat(overrides("http://localhost:4318/v1/traces", null))
                .containsEntry("otel.metrics.exporter", "none")
                .containsEntry("otel.logs.exporter", "none");
        assertThat(overrides("http://localhost:4318", null))
                .containsEntry("otel.metrics.exporter", "otlp")
                .containsEntry("otel.logs.exporter", "otlp");
    }

    @Test
    void chosenExporters_stay() {
        assertThat(OtlpProperties.overrides(
                        Settings.builder().otlpEndpoint("http://localhost:4318").build(),
                        null,
                        Map.of("otel.traces.exporter", "console,otlp")))
                .containsEntry("otel.traces.exporter", "console,otlp");
    }

    @Test
    void headers_surviveTheSdksSplittingAndDecoding() {
        Map<String, String> overrides = OtlpProperties.overrides(
                Settings.builder()
                        .otlpHeaders(Map.of("Authorization", "Basic a+b/c==, x"))
                        .build(),
                null,
                Map.of());
        assertThat(overrides)
                .containsOnly(Map.entry("otel.exporter.otlp.headers", "Authorization=Basic%20a%2Bb%2Fc%3D%3D%2C%20x"));
    }

    @Test
    void nothingSet_overridesNothing() {
        assertThat(overrides(null, null)).isEmpty();
    }
}
