/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.tracebridge.delivery.Payload;
import io.tracebridge.delivery.Transmission;
import java.io.IOException;
import java.time.Duration;

/** One attempt over the sender that the exporter would have used. */
final class GrpcReplay implements Transmission {
    private final GrpcSender real;
    private final Duration timeout;

    GrpcReplay(GrpcSender real, Duration timeout) {
        this.real = real;
        this.timeout = timeout;
    }

    @Override
    public Answer send(Payload payload, int attempt) throws IOException {
        Exchange exchange = new Exchange();
        real.send(
                Batches.writer(payload.body()),
                response -> exchange.answered(
                        status(response.getStatusCode()), PartialSuccess.rejectedSpans(response.getResponseMessage())),
                exchange::failed);
        return exchange.await(timeout);
    }

    @Override
    public void close() {
        real.shutdown();
    }

    /** The HTTP status that means the same, by the OTLP specification's list of what may be retried. */
    private static int status(GrpcStatusCode code) {
        return switch (code) {
            case OK -> 200;
            case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS, RESOURCE_EXHAUSTED -> 503;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            default -> 400;
        };
    }
}
