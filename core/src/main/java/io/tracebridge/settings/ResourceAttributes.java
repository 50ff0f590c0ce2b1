/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.settings;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The facts that we read from {@code OTEL_RESOURCE_ATTRIBUTES} ({@code k=v,k2=v2}); null when not named there. */
record ResourceAttributes(
        @Nullable String serviceName,
        @Nullable String instanceId,
        @Nullable String environment) {
    static ResourceAttributes parse(@Nullable String text) {
        Map<String, String> attributes = new HashMap<>();
        for (String pair : text == null ? new String[0] : text.split(",")) {
            int split = pair.indexOf('=');
            if (split > 0 && !pair.substring(split + 1).isBlank()) {
                attributes.put(
                        pair.substring(0, split).strip(),
                        pair.substring(split + 1).strip());
            }
        }
        String current = attributes.get("deployment.environment.name");
        return new ResourceAttributes(
                attributes.get("service.name"),
                attributes.get("service.instance.id"),
                current == null ? attributes.get("deployment.environment") : current);
    }
}
