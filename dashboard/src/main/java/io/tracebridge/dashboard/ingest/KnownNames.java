/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.ingest;

import io.tracebridge.dashboard.store.IngestLedger;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a sender with ids in its names from making as many operations or series as there are calls: the first
 * {@value #MAX_OPERATIONS} operations and {@value #MAX_SERIES} series of this process are kept apart, the rest share one.
 *
 * <p>Thread-safe. Threads that meet at the bound may pass it by one each; it bounds memory and promises no exact number.
 */
final class KnownNames {
    static final int MAX_OPERATIONS = 2_000;
    static final int MAX_SERIES = 5_000;
    static final String OTHER = "__other__";

    private final Set<String> operations = ConcurrentHashMap.newKeySet();
    private final Set<String> series = ConcurrentHashMap.newKeySet();

    String operation(String service, String operation, IngestLedger ledger) {
        if (isKnown(operations, service + '\0' + operation, MAX_OPERATIONS)) {
            return operation;
        }
        ledger.noted("all", "operation", "overflow", 1);
        return OTHER;
    }

    /** False for a point of a series past the bound: its attributes are left out. */
    boolean isKnownSeries(String service, String metric, String attributes, IngestLedger ledger) {
        // by hash: attributes may be as large as a sender likes
        if (isKnown(series, Ids.derived(service, metric, attributes), MAX_SERIES)) {
            return true;
        }
        ledger.noted("all", "series", "overflow", 1);
        return false;
    }

    /** To be called when what they named was cleared. */
    void forgetAll() {
        operations.clear();
        series.clear();
    }

    private static boolean isKnown(Set<String> known, String name, int max) {
        if (known.contains(name)) {
            return true;
        }
        if (known.size() >= max) {
            return false;
        }
        known.add(name);
        return true;
    }
}
