/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreOpenException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import org.duckdb.DuckDBConnection;

/** Brings the tables to the version of this program, one numbered script after the other, each in a transaction. */
final class Migrations {
    /** The newest {@code V<n>.sql}. */
    static final int NEWEST = 3;

    private Migrations() {}

    static void run(DuckDBConnection connection) throws SQLException {
        int version = version(connection);
        if (version > NEWEST) {
            throw new StoreOpenException("The data was written by a newer version of the dashboard (format " + version
                    + ", this version reads up to " + NEWEST
                    + "). Use the newer version, or another folder with --data.");
        }
        for (int next = version + 1; next <= NEWEST; next++) {
            Sql.execute(connection, "BEGIN TRANSACTION");
            Sql.execute(connection, script(next));
            Sql.update(connection, "DELETE FROM meta WHERE key = 'schema_version'");
            Sql.update(connection, "INSERT INTO meta VALUES ('schema_version', ?)", String.valueOf(next));
            Sql.execute(connection, "COMMIT");
        }
    }

    private static int version(DuckDBConnection connection) throws SQLException {
        List<Long> tables = Sql.list(
                connection, "SELECT count(*) FROM information_schema.tables WHERE table_name = 'meta'", Cells::number);
        if (tables.get(0) == 0) {
            return 0;
        }
        List<String> versions =
                Sql.list(connection, "SELECT value FROM meta WHERE key = 'schema_version'", Cells::text);
        return versions.isEmpty() ? 0 : Integer.parseInt(versions.get(0));
    }

    private static String script(int version) {
        try (InputStream script = Migrations.class.getResourceAsStream("V" + version + ".sql")) {
            if (script == null) {
                throw new IllegalStateException("no script for version " + version);
            }
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
