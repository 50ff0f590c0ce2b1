/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import io.tracebridge.dashboard.store.StoreQueryException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs read queries on connections of their own, a few at a time, each for {@value #TIMEOUT_SECONDS} seconds at most.
 *
 * <p>Thread-safe. A caller waits for a free connection; a query never waits for the writer.
 */
final class Sql implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("io.tracebridge.dashboard");
    static final int TIMEOUT_SECONDS = 10;
    static final int CONNECTIONS = 4;

    private final BlockingQueue<DuckDBConnection> free = new ArrayBlockingQueue<>(CONNECTIONS);
    /** One that is not among these is closed when it comes back. */
    private final Set<DuckDBConnection> current = ConcurrentHashMap.newKeySet();

    private volatile boolean connected;

    /** Makes one value of one result row. */
    interface Mapper<T> {
        T map(Cells cells) throws SQLException;
    }

    Sql(DuckDBConnection database) throws SQLException {
        connect(database);
    }

    /** Makes connections to a database that was opened anew. */
    synchronized void connect(DuckDBConnection database) throws SQLException {
        for (int i = 0; i < CONNECTIONS; i++) {
            DuckDBConnection connection = database.duplicate();
            current.add(connection);
            free.add(connection);
        }
        connected = true;
    }

    /**
     * All rows of a query.
     * @param parameters bound to the question marks in order: strings, numbers, booleans, null, or a {@code List<String>} for
     *     {@code IN (SELECT unnest(?::VARCHAR[]))}
     * @throws StoreQueryException when the engine refuses, the time is up or the store is closed
     */
    <T> List<T> list(String query, Mapper<T> mapper, @Nullable Object... parameters) {
        DuckDBConnection connection = borrow();
        try {
            return list(connection, query, mapper, parameters);
        } catch (SQLException e) {
            throw new StoreQueryException(query, e);
        } finally {
            giveBack(connection);
        }
    }

    /** A value of one result row, to be used at once. */
    interface RowReader {
        void read(Cells cells) throws SQLException;
    }

    /** Each row of a query as it comes, none of them kept. As {@link #list}, but as long as it takes. */
    void forEach(String query, RowReader reader) {
        DuckDBConnection connection = borrow();
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                reader.read(new Cells(result));
            }
        } catch (SQLException e) {
            throw new StoreQueryException(query, e);
        } finally {
            giveBack(connection);
        }
    }

    /** Queries that see the same data. */
    interface Snapshot<T> {
        T read(DuckDBConnection connection) throws SQLException;
    }

    /**
     * Runs several queries on one connection as of one moment.
     * @throws StoreQueryException when the engine refuses, the time is up or the store is closed
     */
    <T> T snapshot(Snapshot<T> queries) {
        DuckDBConnection connection = borrow();
        try {
            execute(connection, "BEGIN TRANSACTION READ ONLY");
            try {
                return queries.read(connection);
            } finally {
                // nothing was written: this only lets the moment go
                execute(connection, "ROLLBACK");
            }
        } catch (SQLException e) {
            throw new StoreQueryException("several queries at one moment", e);
        } finally {
            giveBack(connection);
        }
    }

    /** The first row, or null when there is none. */
    <T> @Nullable T first(String query, Mapper<T> mapper, @Nullable Object... parameters) {
        List<T> rows = list(query, mapper, parameters);
        return rows.isEmpty() ? null : rows.get(0);
    }

    /** The same on a given connection: for the writer, inside its transaction. */
    static <T> List<T> list(DuckDBConnection connection, String query, Mapper<T> mapper, @Nullable Object... parameters)
            throws SQLException {
        List<T> rows = new ArrayList<>();
        try (PreparedStatement statement = prepare(connection, query, parameters);
                ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(mapper.map(new Cells(result)));
            }
        }
        return rows;
    }

    static int update(DuckDBConnection connection, String query, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, query, parameters)) {
            return statement.executeUpdate();
        }
    }

    static void execute(DuckDBConnection connection, String script) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(script);
        }
    }

    private static PreparedStatement prepare(DuckDBConnection connection, String query, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query);
        statement.setQueryTimeout(TIMEOUT_SECONDS);
        for (int i = 0; i < parameters.length; i++) {
            Object value = parameters[i];
            if (value instanceof List<?> texts) {
                value = connection.createArrayOf("VARCHAR", texts.toArray());
            }
            statement.setObject(i + 1, value);
        }
        return statement;
    }

    private synchronized void giveBack(DuckDBConnection connection) {
        if (!current.contains(connection) || !free.offer(connection)) {
            try {
                connection.close();
            } catch (SQLException e) {
                // its database is gone, and so is it
                LOG.debug("closing a read connection", e);
            }
        }
    }

    private DuckDBConnection borrow() {
        if (!connected) {
            throw new StoreQueryException("the database is closed now", null);
        }
        try {
            DuckDBConnection connection = free.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (connection == null) {
                throw new StoreQueryException("no free connection", null);
            }
            return connection;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreQueryException("interrupted", e);
        }
    }

    /** Closes connections as they become free, and refuses questions until {@link #connect}. */
    @Override
    public synchronized void close() throws SQLException {
        connected = false;
        current.clear();
        for (DuckDBConnection connection = free.poll(); connection != null; connection = free.poll()) {
            connection.close();
        }
    }
}
