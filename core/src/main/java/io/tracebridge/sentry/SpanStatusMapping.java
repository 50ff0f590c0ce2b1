/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Sentry's status of a span: {@code ok} unless OpenTelemetry says error, then as exact as codes and types allow. */
final class SpanStatusMapping {
    private SpanStatusMapping() {}

    static String of(SpanData span, Attributed attributes) {
        if (span.getStatus().getStatusCode() != StatusCode.ERROR) {
            return "ok";
        }
        Long http = attributes.number("http.response.status_code", "http.status_code");
        if (http != null) {
            return ofHttp(http.intValue());
        }
        Long grpc = attributes.number("rpc.grpc.status_code");
        if (grpc != null) {
            return ofGrpc(grpc.intValue());
        }
        return ofType(attributes.text("error.type"));
    }

    private static String ofHttp(int code) {
        return switch (code) {
            case 401 -> "unauthenticated";
            case 403 -> "permission_denied";
            case 404 -> "not_found";
            case 409 -> "already_exists";
            case 413, 429 -> "resource_exhausted";
            case 499 -> "cancelled";
            case 501 -> "unimplemented";
            case 503 -> "unavailable";
            case 408, 504 -> "deadline_exceeded";
            default -> code >= 500 ? "internal_error" : code >= 400 ? "invalid_argument" : "unknown_error";
        };
    }

    private static String ofGrpc(int code) {
        return switch (code) {
            case 1 -> "cancelled";
            case 3 -> "invalid_argument";
            case 4 -> "deadline_exceeded";
            case 5 -> "not_found";
            case 6 -> "already_exists";
            case 7 -> "permission_denied";
            case 8 -> "resource_exhausted";
            case 9 -> "failed_precondition";
            case 10 -> "aborted";
            case 11 -> "out_of_range";
            case 12 -> "unimplemented";
            case 13 -> "internal_error";
            case 14 -> "unavailable";
            case 15 -> "data_loss";
            case 16 -> "unauthenticated";
            default -> "unknown_error";
        };
    }

    private static String ofType(@Nullable String errorType) {
        if (errorType == null) {
            return "unknown_error";
        }
        String type = errorType.toLowerCase(Locale.ROOT);
        if (type.equals("timeout") || type.endsWith("timeoutexception")) {
            return "deadline_exceeded";
        }
        return type.equals("cancelled") || type.endsWith("cancellationexception") ? "cancelled" : "unknown_error";
    }
}
