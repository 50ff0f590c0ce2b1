/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.otlp;

import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.tracebridge.delivery.ContentCoding;
import io.tracebridge.delivery.HttpTransmission;
import io.tracebridge.delivery.Payload;
import io.tracebridge.delivery.Transmission;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One attempt as OpenTelemetry's usual sender would make it: same address, headers, compression, timeouts, proxies and
 * certificates. Only that one shows no headers of the answer, and {@code Retry-After} is one.
 */
final class HttpPost implements Transmission {
    private final HttpTransmission http;

    HttpPost(HttpSenderConfig config) {
        HttpTransmission.Builder builder = HttpTransmission.to(
                        config.getEndpoint().toString(), config.getContentType())
                .headers(() -> {
                    var headers = config.getHeadersSupplier().get();
                    return headers == null ? Map.of() : headers;
                })
                .coding(coding(config.getCompressor()))
                .timeouts(config.getConnectTimeout(), config.getTimeout())
                .followsRedirects()
                .rejected(PartialSuccess::rejectedSpans);
        if (config.getProxyOptions() != null) {
            builder.proxies(config.getProxyOptions().getProxySelector());
        }
        if (config.getSslContext() != null) {
            builder.tls(config.getSslContext(), config.getTrustManager());
        }
        http = builder.build();
    }

    @Override
    public Answer send(Payload payload, int attempt) throws IOException {
        Answer answer = http.send(payload, attempt);
        // the specification wants a growing pause when the server does not say how long
        return answer.status() == 429 && answer.retryAfter() == null
                ? new Answer(503, null, null, answer.rejected())
                : answer;
    }

    @Override
    public void close() {
        http.close();
    }

    private static @Nullable ContentCoding coding(@Nullable Compressor compressor) {
        return compressor == null ? null : new ContentCoding(compressor.getEncoding(), compressor::compress);
    }
}
