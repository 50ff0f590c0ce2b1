/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.dashboard.ingest.grouping.ErrorFacts;
import io.tracebridge.dashboard.ingest.grouping.Grouper;
import io.tracebridge.dashboard.ingest.grouping.Grouping;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.scrub.Scrubber;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts the record of an event from its grouping; the explanation is stored in the shape the API shows. */
final class GroupedEvents {
    private static final int MAX_MESSAGE = 1_024;
    private static final int MAX_PARTS = 200;
    private static final int MAX_PART = 512;

    private GroupedEvents() {}

    /** A builder with type, message, culprit and grouping set; texts are expected scrubbed. */
    static EventRecord.Builder start(String eventId, ErrorFacts facts) {
        Grouping grouping = Grouper.group(facts);
        var stored = new io.tracebridge.dashboard.store.Grouping(
                Grouper.VERSION, grouping.keys(), explanation(grouping, facts));
        return EventRecord.builder(eventId, stored)
                .type(Scrubber.cut(grouping.type(), MAX_MESSAGE))
                .message(Scrubber.cut(grouping.title(), MAX_MESSAGE))
                .culprit(grouping.culprit().isEmpty() ? null : Scrubber.cut(grouping.culprit(), MAX_MESSAGE));
    }

    private static String explanation(Grouping grouping, ErrorFacts facts) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", Grouper.VERSION);
        json.put("by", grouping.by());
        json.put("sentence", grouping.sentence());
        List<Map<String, Object>> parts = new ArrayList<>();
        for (Grouping.Part part :
                grouping.parts().subList(0, Math.min(MAX_PARTS, grouping.parts().size()))) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("kind", part.kind());
            shown.put("value", Scrubber.cut(part.value(), MAX_PART));
            shown.put("counts", part.counts());
            shown.put("why", part.why());
            parts.add(shown);
        }
        json.put("parts", parts);
        json.put("fingerprint", facts.fingerprint().isEmpty() ? List.of("{{ default }}") : facts.fingerprint());
        json.put("hash", grouping.keys().get(0));
        Grouping.RootCause root = grouping.rootCause();
        if (root != null) {
            json.put(
                    "rootCause",
                    Map.of(
                            "type", Scrubber.cut(root.type(), MAX_PART),
                            "message", Scrubber.cut(root.message(), MAX_PART),
                            "culprit", Scrubber.cut(root.culprit(), MAX_PART)));
        }
        return Attributes.json(json);
    }
}
