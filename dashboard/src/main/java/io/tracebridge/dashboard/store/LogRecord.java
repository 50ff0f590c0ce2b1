/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One log line.
 *
 * @param timeNanos Unix time in nanoseconds; the observed time when the sender gave none
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param environment deployment environment, or null
 * @param release {@code service.version} or Sentry release, or null
 * @param runId process run of the sender ({@code service.instance.id} or like); null becomes the run of this server
 * @param severity OpenTelemetry severity number 1 to 24; 0 when unknown
 * @param level {@code trace}, {@code debug}, {@code info}, {@code warn}, {@code error} or {@code fatal}
 * @param body the text
 * @param logger name of the logger or instrumentation scope, or null
 * @param thread thread name, or null
 * @param eventName OpenTelemetry event name, or null
 * @param traceId 32 lower-case hex digits, or null
 * @param spanId 16 lower-case hex digits, or null
 * @param sources bit set of {@link Source}
 * @param attributes a JSON object, flat: dotted keys to values
 * @param resource a JSON object of resource attributes, or null
 * @since 0.1
 */
public record LogRecord(
        long timeNanos,
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        int severity,
        String level,
        String body,
        @Nullable String logger,
        @Nullable String thread,
        @Nullable String eventName,
        @Nullable String traceId,
        @Nullable String spanId,
        int sources,
        String attributes,
        @Nullable String resource)
        implements StoreRecord {

    public LogRecord {
        requireNonNull(service, "service");
        requireNonNull(level, "level");
        requireNonNull(body, "body");
        requireNonNull(attributes, "attributes");
    }

    /** A builder that starts from what every record must have. */
    public static Builder builder(long timeNanos) {
        return new Builder(timeNanos);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(timeNanos);
        copy.service = service;
        copy.environment = environment;
        copy.release = release;
        copy.runId = runId;
        copy.severity = severity;
        copy.level = level;
        copy.body = body;
        copy.logger = logger;
        copy.thread = thread;
        copy.eventName = eventName;
        copy.traceId = traceId;
        copy.spanId = spanId;
        copy.sources = sources;
        copy.attributes = attributes;
        copy.resource = resource;
        return copy;
    }

    /** Collects a record field by field; not thread-safe. The components of {@link LogRecord} say what each means. */
    public static final class Builder {
        private long timeNanos;
        private String service = "";
        private @Nullable String environment;
        private @Nullable String release;
        private @Nullable String runId;
        private int severity;
        private String level = "info";
        private String body = "";
        private @Nullable String logger;
        private @Nullable String thread;
        private @Nullable String eventName;
        private @Nullable String traceId;
        private @Nullable String spanId;
        private int sources;
        private String attributes = "{}";
        private @Nullable String resource;

        private Builder(long timeNanos) {
            this.timeNanos = timeNanos;
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

        public Builder severity(int severity) {
            this.severity = severity;
            return this;
        }

        public Builder level(String level) {
            this.level = level;
            return this;
        }

        public Builder body(String body) {
            this.body = body;
            return this;
        }

        public Builder logger(@Nullable String logger) {
            this.logger = logger;
            return this;
        }

        public Builder thread(@Nullable String thread) {
            this.thread = thread;
            return this;
        }

        public Builder eventName(@Nullable String eventName) {
            this.eventName = eventName;
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

        public Builder attributes(String attributes) {
            this.attributes = attributes;
            return this;
        }

        public Builder resource(@Nullable String resource) {
            this.resource = resource;
            return this;
        }

        public LogRecord build() {
            return new LogRecord(
                    timeNanos,
                    service,
                    environment,
                    release,
                    runId,
                    severity,
                    level,
                    body,
                    logger,
                    thread,
                    eventName,
                    traceId,
                    spanId,
                    sources,
                    attributes,
                    resource);
        }
    }
}
