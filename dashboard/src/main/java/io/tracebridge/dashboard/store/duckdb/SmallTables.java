/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.SQLException;
import org.duckdb.DuckDBConnection;

/**
 * Removes rows so that their room comes back. The engine frees the room of removed rows when it merges row groups into fewer,
 * which never happens in a table of one or two: the first is merged with what follows only when that has grown as large. So a
 * table that small is written anew.
 */
final class SmallTables {
    /** Two of the engine's row groups. */
    private static final long MAX_ROWS = 245_760;

    /** With fewer gone there is little to win. */
    private static final double MIN_REMOVED = 0.05;

    private SmallTables() {}

    /** Within a transaction; returns how many rows were removed. */
    static long remove(DuckDBConnection connection, String table, String condition) throws SQLException {
        long removed = Sql.update(connection, "DELETE FROM " + table + " WHERE " + condition);
        if (removed > 0) {
            long left = Sql.list(connection, "SELECT count(*) FROM " + table, Cells::number)
                    .get(0);
            if (left > 0 && left <= MAX_ROWS && removed >= MIN_REMOVED * left) {
                writeAnew(connection, table);
            }
        }
        return removed;
    }

    private static void writeAnew(DuckDBConnection connection, String table) throws SQLException {
        long last = Sql.list(connection, "SELECT max(rowid) FROM " + table, Cells::number)
                .get(0);
        Sql.execute(connection, "INSERT INTO " + table + " SELECT * FROM " + table);
        Sql.execute(connection, "DELETE FROM " + table + " WHERE rowid <= " + last);
    }
}
