/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.examples.scene;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.jspecify.annotations.Nullable;

/** Jobs and scenes in H2. Its statements' spans come from OpenTelemetry's JDBC instrumentation. */
final class SceneStore implements AutoCloseable {
    private static final AtomicInteger OPENED = new AtomicInteger();

    private final JdbcConnectionPool pool;
    private final DataSource database;

    private SceneStore(JdbcConnectionPool pool, DataSource database) {
        this.pool = pool;
        this.database = database;
    }

    /** A database in memory that ends with the pool. */
    static SceneStore open(OpenTelemetry openTelemetry) throws SQLException {
        // the database's name is in the names of its spans: few, and the same each time
        JdbcConnectionPool pool = JdbcConnectionPool.create(
                "jdbc:h2:mem:scenes" + OPENED.getAndIncrement() + ";DB_CLOSE_DELAY=-1", "sa", "");
        pool.setMaxConnections(16);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE job (id VARCHAR PRIMARY KEY, status VARCHAR NOT NULL,"
                    + " trace_id VARCHAR, scene_id VARCHAR, error VARCHAR)");
            statement.execute("CREATE TABLE scene (id VARCHAR PRIMARY KEY, project_id VARCHAR NOT NULL,"
                    + " slug VARCHAR NOT NULL, title VARCHAR NOT NULL, svg CLOB NOT NULL, UNIQUE (project_id, slug))");
            statement.execute("CREATE TABLE layer (scene_id VARCHAR NOT NULL REFERENCES scene, position INT NOT NULL,"
                    + " effect VARCHAR NOT NULL)");
        }
        return new SceneStore(pool, JdbcTelemetry.create(openTelemetry).wrap(pool));
    }

    /**
     * One row of {@code job}.
     *
     * @param status {@code queued}, {@code done} or {@code failed}
     */
    record JobRow(
            String id,
            String status,
            @Nullable String traceId,
            @Nullable String sceneId,
            @Nullable String error) {}

    void insertJob(String id, @Nullable String traceId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO job (id, status, trace_id) VALUES (?, 'queued', ?)")) {
            insert.setString(1, id);
            insert.setString(2, traceId);
            insert.executeUpdate();
        }
    }

    void finishJob(String id, @Nullable String sceneId, @Nullable String error) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE job SET status = ?, scene_id = ?, error = ? WHERE id = ?")) {
            update.setString(1, error == null ? "done" : "failed");
            update.setString(2, sceneId);
            update.setString(3, error);
            update.setString(4, id);
            update.executeUpdate();
        }
    }

    @Nullable
    JobRow findJob(String id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                        "SELECT id, status, trace_id, scene_id, error FROM job WHERE id = ?")) {
            query.setString(1, id);
            try (ResultSet row = query.executeQuery()) {
                return row.next()
                        ? new JobRow(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5))
                        : null;
            }
        }
    }

    @Nullable
    String findSvg(String sceneId) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement("SELECT svg FROM scene WHERE id = ?")) {
            query.setString(1, sceneId);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? row.getString(1) : null;
            }
        }
    }

    /**
     * Saves a scene with its layers in one transaction.
     * @param slug unique in its project
     * @return the scene's id
     * @throws SQLException with state 23505 when the slug is taken
     */
    String saveScene(String projectId, String slug, Scene scene, String svg) throws SQLException {
        String id = UUID.randomUUID().toString();
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                insertScene(connection, id, projectId, slug, scene, svg);
                insertLayers(connection, id, scene);
                connection.commit();
            } catch (SQLException failed) {
                connection.rollback();
                throw failed;
            } finally {
                connection.setAutoCommit(true);
            }
        }
        return id;
    }

    private static void insertScene(
            Connection connection, String id, String projectId, String slug, Scene scene, String svg)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO scene (id, project_id, slug, title, svg) VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, id);
            insert.setString(2, projectId);
            insert.setString(3, slug);
            insert.setString(4, scene.title());
            insert.setString(5, svg);
            insert.executeUpdate();
        }
    }

    private static void insertLayers(Connection connection, String id, Scene scene) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO layer (scene_id, position, effect) VALUES (?, ?, ?)")) {
            for (int i = 0; i < scene.layers().size(); i++) {
                insert.setString(1, id);
                insert.setInt(2, i);
                insert.setString(3, scene.layers().get(i).effect());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    @Override
    public void close() {
        pool.dispose();
    }
}
