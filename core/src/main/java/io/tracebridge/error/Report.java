/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.error;

import io.tracebridge.context.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a caller, a log line or a thread's end says about a failure, before it is completed and scrubbed.
 *
 * @param here where it is reported, which may not be where it was thrown
 * @param keepReason why the trace is to be kept
 * @param fingerprint empty: ours, else Sentry's
 * @param category of the breadcrumb that a second sighting leaves
 */
record Report(
        @Nullable Throwable throwable,
        @Nullable LogText log,
        String level,
        boolean handled,
        String mechanism,
        String keepReason,
        Instant time,
        Place here,
        List<String> fingerprint,
        Map<String, Object> tags,
        Map<String, Map<String, Object>> contexts,
        String category) {

    /** @param params not scrubbed yet */
    record LogText(String formatted, @Nullable String template, List<String> params, String logger) {}
}
