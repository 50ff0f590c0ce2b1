/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.EventRecord;
import io.tracebridge.dashboard.store.LogRecord;
import io.tracebridge.dashboard.store.MetricPoint;
import io.tracebridge.dashboard.store.RetainedItem;
import io.tracebridge.dashboard.store.SpanRecord;
import io.tracebridge.dashboard.store.StoreRecord;
import org.jspecify.annotations.Nullable;

/** How much memory a record takes, roughly: its long texts and a flat sum for the rest. */
final class RecordSize {
    /** Object, ids and short texts. */
    private static final int FLAT = 600;

    private RecordSize() {}

    static long of(StoreRecord record) {
        long texts = 0;
        if (record instanceof SpanRecord span) {
            texts = length(span.attributes())
                    + length(span.events())
                    + length(span.links())
                    + length(span.statusMessage())
                    + length(span.name())
                    + length(span.operation());
            // a resource is usually one string shared by all spans of a request
        } else if (record instanceof EventRecord event) {
            texts = length(event.payload())
                    + length(event.tags())
                    + length(event.message())
                    + length(event.grouping().explanation());
        } else if (record instanceof LogRecord log) {
            texts = length(log.body()) + length(log.attributes());
        } else if (record instanceof MetricPoint point) {
            texts = length(point.attributes()) + length(point.buckets()) + length(point.exemplars());
        } else if (record instanceof RetainedItem item) {
            texts = length(item.payload()) + length(item.header());
        }
        return FLAT + texts;
    }

    private static long length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
