/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.tracebridge.dashboard.store.StoreQueryException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Values and failures as JSON. Nothing here is compressed: on one machine that costs more than it saves. */
final class Answers {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private Answers() {}

    static HttpResponse ok(Object value) {
        return json(HttpStatus.OK, value);
    }

    static HttpResponse json(HttpStatus status, Object value) {
        try {
            return HttpResponse.of(headers(status).build(), HttpData.wrap(JSON.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer cannot be written", e);
        }
    }

    /** One line of JSON. */
    static String line(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message cannot be written", e);
        }
    }

    static HttpResponse failure(Throwable failure) {
        if (failure instanceof ApiException told) {
            return error(told.status(), told.code(), told.parameter(), String.valueOf(told.getMessage()));
        }
        if (failure instanceof StoreQueryException) {
            LOG.warn("a question could not be answered in time or at all: {}", failure.getMessage());
            LOG.debug("a question failed", failure);
            return HttpResponse.of(
                    headers(HttpStatus.SERVICE_UNAVAILABLE)
                            .add(HttpHeaderNames.RETRY_AFTER, "1")
                            .build(),
                    HttpData.ofUtf8(line(body(
                            HttpStatus.SERVICE_UNAVAILABLE,
                            "busy",
                            null,
                            "the store did not answer within its time; try again"))));
        }
        LOG.warn("a question failed", failure);
        return error(HttpStatus.INTERNAL_SERVER_ERROR, "internal", null, "the question failed; the log says why");
    }

    static HttpResponse notAllowed(String path, HttpMethod takes) {
        HttpStatus status = HttpStatus.METHOD_NOT_ALLOWED;
        return HttpResponse.of(
                headers(status).add(HttpHeaderNames.ALLOW, takes.name()).build(),
                HttpData.ofUtf8(line(body(status, "method_not_allowed", null, path + " takes " + takes.name()))));
    }

    static HttpResponse error(HttpStatus status, String code, @Nullable String parameter, String message) {
        return json(status, body(status, code, parameter, message));
    }

    private static Map<String, Object> body(
            HttpStatus status, String code, @Nullable String parameter, String message) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("status", status.code());
        error.put("code", code);
        if (parameter != null) {
            error.put("parameter", parameter);
        }
        error.put("message", message);
        return Map.of("error", error);
    }

    private static ResponseHeadersBuilder headers(HttpStatus status) {
        return ResponseHeaders.builder(status)
                .contentType(MediaType.JSON_UTF_8)
                .add(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }
}
