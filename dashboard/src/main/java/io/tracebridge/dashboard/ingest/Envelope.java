/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Sentry envelope: headers, then items. The items' payloads are windows into the bytes that were received.
 */
record Envelope(ObjectNode header, List<Item> items) {
    /** One item: its header and its payload, not yet decoded. */
    record Item(String type, ObjectNode header, byte[] buffer, int offset, int length) {
        ObjectNode json() throws RejectedException {
            return Json.object(buffer, offset, length, type + " item");
        }
    }

    /** The first item of that type, or null. */
    @Nullable
    Item first(String type) {
        for (Item item : items) {
            if (item.type().equals(type)) {
                return item;
            }
        }
        return null;
    }
}
