/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.Source;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.SpanStatus;
import io.tracebridge.dashboard.store.StoredSpan;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes one record of two copies. OpenTelemetry's copy of a span leads, since nothing was translated on its way; Sentry's copy
 * of an event leads, since it has the context. Copies by the same protocol: the later leads.
 */
final class Merge {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Merge() {}

    /** Whether two spans with the same ids are one: an unnamed service is any service. */
    static boolean sameService(String one, String other) {
        return one.equals(other) || one.isEmpty() || other.isEmpty();
    }

    static StoredSpan spans(StoredSpan earlier, StoredSpan later) {
        boolean earlierLeads = leads(earlier.span().sources(), later.span().sources(), Source.OTLP);
        SpanRecord lead = earlierLeads ? earlier.span() : later.span();
        SpanRecord other = earlierLeads ? later.span() : earlier.span();
        boolean failed = lead.status() == SpanStatus.ERROR || other.status() == SpanStatus.ERROR;
        SpanRecord merged = lead.toBuilder()
                .parentId(either(lead.parentId(), other.parentId()))
                .service(lead.service().isEmpty() ? other.service() : lead.service())
                .environment(either(lead.environment(), other.environment()))
                .release(either(lead.release(), other.release()))
                .runId(either(lead.runId(), other.runId()))
                .status(failed ? SpanStatus.ERROR : lead.status() == SpanStatus.UNSET ? other.status() : lead.status())
                .errorType(either(lead.errorType(), other.errorType()))
                .segmentRoot(lead.segmentRoot() || other.segmentRoot())
                .sources(lead.sources() | other.sources())
                .weight(lead.weight() == null ? other.weight() : lead.weight())
                .keptBecause(either(lead.keptBecause(), other.keptBecause()))
                .statusMessage(either(lead.statusMessage(), other.statusMessage()))
                .attributes(union(other.attributes(), lead.attributes()))
                .events(longer(lead.events(), other.events()))
                .links(longer(lead.links(), other.links()))
                .resource(unionOrNull(other.resource(), lead.resource()))
                .build();
        return new StoredSpan(merged, Math.max(earlier.storedWeight(), later.storedWeight()));
    }

    /**
     * Whether two events are one throw seen by both protocols. The span may differ when the message is the same: an
     * instrumentation records the exception on its own span, and the application's step around it reports it.
     */
    static boolean sameThrow(EventRecord one, EventRecord other) {
        return one.traceId() != null
                && one.traceId().equals(other.traceId())
                && (Objects.equals(one.spanId(), other.spanId()) || sameMessage(one, other))
                && !one.type().isEmpty()
                && one.type().equals(other.type())
                && (one.sources() & other.sources()) == 0
                && Math.abs(one.timeNanos() - other.timeNanos()) <= 1_000_000_000L;
    }

    private static boolean sameMessage(EventRecord one, EventRecord other) {
        return !one.message().isEmpty() && one.message().equals(other.message());
    }

    static EventRecord events(EventRecord earlier, EventRecord later) {
        boolean earlierLeads = leads(earlier.sources(), later.sources(), Source.SENTRY);
        EventRecord lead = earlierLeads ? earlier : later;
        EventRecord other = earlierLeads ? later : earlier;
        return lead.toBuilder()
                .service(lead.service().isEmpty() ? other.service() : lead.service())
                .environment(either(lead.environment(), other.environment()))
                .release(either(lead.release(), other.release()))
                .runId(either(lead.runId(), other.runId()))
                .culprit(either(lead.culprit(), other.culprit()))
                .handled(lead.handled() == null ? other.handled() : lead.handled())
                .transaction(either(lead.transaction(), other.transaction()))
                .sources(lead.sources() | other.sources())
                .build();
    }

    private static boolean leads(int earlier, int later, int leader) {
        return (earlier & leader) != 0 && (later & leader) == 0;
    }

    private static @Nullable String either(@Nullable String first, @Nullable String second) {
        return first == null || first.isEmpty() ? second : first;
    }

    private static @Nullable String longer(@Nullable String first, @Nullable String second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return second.length() > first.length() ? second : first;
    }

    private static @Nullable String unionOrNull(@Nullable String weaker, @Nullable String stronger) {
        if (weaker == null || stronger == null) {
            return stronger == null ? weaker : stronger;
        }
        return union(weaker, stronger);
    }

    private static String union(String weaker, String stronger) {
        if (weaker.equals(stronger) || weaker.equals("{}")) {
            return stronger;
        }
        try {
            JsonNode base = JSON.readTree(weaker);
            JsonNode over = JSON.readTree(stronger);
            if (base instanceof ObjectNode object && over instanceof ObjectNode values) {
                return JSON.writeValueAsString(object.setAll(values));
            }
            return stronger;
        } catch (JsonProcessingException e) {
            // ingest writes JSON; were it not, the stronger text is kept as it is
            return stronger;
        }
    }
}
