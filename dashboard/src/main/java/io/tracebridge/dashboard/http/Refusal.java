/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;

/** Says no in the language of who asked. Texts are ours: nothing of the request is repeated. */
final class Refusal {
    private Refusal() {}

    static HttpResponse of(Zone zone, HttpStatus status, String code, String message) {
        return switch (zone) {
            case INGEST -> json(status, "{\"detail\":\"" + message + "\"}");
            case API ->
                json(
                        status,
                        "{\"error\":{\"status\":" + status.code() + ",\"code\":\"" + code + "\",\"message\":\""
                                + message + "\"}}");
            case OPEN, PRIVATE -> HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, message + "\n");
        };
    }

    private static HttpResponse json(HttpStatus status, String body) {
        return HttpResponse.of(status, MediaType.JSON_UTF_8, HttpData.ofUtf8(body));
    }
}
