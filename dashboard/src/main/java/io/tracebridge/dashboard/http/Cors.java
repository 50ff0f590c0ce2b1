/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import org.jspecify.annotations.Nullable;

/** Lets pages on this machine send telemetry from a browser; other origins were refused before. */
final class Cors {
    private static final String HEADERS = "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept,"
            + " content-type, authentication, authorization, content-encoding, transfer-encoding, sentry-trace, baggage,"
            + " x-otlp-api-key, traceparent";

    private Cors() {}

    /** The answer to a browser that asks first, or null when this is not such a request. */
    static @Nullable HttpResponse preflight(RequestHeaders request) {
        if (request.method() != HttpMethod.OPTIONS
                || !request.contains(HttpHeaderNames.ORIGIN)
                || !request.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
            return null;
        }
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.NO_CONTENT)
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, request.get(HttpHeaderNames.ORIGIN, ""))
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "POST")
                .add(HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, HEADERS)
                .add(HttpHeaderNames.ACCESS_CONTROL_MAX_AGE, "3600")
                .add(HttpHeaderNames.VARY, "origin")
                .build());
    }

    static HttpResponse allow(RequestHeaders request, HttpResponse response) {
        String origin = request.get(HttpHeaderNames.ORIGIN);
        if (origin == null) {
            return response;
        }
        return response.mapHeaders(headers -> headers.toBuilder()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
                .set(HttpHeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, "x-sentry-error, x-sentry-rate-limits, retry-after")
                .set(HttpHeaderNames.VARY, "origin")
                // a page of another port of this machine is allowed to read the answer
                .set("cross-origin-resource-policy", "cross-origin")
                .build());
    }
}
