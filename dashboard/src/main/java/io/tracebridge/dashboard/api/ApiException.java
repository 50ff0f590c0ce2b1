/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.linecorp.armeria.common.HttpStatus;
import org.jspecify.annotations.Nullable;

/** A request that cannot be answered, with what its sender is told. */
final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient HttpStatus status;
    private final String code;
    private final @Nullable String parameter;

    private ApiException(HttpStatus status, String code, @Nullable String parameter, String message) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.parameter = parameter;
    }

    static ApiException badParameter(String parameter, String expected, String value) {
        String shown = value.length() > 80 ? value.substring(0, 80) + "…" : value;
        return new ApiException(
                HttpStatus.BAD_REQUEST,
                "bad_parameter",
                parameter,
                parameter + " must be " + expected + ", was \"" + shown + "\"");
    }

    static ApiException notFound(String what) {
        return new ApiException(
                HttpStatus.NOT_FOUND, "not_found", null, what + " is not stored; it may have been evicted");
    }

    static ApiException missingHeader() {
        return new ApiException(
                HttpStatus.FORBIDDEN, "missing_header", null, "this request needs the header X-Tracebridge: 1");
    }

    HttpStatus status() {
        return status;
    }

    String code() {
        return code;
    }

    @Nullable
    String parameter() {
        return parameter;
    }
}
