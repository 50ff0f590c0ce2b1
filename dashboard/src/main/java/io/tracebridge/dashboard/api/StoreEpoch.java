/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.api;

import java.util.concurrent.ThreadLocalRandom;

/** A word that changes when everything that a page knows is void: at each start, and when data were cleared. Thread-safe. */
final class StoreEpoch {
    private volatile String value = fresh();

    String value() {
        return value;
    }

    void next() {
        value = fresh();
    }

    private static String fresh() {
        return String.format("%08x", ThreadLocalRandom.current().nextInt());
    }
}
