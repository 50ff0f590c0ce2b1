/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * An item we have no use for yet (unknown envelope item, session, check-in, attachment), kept as it came and listed.
 *
 * @param timeNanos Unix time of arrival in nanoseconds
 * @param type item type as sent
 * @param service {@code service.name}, or "" when the sender did not name one
 * @param environment deployment environment, or null
 * @param release {@code service.version} or Sentry release, or null
 * @param runId process run of the sender ({@code service.instance.id} or like); null becomes the run of this server
 * @param eventId event of the envelope, or null
 * @param header the item header as JSON, or null
 * @param payload text, or base64 when it is not UTF-8; cut by ingest to its limit
 * @param base64 whether the payload is base64
 * @param payloadBytes length before it was cut
 * @since 0.1
 */
public record RetainedItem(
        long timeNanos,
        String type,
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        @Nullable String eventId,
        @Nullable String header,
        String payload,
        boolean base64,
        long payloadBytes)
        implements StoreRecord {

    public RetainedItem {
        requireNonNull(type, "type");
        requireNonNull(service, "service");
        requireNonNull(payload, "payload");
    }

    /** A builder that starts from what every record must have. */
    public static Builder builder(long timeNanos, String type) {
        return new Builder(timeNanos, type);
    }

    /** A builder that starts from this record. */
    public Builder toBuilder() {
        Builder copy = new Builder(timeNanos, type);
        copy.service = service;
        copy.environment = environment;
        copy.release = release;
        copy.runId = runId;
        copy.eventId = eventId;
        copy.header = header;
        copy.payload = payload;
        copy.base64 = base64;
        copy.payloadBytes = payloadBytes;
        return copy;
    }

    /** Collects a record field by field; not thread-safe. The components of {@link RetainedItem} say what each means. */
    public static final class Builder {
        private long timeNanos;
        private String type;
        private String service = "";
        private @Nullable String environment;
        private @Nullable String release;
        private @Nullable String runId;
        private @Nullable String eventId;
        private @Nullable String header;
        private String payload = "";
        private boolean base64;
        private long payloadBytes;

        private Builder(long timeNanos, String type) {
            this.timeNanos = timeNanos;
            this.type = type;
        }

        public Builder timeNanos(long timeNanos) {
            this.timeNanos = timeNanos;
            return this;
        }

        public Builder type(String type) {
            this.type = type;
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

        public Builder eventId(@Nullable String eventId) {
            this.eventId = eventId;
            return this;
        }

        public Builder header(@Nullable String header) {
            this.header = header;
            return this;
        }

        public Builder payload(String payload) {
            this.payload = payload;
            return this;
        }

        public Builder base64(boolean base64) {
            this.base64 = base64;
            return this;
        }

        public Builder payloadBytes(long payloadBytes) {
            this.payloadBytes = payloadBytes;
            return this;
        }

        public RetainedItem build() {
            return new RetainedItem(
                    timeNanos,
                    type,
                    service,
                    environment,
                    release,
                    runId,
                    eventId,
                    header,
                    payload,
                    base64,
                    payloadBytes);
        }
    }
}
