/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.Store;
import io.tracebridge.dashboard.store.StoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DiskStoreTest extends StoreContract {
    @TempDir
    Path folder;

    @Override
    protected Store open() {
        return DuckDbStore.open(new DuckDbOptions(folder.resolve("data"), 64 << 20, 16 << 20, "own-run"));
    }
}
