/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store;

import java.util.List;

/**
 * What decides the issue of an event. An event joins the issue that owns any of its keys, in the order of the list;
 * when none is known a new issue takes them all. Keys an issue lacked are added to it, which is how a newer algorithm
 * finds the issues of an older one.
 *
 * @param version of the algorithm that made the keys
 * @param keys hashes, the deciding one first; at least one
 * @param explanation a JSON object: parts that counted, and why others did not
 * @since 0.1
 */
public record Grouping(int version, List<String> keys, String explanation) {
    public Grouping {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a grouping needs a key");
        }
    }
}
