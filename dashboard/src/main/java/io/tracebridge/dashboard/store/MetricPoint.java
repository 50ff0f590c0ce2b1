/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One data point of one metric series, as sent: resets and temporality are resolved by who reads.
 *
 * @param name metric name
 * @param type {@code counter} (monotonic sum), {@code sum}, {@code gauge}, {@code histogram}, {@code exponential}, {@code summary} or {@code distribution} (one Sentry value)
 * @param timeNanos Unix time in nanoseconds
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param environment deployment environment, or null
 * @param release {@code service.version} or Sentry release, or null
 * @param runId process run of the sender ({@code service.instance.id} or like); null becomes the run of this server
 * @param startNanos start of the interval of a sum or histogram; 0 when unknown
 * @param unit as sent, or null
 * @param description as sent, or null
 * @param delta delta temporality; false means cumulative or not applicable
 * @param value number of a counter, sum, gauge or distribution; the sum of a histogram
 * @param count observations behind a histogram; 1 for a distribution
 * @param min smallest observation, or null when not sent
 * @param max largest observation, or null when not sent
 * @param buckets histogram: {@code {"bounds":[…],"counts":[…]}}; exponential: {@code {"scale":n,"zero":n,"zeroThreshold":x,"positive":{"offset":n,"counts":[…]},"negative":{…}}}; summary: {@code {"quantiles":[[q,v],…]}}; else null
 * @param attributes a JSON object, flat, keys sorted: with service and name it identifies the series
 * @param exemplars a JSON array of {@code {"t":nanos,"value":x,"traceId":…,"spanId":…}}, or null
 * @param traceId trace a Sentry metric names, or null
 * @param spanId span a Sentry metric names, or null
 * @param sources bit set of {@link Source}
 * @since 0.1
 */
public record MetricPoint(
        String name,
        String type,
        long timeNanos,
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        long startNanos,
        @Nullable String unit,
        @Nullable String description,
        boolean delta,
        double value,
        long count,
        @Nullable Double min,
        @Nullable Double max,
        @Nullable String buckets,
        String attributes,
        @Nullable String exemplars,
        @Nullable String traceId,
        @Nullable String spanId,
        int sources)
        implements StoreRecord {

    public MetricPoint {
        requireNonNull(name, "name");
        requireNonNull(type, "type");
        requireNonNull(service, "service");
        requireNonNull(attributes, "attributes");
    }

    /** A builder that starts from what every record must have. */
    public static Builder builder(String name, String type, long timeNanos) {
        return new Builder(name, type, timeNanos);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(name, type, timeNanos);
        copy.service = service;
        copy.environment = environment;
        copy.release = release;
        copy.runId = runId;
        copy.startNanos = startNanos;
        copy.unit = unit;
        copy.description = description;
        copy.delta = delta;
        copy.value = value;
        copy.count = count;
        copy.min = min;
        copy.max = max;
        copy.buckets = buckets;
        copy.attributes = attributes;
        copy.exemplars = exemplars;
        copy.traceId = traceId;
        copy.spanId = spanId;
        copy.sources = sources;
        return copy;
    }

    /** Collects a record field by field; not thread-safe. The components of {@link MetricPoint} say what each means. */
    public static final class Builder {
        private String name;
        private String type;
        private long timeNanos;
        private String service = "";
        private @Nullable String environment;
        private @Nullable String release;
        private @Nullable String runId;
        private long startNanos;
        private @Nullable String unit;
        private @Nullable String description;
        private boolean delta;
        private double value;
        private long count;
        private @Nullable Double min;
        private @Nullable Double max;
        private @Nullable String buckets;
        private String attributes = "{}";
        private @Nullable String exemplars;
        private @Nullable String traceId;
        private @Nullable String spanId;
        private int sources;

        private Builder(String name, String type, long timeNanos) {
            this.name = name;
            this.type = type;
            this.timeNanos = timeNanos;
        }

        public Builder name(String name) {
            this.name = name;
            return this;
        }

        public Builder type(String type) {
            this.type = type;
            return this;
        }

        public Builder timeNanos(long timeNanos) {
            this.timeNanos = timeNanos;
            return this;
        }

        public Builder service(String service) {
            this.service = service;
            return this;
        }

        public Builder environment(@Nullable String environment) {
            this.environment = environment;
            return this;
        }

        public Builder release(@Nullable String release) {
            this.release = release;
            return this;
        }

        public Builder runId(@Nullable String runId) {
            this.runId = runId;
            return this;
        }

        public Builder startNanos(long startNanos) {
            this.startNanos = startNanos;
            return this;
        }

        public Builder unit(@Nullable String unit) {
            this.unit = unit;
            return this;
        }

        public Builder description(@Nullable String description) {
            this.description = description;
            return this;
        }

        public Builder delta(boolean delta) {
            this.delta = delta;
            return this;
        }

        public Builder value(double value) {
            this.value = value;
            return this;
        }

        public Builder count(long count) {
            this.count = count;
            return this;
        }

        public Builder min(@Nullable Double min) {
            this.min = min;
            return this;
        }

        public Builder max(@Nullable Double max) {
            this.max = max;
            return this;
        }

        public Builder buckets(@Nullable String buckets) {
            this.buckets = buckets;
            return this;
        }

        public Builder attributes(String attributes) {
            this.attributes = attributes;
            return this;
        }

        public Builder exemplars(@Nullable String exemplars) {
            this.exemplars = exemplars;
            return this;
        }

        public Builder traceId(@Nullable String traceId) {
            this.traceId = traceId;
            return this;
        }

        public Builder spanId(@Nullable String spanId) {
            this.spanId = spanId;
            return this;
        }

        public Builder sources(int sources) {
            this.sources = sources;
            return this;
        }

        public MetricPoint build() {
            return new MetricPoint(
                    name,
                    type,
                    timeNanos,
                    service,
                    environment,
                    release,
                    runId,
                    startNanos,
                    unit,
                    description,
                    delta,
                    value,
                    count,
                    min,
                    max,
                    buckets,
                    attributes,
                    exemplars,
                    traceId,
                    spanId,
                    sources);
        }
    }
}
