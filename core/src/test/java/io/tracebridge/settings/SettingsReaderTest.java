/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {
    private static final String DSN = "https://key@o1.ingest.example/42";

    private final Map<String, String> builder = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> sentryFile = new HashMap<>();
    private SettingsReader reader = reader();

    private SettingsReader reader() {
        return new SettingsReader(new SettingSources(builder, properties::get, environment::get, sentryFile::get));
    }

    private Settings read() {
        reader = reader();
        return reader.read();
    }

    private Settings read(String... namesAndValues) {
        environment.clear();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            environment.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return read();
    }

    @Test
    void nothingSet_isDevelopmentWithTracingOff() {
        Settings settings = read();
        assertThat(settings.enabled()).isTrue();
        assertThat(settings.tracing()).isFalse();
        assertThat(settings.environment()).isEqualTo("development");
        assertThat(settings.samplingRate()).isEqualTo(1.0);
        assertThat(settings.slowTrace()).isEqualTo(Duration.ofSeconds(10));
        assertThat(settings.dsn()).isNull();
        assertThat(settings.otlpEndpoint()).isNull();
        assertThat(settings.otelExporter()).isFalse();
        assertThat(settings.spoolDir()).isNull();
        assertThat(settings.traceUrlTemplate()).isNull();
        assertThat(settings.local()).isTrue();
        assertThat(settings.escapedErrors()).isTrue();
        assertThat(reader.problems()).isEmpty();
    }

    @Test
    void dsnAlone_isProductionAtTenPercent() {
        Settings settings = read("SENTRY_DSN", DSN);
        assertThat(settings.environment()).isEqualTo("production");
        assertThat(settings.tracing()).isTrue();
        assertThat(settings.samplingRate()).isEqualTo(0.1);
        assertThat(settings.production()).isTrue();
    }

    @Test
    void source_wins_inTheOrderBuilderPropertyEnvironment() {
        environment.put("TRACE_SAMPLING_RATE", "0.3");
        assertThat(read().samplingRate()).isEqualTo(0.3);
        properties.put("trace.sampling.rate", "0.2");
        assertThat(read().samplingRate()).isEqualTo(0.2);
        builder.put("TRACE_SAMPLING_RATE", "0.5");
        assertThat(read().samplingRate()).isEqualTo(0.5);
    }

    @Test
    void sentryFile_isTheLastSourceOfSentrysOwnSettings() {
        sentryFile.putAll(Map.of("dsn", DSN, "release", "app@1", "environment", "staging"));
        Settings settings = read();
        assertThat(settings.dsn()).isEqualTo(DSN);
        assertThat(settings.release()).isEqualTo("app@1");
        assertThat(settings.environment()).isEqualTo("staging");
        environment.put("SENTRY_RELEASE", "app@2");
        assertThat(read().release()).isEqualTo("app@2");
    }

    @ParameterizedTest
    @CsvSource({"development, false", "dev, false", "local, false", "test, false", "staging, true", "production, true"})
    void tracing_isOnByDefault_outsideDevelopment(String environmentName, boolean tracing) {
        assertThat(read("SENTRY_ENVIRONMENT", environmentName).tracing()).isEqualTo(tracing);
        assertThat(read("SENTRY_ENVIRONMENT", environmentName, "ENABLE_TRACING", String.valueOf(!tracing))
                        .tracing())
                .isEqualTo(!tracing);
    }

    @Test
    void sdkDisabled_turnsTracingOff_andSaysSo() {
        Settings settings = read("SENTRY_DSN", DSN, "OTEL_SDK_DISABLED", "true");
        assertThat(settings.tracing()).isFalse();
        assertThat(settings.sdkDisabled()).isTrue();
        assertThat(read("OTEL_SDK_DISABLED", "false").tracing()).isTrue();
        assertThat(read("OTEL_SDK_DISABLED", "false", "ENABLE_TRACING", "false").tracing())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "traceidratio, 0.25, 0.25, false",
        "parentbased_traceidratio, 0.25, 0.25, false",
        "always_on, , 1.0, false",
        "parentbased_always_off, , 0.0, false",
        "rule_based, 0.25, 0.1, true"
    })
    void otelSampler_isReadAsARate_whenItIsOne(String sampler, String argument, double rate, boolean foreign) {
        environment.put("OTEL_TRACES_SAMPLER", sampler);
        environment.put("SENTRY_DSN", DSN);
        if (argument != null) {
            environment.put("OTEL_TRACES_SAMPLER_ARG", argument);
        }
        assertThat(read().samplingRate()).isEqualTo(rate);
        assertThat(read().foreignSampler()).isEqualTo(foreign);
    }

    @Test
    void samplingRate_fallsBackToSentrys_andOursWins() {
        assertThat(read("SENTRY_TRACES_SAMPLE_RATE", "0.4").samplingRate()).isEqualTo(0.4);
        assertThat(read("SENTRY_TRACES_SAMPLE_RATE", "0.4", "OTEL_TRACES_SAMPLER_ARG", "0.3")
                        .samplingRate())
                .isEqualTo(0.3);
        assertThat(read("SENTRY_TRACES_SAMPLE_RATE", "0.4", "TRACE_SAMPLING_RATE", "0")
                        .samplingRate())
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.5", "-0.1", "NaN", "ten", "0,1"})
    void badRate_isNamedOnce_andTheDefaultUsed(String rate) {
        Settings settings = read("SENTRY_DSN", DSN, "TRACE_SAMPLING_RATE", rate);
        assertThat(settings.samplingRate()).isEqualTo(0.1);
        assertThat(reader.problems())
                .containsExactly(
                        "TRACE_SAMPLING_RATE: \"" + rate + "\" is not a number from 0 to 1; using the default, 0.1");
    }

    @ParameterizedTest
    @CsvSource({
        "TRACEBRIDGE_ENABLED, perhaps",
        "ENABLE_TRACING, perhaps",
        "SLOW_TRACE_MS, -1",
        "SLOW_TRACE_MS, 10s",
        "OTLP_ENDPOINT, localhost:4318",
        "OTLP_ENDPOINT, http://localhost:4318/v1/traces?x=1",
        "OTLP_ENDPOINT, http://",
        "OTLP_ENDPOINT, 'http://a b'",
        "TRACE_URL_TEMPLATE, https://example.org/trace",
        "TRACE_URL_TEMPLATE, javascript:alert({traceId})",
        "TRACEBRIDGE_LOCAL, maybe",
        "TRACEBRIDGE_CAPTURE_ESCAPED, maybe"
    })
    void badValue_isNamedWithItsValue_andTheDefaultUsed(String name, String value) {
        Settings byDefault = read();
        assertThat(read(name, value)).isEqualTo(byDefault);
        assertThat(reader.problems()).singleElement().asString().startsWith(name + ": \"" + value + "\" is not ");
        assertThatThrownBy(() -> SettingsReader.check(name, value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(name + ": \"" + value + "\" is not ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary",
                "https://canary@",
                "https://o1.example/canary",
                "ftp://canary@o1.example/1",
                "https://canary@o1.example/",
                "https://:canary@o1.example/1",
                "https://can ary@o1.example/1"
            })
    void badDsn_isNamed_withoutItsKey(String dsn) {
        assertThat(read("SENTRY_DSN", dsn).dsn()).isNull();
        assertThat(reader.problems())
                .singleElement()
                .asString()
                .startsWith("SENTRY_DSN: ")
                .doesNotContain("ary");
        assertThatThrownBy(() -> SettingsReader.check("SENTRY_DSN", dsn))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContainingAny("canary")
                .hasNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://k@127.0.0.1:9000/1", "https://k:s@sentry.example/a/prefix/42"})
    void dsn_mayHavePortSecretAndPathPrefix(String dsn) {
        assertThat(read("SENTRY_DSN", dsn).dsn()).isEqualTo(dsn);
        assertThat(reader.problems()).isEmpty();
    }

    @Test
    void headers_splitAtTheFirstEquals_andAreDecoded() {
        assertThat(read("OTLP_HEADERS", "Authorization=Basic a+b/c==, DD-API-KEY=k%2C1 ,x=%20y,")
                        .otlpHeaders())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("Authorization", "Basic a+b/c==", "DD-API-KEY", "k,1", "x", " y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"canary", "=canary", "k=canary%0d%0aX:1", "k=canary%ZZ", "k y=canary"})
    void badHeaders_areNamed_withoutTheirValues(String headers) {
        assertThat(read("OTLP_HEADERS", headers).otlpHeaders()).isEmpty();
        assertThat(reader.problems())
                .singleElement()
                .asString()
                .startsWith("OTLP_HEADERS: has ")
                .doesNotContain("canary");
    }

    @Test
    void endpointWithUserName_isRefused_withoutShowingIt() {
        assertThat(read("OTLP_ENDPOINT", "https://canary:pw@otlp.example").otlpEndpoint())
                .isNull();
        assertThat(reader.problems())
                .singleElement()
                .asString()
                .contains("OTLP_HEADERS")
                .doesNotContain("canary");
    }

    @ParameterizedTest
    @CsvSource({
        "OTEL_EXPORTER_OTLP_ENDPOINT, http://localhost:4318, true",
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, http://localhost:4318/v1/traces, true",
        "OTEL_TRACES_EXPORTER, otlp, true",
        "OTEL_TRACES_EXPORTER, none, false"
    })
    void otelExporter_isSeen(String name, String value, boolean seen) {
        assertThat(read(name, value).otelExporter()).isEqualTo(seen);
    }

    @Test
    void environment_comesFromTheResource_whenSentryHasNone() {
        assertThat(read("OTEL_RESOURCE_ATTRIBUTES", "a=b,deployment.environment.name=qa")
                        .environment())
                .isEqualTo("qa");
        assertThat(read(
                                "OTEL_RESOURCE_ATTRIBUTES",
                                "deployment.environment.name=qa",
                                "SENTRY_ENVIRONMENT",
                                "production")
                        .environment())
                .isEqualTo("production");
    }

    @Test
    void serviceName_comesFromOtel_theResource_thenTheProgram() {
        properties.put("sun.java.command", "/opt/app/order-service-1.4.2-SNAPSHOT.jar --port 1");
        assertThat(read().serviceName()).isEqualTo("order-service");
        environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.name=orders");
        assertThat(read().serviceName()).isEqualTo("orders");
        environment.put("OTEL_SERVICE_NAME", "shop");
        assertThat(read().serviceName()).isEqualTo("shop");
    }

    @Test
    void instanceId_isRandomOncePerProcess_orTheResources() {
        String random = read().instanceId();
        assertThat(UUID.fromString(String.valueOf(random)).version()).isEqualTo(4);
        assertThat(read().instanceId()).isEqualTo(random);
        environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=pod-7,service.name=orders");
        assertThat(read().instanceId()).isEqualTo("pod-7");
    }

    @ParameterizedTest
    @CsvSource({"com.acme.Main a b, Main", "mod/com.acme.Main, Main", "app.jar, app", ", unknown_service:java"})
    void mainProgram_isNamedShortly(String command, String name) {
        assertThat(MainProgram.name(command)).isEqualTo(name);
    }

    @Test
    void scrubKeysAndSpool_areRead() {
        Settings settings = read(
                "TRACEBRIDGE_SCRUB_KEYS", "iban, tenant.name",
                "TRACEBRIDGE_SCRUB_ALLOW", "session.id",
                "TRACEBRIDGE_SPOOL_DIR", "/var/spool/app");
        assertThat(settings.secretKeys()).containsExactlyInAnyOrder("iban", "tenant.name");
        assertThat(settings.allowedKeys()).containsExactly("session.id");
        assertThat(settings.spoolDir()).isEqualTo(Path.of("/var/spool/app"));
    }

    @Test
    void blankValue_countsAsNotSet() {
        properties.put("trace.sampling.rate", " ");
        assertThat(read("TRACE_SAMPLING_RATE", "0.7").samplingRate()).isEqualTo(0.7);
    }

    @Test
    void toString_showsNoSecret() {
        assertThat(read("SENTRY_DSN", "https://canary@o1.example/1", "OTLP_HEADERS", "k=canary"))
                .asString()
                .doesNotContain("canary");
    }
}
