/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.tracebridge.delivery.Delivery;
import io.tracebridge.delivery.Destination;
import io.tracebridge.delivery.Outbox;
import io.tracebridge.delivery.Transmission;
import java.io.IOException;
import java.util.function.Consumer;

/** Answers the exporter once delivery has the bytes. The transmission is closed by delivery, not with the exporter. */
final class SpoolingHttpSender implements HttpSender {
    private final Outbox outbox;

    SpoolingHttpSender(Delivery delivery, HttpSenderConfig config, Transmission transmission) {
        outbox = delivery.outbox(Destination.of(
                "otlp", OtlpIdentity.of(config.getEndpoint(), config.getHeadersSupplier()), transmission));
    }

    @Override
    public void send(MessageWriter writer, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
        try {
            // at once: the exporter uses the writer again after we return
            outbox.offer(Batches.payload(writer));
        } catch (IOException e) {
            onError.accept(e);
            return;
        }
        onResponse.accept(Taken.HTTP);
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
