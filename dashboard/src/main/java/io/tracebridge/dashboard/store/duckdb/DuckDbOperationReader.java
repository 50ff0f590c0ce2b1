/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.OperationReader;

/** Answers about operations. */
final class DuckDbOperationReader implements OperationReader {
    DuckDbOperationReader(Sql sql) {}
}
