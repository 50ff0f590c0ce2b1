/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import static java.util.Objects.requireNonNull;

import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The application's own measurements, through OpenTelemetry. Before {@code Tracebridge.start()} and after
 * {@code close()} every call does nothing.
 *
 * <p>Thread-safe; never throws and never blocks. Negative values and NaN are ignored. An instrument keeps at most
 * 1,000 different attribute sets; further ones are added up under {@code otel.metric.overflow=true}.
 * @since 0.1
 */
public final class Metrics {
    private static volatile Instruments installed = Instruments.NONE;

    private Metrics() {}

    /**
     * Makes this meter the target of all calls. For {@code Tracebridge.start()}.
     * @param scrub takes secrets out of attribute values
     */
    public static void install(Meter meter, UnaryOperator<String> scrub) {
        installed = new MeterInstruments(requireNonNull(meter, "meter"), requireNonNull(scrub, "scrub"));
    }

    /** Makes all calls do nothing again. For {@code Tracebridge.close()}. */
    public static void uninstall() {
        installed = Instruments.NONE;
    }

    /**
     * How long one scene took to generate: histogram {@code scene_generation_duration}.
     * @param millis at least 0
     */
    public static void sceneGeneration(double millis, Map<String, ?> attributes) {
        installed.duration("scene_generation_duration", millis, attributes);
    }

    /** As {@link #sceneGeneration(double, Map)}, without attributes. */
    public static void sceneGeneration(double millis) {
        sceneGeneration(millis, Map.of());
    }

    /**
     * Tokens that an AI call used: counter {@code ai_token_usage}, attribute {@code ai.model}.
     * @param tokens at least 0
     */
    public static void aiUsage(long tokens, String model) {
        installed.count("ai_token_usage", tokens, Map.of("ai.model", String.valueOf(model)));
    }

    /** One run of a tool: counter {@code tool_executions}, attributes {@code tool.name} and {@code success}. */
    public static void toolExecution(String name, boolean ok) {
        installed.count("tool_executions", 1, Map.of("tool.name", String.valueOf(name), "success", ok));
    }

    /**
     * A histogram in milliseconds of your own.
     * @param name of an OpenTelemetry instrument: a letter, then letters, digits, {@code _ . - /}; others are
     *     replaced by {@code _}. At most 200 names, further ones do nothing.
     */
    public static Timer timer(String name) {
        return new Timer(String.valueOf(name), Map.of());
    }

    static void duration(String name, double millis, Map<String, ?> attributes) {
        installed.duration(name, millis, attributes);
    }
}
