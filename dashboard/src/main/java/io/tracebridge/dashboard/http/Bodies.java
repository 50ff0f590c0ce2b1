/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpRequestWriter;
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
        long announced = request.headers().contentLength();
        if (announced > limit) {
            return handler.serve(unread(
                    request,
                    ContentTooLargeException.builder()
                            .maxContentLength(limit)
                            .contentLength(announced)
                            .build()));
        }
        if (total.get() + Math.max(0, announced) > maxTotal) {
            return handler.serve(unread(request, HttpStatusException.of(HttpStatus.SERVICE_UNAVAILABLE)));
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

    /** The request without its body, which nobody reads: the endpoint counts the refusal and words it for its protocol. */
    private static HttpRequest unread(HttpRequest request, RuntimeException why) {
        request.abort();
        HttpRequestWriter nothing = HttpRequest.streaming(request.headers());
        nothing.close(why);
        return nothing;
    }
}
