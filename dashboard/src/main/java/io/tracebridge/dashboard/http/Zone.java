/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import java.util.regex.Pattern;

/** Which rules hold for a path. What is not known to be something else is {@link #PRIVATE}. */
enum Zone {
    /** Where applications send to: no cookie, no token of the pages. */
    INGEST,
    /** Answers anybody, with nothing in it. */
    OPEN,
    /** Questions and changes: what scripts ask. */
    API,
    /** Pages and everything else. */
    PRIVATE;

    /** No project is called {@code v1}: that is the API. */
    private static final Pattern SENTRY =
            Pattern.compile("/api/(?!v1/)[^/]+/(envelope|store|integration/otlp/v1/(traces|logs|metrics))/?");

    private static final Pattern OTLP = Pattern.compile("/v1/(traces|metrics|logs)/?|/v1development/profiles");
    private static final String GRPC = "/opentelemetry.proto.collector.";

    static Zone of(String path) {
        if (path.equals("/healthz")) {
            return OPEN;
        }
        if (path.equals("/stream")
                || path.equals("/stream/")
                || isPlainOtlp(path)
                || SENTRY.matcher(path).matches()) {
            return INGEST;
        }
        return path.startsWith("/api/") ? API : PRIVATE;
    }

    /** Whether the larger limit of OTLP holds; to be asked of {@link #INGEST} only. */
    static boolean isOtlp(String path) {
        return isPlainOtlp(path) || path.contains("/integration/otlp/");
    }

    /** The ledger's word for who sends here; to be asked of {@link #INGEST} only. */
    static String protocol(String path) {
        return path.startsWith(GRPC) ? "otlp-grpc" : isOtlp(path) ? "otlp-http" : "sentry";
    }

    /** At OpenTelemetry's own addresses. */
    private static boolean isPlainOtlp(String path) {
        return path.startsWith(GRPC) || OTLP.matcher(path).matches();
    }
}
