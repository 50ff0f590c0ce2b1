/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final SdkMeterProvider meters =
            SdkMeterProvider.builder().registerMetricReader(reader).build();

    private void install() {
        Metrics.install(meters.get("test"), text -> text.replace("hunter2", "[redacted]"));
    }

    @AfterEach
    void uninstall() {
        Metrics.uninstall();
    }

    @Test
    void theThreeInstruments_carryTheTicketsNames() {
        install();
        Metrics.sceneGeneration(1_250, Map.of("project.id", "p1"));
        Metrics.sceneGeneration(750);
        Metrics.aiUsage(321, "gpt-x");
        Metrics.toolExecution("render", true);
        Metrics.toolExecution("render", false);

        MetricData duration = metric("scene_generation_duration");
        assertThat(duration.getUnit()).isEqualTo("ms");
        assertThat(duration.getHistogramData().getPoints())
                .extracting(point -> point.getSum())
                .containsExactlyInAnyOrder(1_250.0, 750.0);
        assertThat(metric("ai_token_usage").getLongSumData().getPoints())
                .singleElement()
                .satisfies(point -> {
                    assertThat(point.getValue()).isEqualTo(321);
                    assertThat(point.getAttributes())
                            .isEqualTo(Attributes.of(AttributeKey.stringKey("ai.model"), "gpt-x"));
                });
        assertThat(metric("tool_executions").getLongSumData().getPoints()).hasSize(2);
    }

    @Test
    void negativeValuesAndNoNumbers_areIgnored() {
        install();
        Metrics.sceneGeneration(-1);
        Metrics.sceneGeneration(Double.NaN);
        Metrics.sceneGeneration(Double.POSITIVE_INFINITY);
        Metrics.aiUsage(-5, "gpt-x");
        Metrics.timer("render").record(Duration.ofMillis(-3));
        assertThat(reader.collectAllMetrics())
                .allMatch(metric -> metric.getData().getPoints().isEmpty());
    }

    @Test
    void oddArguments_neverThrow() {
        install();
        Map<String, Object> odd = new HashMap<>();
        odd.put(null, 1);
        odd.put("null", null);
        odd.put("secret", "hunter2");
        odd.put("list", List.of(1, 2));
        Metrics.sceneGeneration(1, odd);
        Metrics.sceneGeneration(1, null);
        Metrics.aiUsage(1, null);
        Metrics.toolExecution(null, true);
        Metrics.timer(null).record((Duration) null);
        Metrics.timer("1 / % name").record(Duration.ofMillis(1));
        assertThat(reader.collectAllMetrics().toString())
                .doesNotContain("hunter2")
                .contains("[redacted]");
        assertThat(metric("t1_/___name")).isNotNull();
    }

    @Test
    void timer_givesTheResultAndMeasuresFailuresToo() throws Exception {
        install();
        Timer timer = Metrics.timer("render").with("kind", "svg");
        String result = timer.record(() -> "done");
        assertThat(result).isEqualTo("done");
        IOException failure = new IOException("boom");
        assertThatThrownBy(() -> timer.record(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(metric("render").getHistogramData().getPoints())
                .singleElement()
                .satisfies(point -> assertThat(point.getCount()).isEqualTo(2));
    }

    @Test
    void series_areCapped() {
        install();
        for (int i = 0; i < 1_500; i++) {
            Metrics.sceneGeneration(1, Map.of("user", "u" + i));
        }
        assertThat(metric("scene_generation_duration").getHistogramData().getPoints())
                .hasSize(1_001)
                .anyMatch(point -> point.getCount() == 500);
    }

    @Test
    void names_areCapped() {
        install();
        for (int i = 0; i < 300; i++) {
            Metrics.timer("timer-" + i).record(Duration.ofMillis(1));
            Metrics.timer("timer-" + i).record(Duration.ofMillis(1));
        }
        assertThat(reader.collectAllMetrics()).hasSize(200);
    }

    @Test
    void nothingInstalled_doesNothing() {
        Metrics.sceneGeneration(1);
        Metrics.timer("a").record(Duration.ofMillis(1));
        assertThat(Metrics.timer("a").<String, RuntimeException>record(() -> "ran"))
                .isEqualTo("ran");
        assertThat(reader.collectAllMetrics()).isEmpty();
    }

    @Test
    void health_saysItInOneLine() {
        Accounting accounting = new Accounting();
        accounting.dropped(DropReason.SPOOL_FULL, 3);
        Health health = new Health(
                1,
                2_048,
                3,
                4_096,
                Duration.ofSeconds(29),
                Map.of("head", 5L, "error", 2L),
                7,
                true,
                8,
                9,
                Map.of("otlp", 10L),
                Health.losses(accounting));
        assertThat(health.line())
                .doesNotContain("\n")
                .contains(
                        "kept 7 traces (error=2, head=5)",
                        "exported spans (otlp=10)",
                        "active 1 (2 KiB)",
                        "held 3 (4 KiB, 29000 ms)",
                        "late spans 7",
                        "partial 9",
                        "degraded 8 (now)",
                        "dropped (spool_full=3)");
    }

    private MetricData metric(String name) {
        return reader.collectAllMetrics().stream()
                .filter(metric -> metric.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
