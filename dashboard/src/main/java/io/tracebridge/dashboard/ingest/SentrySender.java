/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds who sent an event or a transaction; Sentry has no field for a service, so the usual places are tried. */
final class SentrySender {
    private SentrySender() {}

    static SenderFacts of(JsonNode event, Context context) {
        JsonNode resource = event.path("contexts").path("otel").path("resource");
        Attributes attributes = context.attributes();
        resource.properties().forEach(field -> attributes.put(field.getKey(), Plain.of(field.getValue())));
        SenderFacts byResource = SenderFacts.of(attributes);
        String service = byResource.service();
        for (String tag : new String[] {"service.name", "service"}) {
            String named = service.isEmpty() ? tag(event, tag) : null;
            service = named == null ? service : named;
        }
        if (service.isEmpty()) {
            service = Json.text(event.path("contexts").path("app"), "app_name", "");
        }
        String environment = Json.text(event, "environment");
        String release = Json.text(event, "release");
        return new SenderFacts(
                context.text(service, Context.MAX_NAME),
                environment == null ? byResource.environment() : context.text(environment, Context.MAX_NAME),
                release == null ? byResource.release() : context.text(release, Context.MAX_NAME),
                byResource.runId(),
                byResource.resource());
    }

    /** Tags are an object, or a list of pairs. */
    static @Nullable String tag(JsonNode event, String name) {
        JsonNode tags = event.path("tags");
        if (tags.isObject()) {
            return Json.text(tags, name);
        }
        for (JsonNode pair : tags) {
            if (pair.size() == 2 && pair.get(0).asText().equals(name)) {
                return pair.get(1).asText();
            }
        }
        return null;
    }

    static void tags(JsonNode event, Attributes into) {
        JsonNode tags = event.path("tags");
        if (tags.isObject()) {
            for (Map.Entry<String, JsonNode> tag : tags.properties()) {
                into.put(tag.getKey(), tag.getValue().asText());
            }
            return;
        }
        for (JsonNode pair : tags) {
            if (pair.size() == 2) {
                into.put(pair.get(0).asText(), pair.get(1).asText());
            }
        }
    }
}
