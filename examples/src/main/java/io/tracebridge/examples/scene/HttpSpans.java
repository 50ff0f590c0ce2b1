/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import static io.tracebridge.Tracebridge.addTraceHeaders;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A server span around each request of the JDK's HTTP server, by OpenTelemetry's HTTP conventions: a server with an
 * instrumentation library would bring the same. Puts the trace id on every response, errors included.
 */
final class HttpSpans {
    private final OpenTelemetry openTelemetry;
    private final Tracer tracer;

    HttpSpans(OpenTelemetry openTelemetry) {
        this.openTelemetry = openTelemetry;
        tracer = openTelemetry.getTracer("io.tracebridge.examples.http");
    }

    /** @param route with placeholders, never with ids in it */
    @SuppressWarnings("try") // the scope is there to be closed
    HttpHandler around(String method, String route, HttpHandler handler) {
        return exchange -> {
            Context parent = openTelemetry
                    .getPropagators()
                    .getTextMapPropagator()
                    .extract(Context.current(), exchange.getRequestHeaders(), HeaderGetter.INSTANCE);
            Span span = tracer.spanBuilder(method + " " + route)
                    .setParent(parent)
                    .setSpanKind(SpanKind.SERVER)
                    .setAttribute("http.request.method", exchange.getRequestMethod())
                    .setAttribute("http.route", route)
                    .setAttribute("url.scheme", "http")
                    .setAttribute("url.path", exchange.getRequestURI().getPath())
                    .startSpan();
            try (Scope ignored = span.makeCurrent()) {
                addTraceHeaders(exchange.getResponseHeaders()::set);
                handle(exchange, handler);
            } finally {
                int status = exchange.getResponseCode();
                span.setAttribute("http.response.status_code", status);
                if (status >= 500) {
                    span.setAttribute("error.type", String.valueOf(status)).setStatus(StatusCode.ERROR);
                }
                span.end();
                exchange.close();
            }
        };
    }

    private static void handle(HttpExchange exchange, HttpHandler handler) throws IOException {
        try {
            handler.handle(exchange);
        } catch (IllegalArgumentException badRequest) {
            Responses.json(exchange, 400, "error", String.valueOf(badRequest.getMessage()));
        } catch (IllegalStateException busy) {
            Responses.json(exchange, 503, "error", String.valueOf(busy.getMessage()));
        }
    }

    private enum HeaderGetter implements TextMapGetter<Headers> {
        INSTANCE;

        @Override
        public Iterable<String> keys(Headers headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String key) {
            return headers == null ? null : headers.getFirst(key);
        }
    }
}
