/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions about issues and events. Who needs another answer adds a method here and its SQL in the engine's class of the
 * same name.
 *
 * <p>Thread-safe; each call is one query on a read connection and may take milliseconds.
 * @since 0.1
 */
public interface IssueReader {
    /** Issues with an event that passes the filter, the most recently seen first. */
    List<IssueRecord> issues(Filter filter, int limit, int offset);

    /** Issues with an event that passes. */
    List<IssueLine> lines(IssueQuery query, int limit, int offset);

    /** How many there are in all. */
    long count(IssueQuery query);

    /** The line of one issue over all its events, or null. */
    @Nullable
    IssueLine line(String issueId);

    /** Events by issue in equal slices of the selection, which must have both ends. */
    List<Slice> slices(Selection selection, List<String> issueIds, int slices);

    /** Issues of each of the traces. */
    List<TraceIssue> issuesOfTraces(List<String> traceIds);

    /** Traces in which the issue happened, newest first. */
    List<String> tracesOfIssue(String issueId, int limit);

    /** How many events of the issue are kept, and how many of them are older than the given one. */
    Position position(String issueId, EventRecord event);

    /** Events in one slice. */
    record Slice(String issueId, int slice, long events) {}

    /** An issue of a trace, with the number of its events there. */
    record TraceIssue(String traceId, String issueId, long events) {}

    /** Where an event is among those of its issue, by time. */
    record Position(
            long older,
            long all,
            @Nullable String olderId,
            @Nullable String newerId) {}

    /** The issue, or null when there is none with this id. */
    @Nullable
    IssueRecord issue(String issueId);

    /** Events of an issue that are still kept, newest first. */
    List<StoredEvent> events(String issueId, int limit, int offset);

    /** The event, or null. */
    @Nullable
    StoredEvent event(String eventId);

    /** Events that happened in a trace, oldest first. */
    List<StoredEvent> eventsOfTrace(String traceId, int limit);
}
