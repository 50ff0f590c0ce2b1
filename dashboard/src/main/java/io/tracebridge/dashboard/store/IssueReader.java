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
