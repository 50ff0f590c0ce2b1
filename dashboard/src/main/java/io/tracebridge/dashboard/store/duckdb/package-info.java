/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The store on DuckDB. One writer thread appends in transactions, readers use connections of their own. Start with
 * {@link io.tracebridge.dashboard.store.duckdb.DuckDbStore}; tables are in the {@code V*.sql} resources; a reader adds its
 * questions in its own class by {@code Sql}.
 */
@NullMarked
package io.tracebridge.dashboard.store.duckdb;

import org.jspecify.annotations.NullMarked;
