/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.delivery.Destination;
import io.tracebridge.delivery.Outbox;
import java.io.IOException;
import java.util.function.Consumer;

/** Answers the exporter once delivery has the bytes. The real sender is closed by delivery, not with the exporter. */
final class SpoolingGrpcSender implements GrpcSender {
    private final Outbox outbox;

    SpoolingGrpcSender(Delivery delivery, GrpcSenderConfig config, GrpcSender real) {
        // the bodies are the same over HTTP: a restart with the other protocol may send what this one left,
        // if the endpoint stayed the same
        outbox = delivery.outbox(Destination.of(
                "otlp",
                OtlpIdentity.of(config.getEndpoint(), config.getHeadersSupplier()),
                new GrpcReplay(real, config.getTimeout())));
    }

    @Override
    public void send(MessageWriter writer, Consumer<GrpcResponse> onResponse, Consumer<Throwable> onError) {
        try {
            // at once: the exporter uses the writer again after we return
            outbox.offer(Batches.payload(writer));
        } catch (IOException e) {
            onError.accept(e);
            return;
        }
        onResponse.accept(Taken.GRPC);
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
