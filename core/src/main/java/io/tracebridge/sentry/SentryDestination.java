/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import java.net.URI;
import java.util.Map;

/**
 * Where envelopes of one DSN go.
 *
 * @param endpoint the envelope endpoint: no credential in it, so it may name a folder on disk and stand in logs
 * @param headers to be sent with every request; they carry the key
 */
public record SentryDestination(URI endpoint, Map<String, String> headers) {
    public SentryDestination {
        headers = Map.copyOf(headers);
    }

    /** Names the endpoint; never a header's value. */
    @Override
    public String toString() {
        return "SentryDestination[" + endpoint + ", headers=" + headers.keySet() + "]";
    }
}
