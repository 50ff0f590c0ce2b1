/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One finished span, the same shape whichever protocol brought it.
 *
 * <p>A span is identified by (service, traceId, spanId); service "" equals any service. The same span
 * arriving again is merged, not counted: attributes are united (the later value wins), {@link #sources}
 * are or-ed, and values the first copy lacked are taken from the second.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits
 * @param parentId 16 lower-case hex digits, or null for the root of a trace
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param environment deployment environment, or null
 * @param release {@code service.version} or Sentry release, or null
 * @param runId process run of the sender ({@code service.instance.id} or like); null becomes the run of this server
 * @param name as sent: span name, or Sentry description or transaction name
 * @param operation low-cardinality key that spans are aggregated by
 * @param kind {@code server}, {@code client}, {@code producer}, {@code consumer} or {@code internal}
 * @param category {@code http}, {@code db}, {@code cache}, {@code queue}, {@code rpc}, {@code ai} or {@code code}
 * @param startNanos Unix time in nanoseconds
 * @param durationNanos never negative
 * @param status outcome as the sender set it
 * @param errorType {@code error.type}, exception class or status word; null when there is none
 * @param segmentRoot first span of a service in the trace: a Sentry transaction, a root, a server or consumer span
 * @param sources bit set of {@link Source}
 * @param weight how many spans of the application this one stands for (1 / sampling probability); null when unknown
 * @param keptBecause {@code tracebridge.kept_because} of a local root, or null
 * @param statusMessage text beside an error status, or null
 * @param attributes a JSON object, flat: dotted keys to values
 * @param events a JSON array of {@code {"t":nanos,"name":…,"attributes":{…}}}, or null when there are none
 * @param links a JSON array of {@code {"traceId":…,"spanId":…,"attributes":{…}}}, or null when there are none
 * @param resource a JSON object of resource attributes, or null
 * @since 0.1
 */
public record SpanRecord(
        String traceId,
        String spanId,
        @Nullable String parentId,
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        String name,
        String operation,
        String kind,
        String category,
        long startNanos,
        long durationNanos,
        SpanStatus status,
        @Nullable String errorType,
        boolean segmentRoot,
        int sources,
        @Nullable Double weight,
        @Nullable String keptBecause,
        @Nullable String statusMessage,
        String attributes,
        @Nullable String events,
        @Nullable String links,
        @Nullable String resource)
        implements StoreRecord {

    public SpanRecord {
        requireNonNull(traceId, "traceId");
        requireNonNull(spanId, "spanId");
        requireNonNull(service, "service");
        requireNonNull(name, "name");
        requireNonNull(operation, "operation");
        requireNonNull(kind, "kind");
        requireNonNull(category, "category");
        requireNonNull(status, "status");
        requireNonNull(attributes, "attributes");
    }

    /** End as Unix time in nanoseconds. */
    public long endNanos() {
        return startNanos + durationNanos;
    }

    /** A builder that starts from what every record must have. */
    public static Builder builder(String traceId, String spanId) {
        return new Builder(traceId, spanId);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(traceId, spanId);
        copy.parentId = parentId;
        copy.service = service;
        copy.environment = environment;
        copy.release = release;
        copy.runId = runId;
        copy.name = name;
        copy.operation = operation;
        copy.kind = kind;
        copy.category = category;
        copy.startNanos = startNanos;
        copy.durationNanos = durationNanos;
        copy.status = status;
        copy.errorType = errorType;
        copy.segmentRoot = segmentRoot;
        copy.sources = sources;
        copy.weight = weight;
        copy.keptBecause = keptBecause;
        copy.statusMessage = statusMessage;
        copy.attributes = attributes;
        copy.events = events;
        copy.links = links;
        copy.resource = resource;
        return copy;
    }

    /** Collects a record field by field; not thread-safe. The components of {@link SpanRecord} say what each means. */
    public static final class Builder {
        private String traceId;
        private String spanId;
        private @Nullable String parentId;
        private String service = "";
        private @Nullable String environment;
        private @Nullable String release;
        private @Nullable String runId;
        private String name = "";
        private String operation = "";
        private String kind = "internal";
        private String category = "code";
        private long startNanos;
        private long durationNanos;
        private SpanStatus status = SpanStatus.UNSET;
        private @Nullable String errorType;
        private boolean segmentRoot;
        private int sources;
        private @Nullable Double weight;
        private @Nullable String keptBecause;
        private @Nullable String statusMessage;
        private String attributes = "{}";
        private @Nullable String events;
        private @Nullable String links;
        private @Nullable String resource;

        private Builder(String traceId, String spanId) {
            this.traceId = traceId;
            this.spanId = spanId;
        }

        public Builder traceId(String traceId) {
            this.traceId = traceId;
            return this;
        }

        public Builder spanId(String spanId) {
            this.spanId = spanId;
            return this;
        }

        public Builder parentId(@Nullable String parentId) {
            this.parentId = parentId;
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

        public Builder name(String name) {
            this.name = name;
            return this;
        }

        public Builder operation(String operation) {
            this.operation = operation;
            return this;
        }

        public Builder kind(String kind) {
            this.kind = kind;
            return this;
        }

        public Builder category(String category) {
            this.category = category;
            return this;
        }

        public Builder startNanos(long startNanos) {
            this.startNanos = startNanos;
            return this;
        }

        public Builder durationNanos(long durationNanos) {
            this.durationNanos = durationNanos;
            return this;
        }

        public Builder status(SpanStatus status) {
            this.status = status;
            return this;
        }

        public Builder errorType(@Nullable String errorType) {
            this.errorType = errorType;
            return this;
        }

        public Builder segmentRoot(boolean segmentRoot) {
            this.segmentRoot = segmentRoot;
            return this;
        }

        public Builder sources(int sources) {
            this.sources = sources;
            return this;
        }

        public Builder weight(@Nullable Double weight) {
            this.weight = weight;
            return this;
        }

        public Builder keptBecause(@Nullable String keptBecause) {
            this.keptBecause = keptBecause;
            return this;
        }

        public Builder statusMessage(@Nullable String statusMessage) {
            this.statusMessage = statusMessage;
            return this;
        }

        public Builder attributes(String attributes) {
            this.attributes = attributes;
            return this;
        }

        public Builder events(@Nullable String events) {
            this.events = events;
            return this;
        }

        public Builder links(@Nullable String links) {
            this.links = links;
            return this;
        }

        public Builder resource(@Nullable String resource) {
            this.resource = resource;
            return this;
        }

        public SpanRecord build() {
            return new SpanRecord(
                    traceId,
                    spanId,
                    parentId,
                    service,
                    environment,
                    release,
                    runId,
                    name,
                    operation,
                    kind,
                    category,
                    startNanos,
                    durationNanos,
                    status,
                    errorType,
                    segmentRoot,
                    sources,
                    weight,
                    keptBecause,
                    statusMessage,
                    attributes,
                    events,
                    links,
                    resource);
        }
    }
}
