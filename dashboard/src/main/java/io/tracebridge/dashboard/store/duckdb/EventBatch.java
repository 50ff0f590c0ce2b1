/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.StoreRecord;
import io.tracebridge.dashboard.store.StoredEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Events of one transaction: each is new, a repetition (ignored), or the second copy of one throw (merged, not counted). */
final class EventBatch {
    private final IssueBook.Draft issues;
    private final Function<StoreRecord, String> runOf;
    private final Map<String, StoredEvent> byId = new HashMap<>();
    private final Map<String, List<String>> idsByTrace = new HashMap<>();
    private final Set<String> stored = new HashSet<>();
    private final Set<String> replaced = new HashSet<>();
    private final Map<String, StoredEvent> toWrite = new HashMap<>();

    EventBatch(List<StoredEvent> known, IssueBook.Draft issues, Function<StoreRecord, String> runOf) {
        this.issues = issues;
        this.runOf = runOf;
        for (StoredEvent event : known) {
            stored.add(event.event().eventId());
            index(event);
        }
    }

    void add(EventRecord event) {
        if (byId.containsKey(event.eventId())) {
            return;
        }
        StoredEvent twin = twin(event);
        if (twin == null) {
            StoredEvent fresh = new StoredEvent(event, issues.join(event, runOf.apply(event)), null);
            index(fresh);
            toWrite.put(event.eventId(), fresh);
            return;
        }
        String earlierId = twin.event().eventId();
        EventRecord both = Merge.events(twin.event(), event);
        String issueId = issues.joinCopy(twin, event, both, runOf.apply(both));
        String otherId = both.eventId().equals(earlierId) ? event.eventId() : earlierId;
        StoredEvent merged = new StoredEvent(both, issueId, otherId);
        if (stored.contains(earlierId)) {
            replaced.add(earlierId);
        }
        toWrite.remove(earlierId);
        index(merged);
        toWrite.put(both.eventId(), merged);
    }

    /** Ids of stored events whose rows are to be removed. */
    Set<String> replaced() {
        return replaced;
    }

    List<StoredEvent> toWrite() {
        return List.copyOf(toWrite.values());
    }

    private @Nullable StoredEvent twin(EventRecord event) {
        for (String id : idsByTrace.getOrDefault(event.traceId() == null ? "" : event.traceId(), List.of())) {
            StoredEvent other = byId.get(id);
            if (other != null && Merge.sameThrow(other.event(), event)) {
                return other;
            }
        }
        return null;
    }

    private void index(StoredEvent event) {
        String id = event.event().eventId();
        String trace = event.event().traceId();
        byId.put(id, event);
        if (event.twinId() != null) {
            // found under the ids of both copies, so that neither is counted when it is sent again
            byId.put(event.twinId(), event);
        }
        if (trace != null) {
            idsByTrace.computeIfAbsent(trace, unused -> new ArrayList<>()).add(id);
        }
    }
}
