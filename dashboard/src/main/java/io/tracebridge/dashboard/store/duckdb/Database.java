/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreOpenException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Properties;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: locked down, migrated, one connection to write and a few to read. After a fatal error, such as a full disk in the
 * middle of a checkpoint, the engine answers nothing any more until it is opened anew: {@link #reopen}.
 */
final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    private static final long MIB = 1 << 20;
    /** What the engine may take beside the data of a store in memory. */
    private static final long WORKING_BYTES = 384 * MIB;
    /** What the write-ahead log may reach before it is worked into the file; read again at a start after a crash. */
    private static final long WAL_BYTES = 64 * MIB;

    private final DuckDbOptions options;
    private final @Nullable DataFolder folder;
    private final Sql reads;
    private volatile DuckDBConnection connection;
    private volatile DuckDBConnection derivedWrites;
    private volatile DuckDBConnection rollupWrites;
    private volatile boolean open = true;

    private Database(DuckDbOptions options, @Nullable DataFolder folder, DuckDBConnection connection)
            throws SQLException {
        this.options = options;
        this.folder = folder;
        this.connection = connection;
        this.derivedWrites = connection.duplicate();
        this.rollupWrites = connection.duplicate();
        this.reads = new Sql(connection);
    }

    static Database open(DuckDbOptions options) {
        DataFolder folder = options.folder() == null ? null : DataFolder.open(options.folder());
        DriverLibrary.load();
        DuckDBConnection connection = connect(options, folder);
        try {
            migrate(connection, folder);
            return new Database(options, folder, connection);
        } catch (SQLException | RuntimeException e) {
            closeQuietly(connection);
            throw e instanceof StoreOpenException told ? told : notMigrated(e);
        }
    }

    private static void migrate(DuckDBConnection connection, @Nullable DataFolder folder) throws SQLException {
        Migrations.run(connection);
        if (folder != null) {
            folder.protect();
        }
    }

    private static StoreOpenException notMigrated(Exception cause) {
        return new StoreOpenException("The data cannot be brought to this version: " + cause.getMessage(), cause);
    }

    /** Whether the engine answers at all; false after a fatal error. */
    boolean answers() {
        if (!open) {
            return false;
        }
        try {
            return !Sql.list(connection, "SELECT 1", Cells::number).isEmpty();
        } catch (SQLException e) {
            LOG.debug("the engine does not answer", e);
            return false;
        }
    }

    /**
     * Closes every connection and opens the data again. Whoever kept a connection must fetch it anew. A database in memory is empty
     * afterwards. Can be called again when it failed.
     * @throws StoreOpenException when the data cannot be opened now
     */
    void reopen() {
        open = false;
        // all of them: while one lives, the driver gives out the broken engine again
        closeAll();
        DuckDBConnection fresh = connect(options, folder);
        try {
            migrate(fresh, folder);
            derivedWrites = fresh.duplicate();
            rollupWrites = fresh.duplicate();
            reads.connect(fresh);
            connection = fresh;
            open = true;
        } catch (SQLException | RuntimeException e) {
            closeAll();
            closeQuietly(fresh);
            throw e instanceof StoreOpenException told ? told : notMigrated(e);
        }
    }

    /** For the writer's thread only. */
    DuckDBConnection writes() {
        return connection;
    }

    /** For what is derived from spans; its user locks. */
    DuckDBConnection derivedWrites() {
        return derivedWrites;
    }

    /** For what is summed up; its user locks. */
    DuckDBConnection rollupWrites() {
        return rollupWrites;
    }

    Sql reads() {
        return reads;
    }

    /** To be called after writes. */
    void protect() {
        if (folder != null) {
            folder.protect();
        }
    }

    @Override
    public void close() {
        open = false;
        closeAll();
    }

    private void closeAll() {
        try {
            reads.close();
        } catch (SQLException e) {
            LOG.debug("closing read connections", e);
        }
        closeQuietly(rollupWrites);
        closeQuietly(derivedWrites);
        closeQuietly(connection);
    }

    private static DuckDBConnection connect(DuckDbOptions options, @Nullable DataFolder folder) {
        String file = folder == null ? "" : folder.file().toString();
        DuckDBConnection connection = null;
        try {
            connection =
                    (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:" + file, settings(options, folder));
            // from here on no statement reads or writes a file, loads code or changes a setting
            Sql.execute(connection, "SET enable_external_access = false");
            Sql.execute(connection, "SET lock_configuration = true");
            return connection;
        } catch (SQLException e) {
            if (connection != null) {
                closeQuietly(connection);
            }
            throw new StoreOpenException(explain(file, e), e);
        }
    }

    private static Properties settings(DuckDbOptions options, @Nullable DataFolder folder) {
        Properties settings = new Properties();
        long memory = WORKING_BYTES + (folder == null ? options.maxBytes() : 0);
        settings.setProperty("memory_limit", memory / MIB + "MiB");
        settings.setProperty("threads", "2");
        // each checkpoint compresses the newest rows anew: at the default of 16 MiB that costs more than writing them
        settings.setProperty("wal_autocheckpoint", Math.min(WAL_BYTES, options.maxBytes() / 8) / MIB + 1 + "MiB");
        // row groups of a table that one checkpoint merges, so that it does not hold writing up for long
        settings.setProperty("max_vacuum_tasks", "8");
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        settings.setProperty(
                "temp_directory",
                folder == null ? "" : folder.path().resolve("spill").toString());
        settings.setProperty("max_temp_directory_size", "1GiB");
        return settings;
    }

    private static String explain(String file, SQLException e) {
        String text = String.valueOf(e.getMessage());
        if (text.toLowerCase(Locale.ROOT).contains("could not set lock")) {
            return "The folder " + Path.of(file).getParent()
                    + " is in use by another dashboard. Stop that one, or choose another folder with --data.";
        }
        boolean broken = text.contains("not a valid DuckDB database");
        return "Cannot open the data in " + (file.isEmpty() ? "memory" : file) + ": "
                + text.lines().findFirst().orElse("")
                + (broken ? " Move that file away, or choose another folder with --data." : "");
    }

    private static void closeQuietly(DuckDBConnection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing the database", e);
        }
    }
}
