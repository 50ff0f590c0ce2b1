/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

/** How much the data takes: blocks in use and the write-ahead log on disk, tables in memory. */
final class Usage {
    private static final String IN_MEMORY =
            "SELECT coalesce(sum(memory_usage_bytes), 0)::BIGINT FROM duckdb_memory() WHERE tag = 'IN_MEMORY_TABLE'";
    private static final String ON_DISK = "SELECT used_blocks * block_size, wal_size FROM pragma_database_size()";

    private Usage() {}

    static long bytes(Sql sql) {
        Long disk = sql.first(ON_DISK, cells -> cells.number() + parse(cells.text()));
        if (disk != null && disk > 0) {
            return disk;
        }
        Long memory = sql.first(IN_MEMORY, Cells::number);
        return memory == null ? 0 : memory;
    }

    /** The engine prints sizes for people: {@code 1.9 MiB}. */
    private static long parse(String size) {
        String[] parts = size.trim().split(" ", 2);
        double number = Double.parseDouble(parts[0]);
        return Math.round(
                switch (parts.length == 1 ? "" : parts[1]) {
                    case "KiB" -> number * 1024;
                    case "MiB" -> number * 1024 * 1024;
                    case "GiB" -> number * 1024 * 1024 * 1024;
                    default -> number;
                });
    }
}
