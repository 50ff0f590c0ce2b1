/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import org.jspecify.annotations.Nullable;

/**
 * Who sent it: what an OTLP resource or a Sentry event says about its process.
 *
 * @param service "" when it did not say
 * @param resource a JSON object, or null
 */
record SenderFacts(
        String service,
        @Nullable String environment,
        @Nullable String release,
        @Nullable String runId,
        @Nullable String resource) {
    private static final int MAX_NAME = 256;

    static final SenderFacts UNKNOWN = new SenderFacts("", null, null, null, null);

    static SenderFacts of(Attributes resource) {
        return new SenderFacts(
                bounded(orEmpty(resource.text("service.name"))),
                bounded(resource.text("deployment.environment.name", "deployment.environment")),
                bounded(resource.text("service.version")),
                bounded(resource.text("tracebridge.run.id", "service.instance.id")),
                resource.isEmpty() ? null : resource.json());
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    @org.jspecify.annotations.NullUnmarked
    private static String bounded(String text) {
        return text == null || text.length() <= MAX_NAME ? text : text.substring(0, MAX_NAME);
    }
}
