/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.http;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;

/** What every answer tells a browser not to do with it. A service may say more, not less. */
final class BrowserRules {
    private static final String NOTHING =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    private BrowserRules() {}

    static HttpResponse apply(Zone zone, RequestHeaders request, HttpResponse response) {
        return response.mapHeaders(headers -> complete(zone, headers));
    }

    private static ResponseHeaders complete(Zone zone, ResponseHeaders headers) {
        ResponseHeadersBuilder complete = headers.toBuilder();
        say(complete, HttpHeaderNames.CONTENT_SECURITY_POLICY, NOTHING);
        say(complete, HttpHeaderNames.X_CONTENT_TYPE_OPTIONS, "nosniff");
        say(complete, HttpHeaderNames.REFERRER_POLICY, "no-referrer");
        say(complete, "cross-origin-opener-policy", "same-origin");
        say(complete, "cross-origin-resource-policy", "same-origin");
        if (zone != Zone.PRIVATE || !headers.status().isSuccess()) {
            say(complete, HttpHeaderNames.CACHE_CONTROL, "no-store");
        }
        return complete.build();
    }

    private static void say(ResponseHeadersBuilder headers, CharSequence name, String value) {
        if (!headers.contains(name)) {
            headers.add(name, value);
        }
    }
}
