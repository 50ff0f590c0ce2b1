/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.sentry;

import io.sentry.SentryEnvelope;
import io.sentry.SentryEnvelopeItem;
import io.sentry.SentryItemType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What an envelope carries, in the words of Sentry's data categories.
 *
 * @param category of the item that decides how the envelope is treated
 * @param id the event id, or a random one where there is none
 * @param quantities what is lost if it is lost
 */
record EnvelopeContents(String category, String id, Map<String, Integer> quantities) {
    static final String ERROR = "error";

    static EnvelopeContents of(SentryEnvelope envelope, int spans) {
        Map<String, Integer> quantities = new LinkedHashMap<>();
        for (SentryEnvelopeItem item : envelope.getItems()) {
            Integer count = item.getHeader().getItemCount();
            quantities.merge(category(item.getHeader().getType()), count == null ? 1 : count, Integer::sum);
        }
        if (quantities.containsKey("transaction") && spans > 0) {
            quantities.put("span", spans);
        }
        String category = quantities.containsKey(ERROR)
                ? ERROR
                : quantities.keySet().stream().findFirst().orElse("default");
        return new EnvelopeContents(category, id(envelope), quantities);
    }

    /** Whether it must be on disk before the capturing call returns. */
    boolean isError() {
        return category.equals(ERROR);
    }

    private static String id(SentryEnvelope envelope) {
        var eventId = envelope.getHeader().getEventId();
        return eventId == null ? UUID.randomUUID().toString().replace("-", "") : eventId.toString();
    }

    private static String category(SentryItemType type) {
        return switch (type) {
            case Event -> ERROR;
            case Transaction -> "transaction";
            case Session -> "session";
            case Attachment -> "attachment";
            case UserFeedback -> "user_report";
            case Feedback -> "feedback";
            case Profile -> "profile";
            case ProfileChunk -> "profile_chunk";
            case CheckIn -> "monitor";
            case ReplayEvent, ReplayRecording, ReplayVideo -> "replay";
            case Log -> "log_item";
            case TraceMetric -> "trace_metric";
            case Span -> "span";
            case ClientReport -> "internal";
            default -> "default";
        };
    }
}
