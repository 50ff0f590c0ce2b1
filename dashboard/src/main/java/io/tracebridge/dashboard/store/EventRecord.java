/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * One captured error or message: what an issue consists of.
 *
 * <p>Identified by its event id. Two events of one throw that came by both protocols (same trace, span and type
 * within a second, different sources) become one, with the Sentry payload and both sources.
 *
 * @param eventId 32 lower-case hex digits
 * @param grouping decides the issue
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param environment deployment environment, or null
 * @param release {@code service.version} or Sentry release, or null
 * @param runId process run of the sender ({@code service.instance.id} or like); null becomes the run of this server
 * @param type class of the thrown exception, or "" for a message
 * @param message of the thrown exception or of the event; may be ""
 * @param culprit the place: in-app method or transaction, or null
 * @param level {@code fatal}, {@code error}, {@code warning}, {@code info} or {@code debug}
 * @param handled null when unknown
 * @param timeNanos Unix time in nanoseconds
 * @param traceId 32 lower-case hex digits, or null
 * @param spanId 16 lower-case hex digits, or null
 * @param transaction operation it happened in, or null
 * @param platform Sentry platform word such as {@code java}, or null
 * @param user id of the affected user as sent, or null
 * @param sources bit set of {@link Source}
 * @param tags a JSON object of strings
 * @param payload the whole event as a JSON object, in the shape Sentry sends
 * @since 0.1
 */
public record EventRecord(
        String eventId,
        Grouping grouping,
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        String type,
        String message,
        @Nullable String culprit,
        String level,
        @Nullable Boolean handled,
        long timeNanos,
        @Nullable String traceId,
        @Nullable String spanId,
        @Nullable String transaction,
        @Nullable String platform,
        @Nullable String user,
        int sources,
        String tags,
        String payload)
        implements StoreRecord {

    public EventRecord {
        requireNonNull(eventId, "eventId");
        requireNonNull(grouping, "grouping");
        requireNonNull(service, "service");
        requireNonNull(type, "type");
        requireNonNull(message, "message");
        requireNonNull(level, "level");
        requireNonNull(tags, "tags");
        requireNonNull(payload, "payload");
    }

    /** A builder that starts from what every record must have. */
    public static Builder builder(String eventId, Grouping grouping) {
        return new Builder(eventId, grouping);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(eventId, grouping);
        copy.service = service;
        copy.environment = environment;
        copy.release = release;
        copy.runId = runId;
        copy.type = type;
        copy.message = message;
        copy.culprit = culprit;
        copy.level = level;
        copy.handled = handled;
        copy.timeNanos = timeNanos;
        copy.traceId = traceId;
        copy.spanId = spanId;
        copy.transaction = transaction;
        copy.platform = platform;
        copy.user = user;
        copy.sources = sources;
        copy.tags = tags;
        copy.payload = payload;
        return copy;
    }

    /** Collects a record field by field; not thread-safe. The components of {@link EventRecord} say what each means. */
    public static final class Builder {
        private String eventId;
        private Grouping grouping;
        private String service = "";
        private @Nullable String environment;
        private @Nullable String release;
        private @Nullable String runId;
        private String type = "";
        private String message = "";
        private @Nullable String culprit;
        private String level = "error";
        private @Nullable Boolean handled;
        private long timeNanos;
        private @Nullable String traceId;
        private @Nullable String spanId;
        private @Nullable String transaction;
        private @Nullable String platform;
        private @Nullable String user;
        private int sources;
        private String tags = "{}";
        private String payload = "{}";

        private Builder(String eventId, Grouping grouping) {
            this.eventId = eventId;
            this.grouping = grouping;
        }

        public Builder eventId(String eventId) {
            this.eventId = eventId;
            return this;
        }

        public Builder grouping(Grouping grouping) {
            this.grouping = grouping;
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

        public Builder type(String type) {
            this.type = type;
            return this;
        }

        public Builder message(String message) {
            this.message = message;
            return this;
        }

        public Builder culprit(@Nullable String culprit) {
            this.culprit = culprit;
            return this;
        }

        public Builder level(String level) {
            this.level = level;
            return this;
        }

        public Builder handled(@Nullable Boolean handled) {
            this.handled = handled;
            return this;
        }

        public Builder timeNanos(long timeNanos) {
            this.timeNanos = timeNanos;
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

        public Builder transaction(@Nullable String transaction) {
            this.transaction = transaction;
            return this;
        }

        public Builder platform(@Nullable String platform) {
            this.platform = platform;
            return this;
        }

        public Builder user(@Nullable String user) {
            this.user = user;
            return this;
        }

        public Builder sources(int sources) {
            this.sources = sources;
            return this;
        }

        public Builder tags(String tags) {
            this.tags = tags;
            return this;
        }

        public Builder payload(String payload) {
            this.payload = payload;
            return this;
        }

        public EventRecord build() {
            return new EventRecord(
                    eventId,
                    grouping,
                    service,
                    environment,
                    release,
                    runId,
                    type,
                    message,
                    culprit,
                    level,
                    handled,
                    timeNanos,
                    traceId,
                    spanId,
                    transaction,
                    platform,
                    user,
                    sources,
                    tags,
                    payload);
        }
    }
}
