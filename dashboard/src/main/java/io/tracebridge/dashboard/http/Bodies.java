/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.concurrent.atomic.AtomicLong;
import org.reactivestreams.Publisher;

/**
 * Bounds what bodies of telemetry take before they are decoded: each by the limit of its protocol, all together by
 * {@value #MAX_TOTAL_BYTES} bytes.
 *
 * <p>Thread-safe.
 */
final class Bodies {
    static final long MAX_TOTAL_BYTES = 128L << 20;
    private static final long MAX_OTLP_BYTES = 64L << 20;
    private static final long MAX_COMPRESSED_BYTES = 20_000_000;
    private static final long MAX_ENVELOPE_BYTES = 100_000_000;
    private static final long MAX_API_BYTES = 1L << 20;
    /** The server's own limit; it is checked before the guard can say which one holds. */
    static final long LARGEST = MAX_ENVELOPE_BYTES;

    private final AtomicLong total = new AtomicLong();
    private final long maxTotal;

    Bodies() {
        this(MAX_TOTAL_BYTES);
    }

    /** @param maxTotal bytes of all bodies together */
    Bodies(long maxTotal) {
        this.maxTotal = maxTotal;
    }

    interface Handler {
        HttpResponse serve(HttpRequest request) throws Exception;
    }

    /** Bodies of the API are small. */
    static void small(ServiceRequestContext context) {
        context.setMaxRequestLength(MAX_API_BYTES);
    }

    HttpResponse bounded(ServiceRequestContext context, HttpRequest request, Handler handler) throws Exception {
        long limit = limit(context.path(), request);
        context.setMaxRequestLength(limit);
        if (request.headers().contentLength() > limit) {
            return Refusal.of(Zone.INGEST, HttpStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "The body is too large.");
        }
        if (total.get() + Math.max(0, request.headers().contentLength()) > maxTotal) {
            return busy();
        }
        AtomicLong mine = new AtomicLong();
        HttpRequest peeked = request.peekData(data -> {
            mine.addAndGet(data.length());
            if (total.addAndGet(data.length()) > maxTotal) {
                throw HttpStatusException.of(HttpStatus.SERVICE_UNAVAILABLE);
            }
        });
        // aggregating what was peeked at would collect first and peek when it has everything: only a subscriber sees
        // data as they come
        Publisher<HttpObject> asTheyCome = subscriber -> peeked.subscribe(subscriber);
        HttpRequest counted = HttpRequest.of(request.headers(), asTheyCome);
        var unused = context.log().whenComplete().thenRun(() -> total.addAndGet(-mine.getAndSet(0)));
        return handler.serve(counted);
    }

    private static long limit(String path, HttpRequest request) {
        if (Zone.isOtlp(path)) {
            return MAX_OTLP_BYTES;
        }
        return request.headers().contains(HttpHeaderNames.CONTENT_ENCODING) ? MAX_COMPRESSED_BYTES : MAX_ENVELOPE_BYTES;
    }

    private static HttpResponse busy() {
        return Refusal.of(Zone.INGEST, HttpStatus.SERVICE_UNAVAILABLE, "busy", "Too much is being received.")
                .mapHeaders(headers -> headers.toBuilder()
                        .add(HttpHeaderNames.RETRY_AFTER, "1")
                        .build());
    }
}
