/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreContract;

class MemoryStoreTest extends StoreContract {
    @Override
    protected Store open() {
        return DuckDbStore.open(new DuckDbOptions(null, 64 << 20, 16 << 20, "own-run"));
    }
}
