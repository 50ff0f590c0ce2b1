/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.export.HttpSender;
import io.tracebridge.delivery.Payload;
import io.tracebridge.delivery.Transmission;
import java.io.IOException;
import java.time.Duration;

/** One attempt over a sender that the application put on the class path in place of the usual one. */
final class HttpReplay implements Transmission {
    private final HttpSender real;
    private final Duration timeout;

    HttpReplay(HttpSender real, Duration timeout) {
        this.real = real;
        this.timeout = timeout;
    }

    @Override
    public Answer send(Payload payload, int attempt) throws IOException {
        Exchange exchange = new Exchange();
        real.send(
                Batches.writer(payload.body()),
                response -> exchange.answered(
                        status(response.getStatusCode()), PartialSuccess.rejectedSpans(response.getResponseBody())),
                exchange::failed);
        return exchange.await(timeout);
    }

    @Override
    public void close() {
        real.shutdown();
    }

    /** The sender shows no headers, so a 429 cannot say how long to wait: back off as for 503. */
    private static int status(int code) {
        return code == 429 ? 503 : code;
    }
}
