/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.metrics;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Instruments made on first use, with bounds on how many there are and on how many series each has. */
final class MeterInstruments implements Instruments {
    private static final int MAX_INSTRUMENTS = 200;
    private static final int MAX_ATTRIBUTES = 16;
    private static final int MAX_VALUE = 200;

    private final Meter meter;
    private final UnaryOperator<String> scrub;
    private final Map<String, Limited<DoubleHistogram>> histograms = new ConcurrentHashMap<>();
    private final Map<String, Limited<LongCounter>> counters = new ConcurrentHashMap<>();

    /** An instrument and the attribute sets it has seen. */
    private record Limited<I>(I instrument, SeriesCap series) {}

    MeterInstruments(Meter meter, UnaryOperator<String> scrub) {
        this.meter = meter;
        this.scrub = scrub;
    }

    @Override
    public void duration(String name, double millis, Map<String, ?> attributes) {
        if (!(millis >= 0) || Double.isInfinite(millis)) { // the first half is also false for NaN
            return;
        }
        try {
            Limited<DoubleHistogram> histogram = histograms.get(name);
            if (histogram == null) {
                histogram = newHistogram(name);
            }
            if (histogram != null) {
                histogram.instrument.record(millis, histogram.series.admit(attributes(attributes)));
            }
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable foreign) {
            // a measurement must not fail what it measures
        }
    }

    @Override
    public void count(String name, long amount, Map<String, ?> attributes) {
        if (amount < 0) {
            return;
        }
        try {
            Limited<LongCounter> counter = counters.get(name);
            if (counter == null) {
                counter = newCounter(name);
            }
            if (counter != null) {
                counter.instrument.add(amount, counter.series.admit(attributes(attributes)));
            }
        } catch (VirtualMachineError fatal) {
            throw fatal;
        } catch (Throwable foreign) {
            // a measurement must not fail what it measures
        }
    }

    private @Nullable Limited<DoubleHistogram> newHistogram(String name) {
        return isFull()
                ? null
                : histograms.computeIfAbsent(
                        name,
                        key -> new Limited<>(
                                meter.histogramBuilder(valid(key)).setUnit("ms").build(), new SeriesCap()));
    }

    private @Nullable Limited<LongCounter> newCounter(String name) {
        return isFull()
                ? null
                : counters.computeIfAbsent(
                        name,
                        key -> new Limited<>(meter.counterBuilder(valid(key)).build(), new SeriesCap()));
    }

    /** Racing threads may pass the bound by their number; harmless. */
    private boolean isFull() {
        return histograms.size() + counters.size() >= MAX_INSTRUMENTS;
    }

    /** OpenTelemetry logs a warning and gives a no-op for any other name. */
    private static String valid(String name) {
        String legal = name.replaceAll("[^A-Za-z0-9_./-]", "_");
        String started = !legal.isEmpty() && Character.isLetter(legal.charAt(0)) ? legal : "t" + legal;
        return started.length() > 255 ? started.substring(0, 255) : started;
    }

    private Attributes attributes(@Nullable Map<String, ?> map) {
        if (map == null || map.isEmpty()) {
            return Attributes.empty();
        }
        AttributesBuilder builder = Attributes.builder();
        int count = 0;
        for (Map.Entry<String, ?> entry : map.entrySet()) {
            Object value = entry.getValue();
            if (entry.getKey() == null || value == null || count++ >= MAX_ATTRIBUTES) {
                continue;
            }
            if (value instanceof Boolean flag) {
                builder.put(entry.getKey(), flag);
            } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
                builder.put(entry.getKey(), ((Number) value).longValue());
            } else if (value instanceof Number number) {
                builder.put(entry.getKey(), number.doubleValue());
            } else {
                String text = scrub.apply(text(value));
                builder.put(entry.getKey(), text.length() > MAX_VALUE ? text.substring(0, MAX_VALUE) : text);
            }
        }
        return builder.build();
    }

    private static String text(Object value) {
        try {
            return String.valueOf(value);
        } catch (StackOverflowError endless) {
            return "[unreadable]";
        }
    }
}
