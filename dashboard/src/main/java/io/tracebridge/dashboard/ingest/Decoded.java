/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.StoreRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one request came to: records to store, and how many were refused with the first reason. Not thread-safe. */
final class Decoded {
    private final List<StoreRecord> records = new ArrayList<>();
    private final List<EventRecord> events = new ArrayList<>();
    private final List<SeenThrows.Key> throwNotes = new ArrayList<>();
    private long rejected;
    private @Nullable String message;

    void add(StoreRecord record) {
        records.add(record);
    }

    /** An error found inside a span or log; offered apart, because errors are taken when the rest is not. */
    void addEvent(EventRecord event) {
        events.add(event);
    }

    void reject(String why) {
        rejected++;
        if (message == null) {
            message = why;
        }
    }

    /** Says something without refusing anything. */
    void warn(@Nullable String warning) {
        if (message == null) {
            message = warning;
        }
    }

    List<StoreRecord> records() {
        return records;
    }

    List<EventRecord> events() {
        return events;
    }

    /** What was noted of throws on the way; to be taken back when the request is refused. */
    List<SeenThrows.Key> throwNotes() {
        return throwNotes;
    }

    long rejected() {
        return rejected;
    }

    /** The first refusal or warning; null when there was none. */
    @Nullable
    String message() {
        return message;
    }
}
