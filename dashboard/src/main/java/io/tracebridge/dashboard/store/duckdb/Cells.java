/* SPDX-License-Identifier: Apache-2.0 */
package io.tracebridge.dashboard.store.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Reads the columns of one result row in order, nulls included. */
final class Cells {
    private final ResultSet row;
    private int column;

    Cells(ResultSet row) {
        this.row = row;
    }

    /** A NOT NULL text column. */
    String text() throws SQLException {
        String value = row.getString(++column);
        return value == null ? "" : value;
    }

    @Nullable
    String textOrNull() throws SQLException {
        return row.getString(++column);
    }

    long number() throws SQLException {
        return row.getLong(++column);
    }

    @Nullable
    Long numberOrNull() throws SQLException {
        long value = row.getLong(++column);
        return row.wasNull() ? null : value;
    }

    int integer() throws SQLException {
        return row.getInt(++column);
    }

    double real() throws SQLException {
        return row.getDouble(++column);
    }

    @Nullable
    Double realOrNull() throws SQLException {
        double value = row.getDouble(++column);
        return row.wasNull() ? null : value;
    }

    boolean flag() throws SQLException {
        return row.getBoolean(++column);
    }

    @Nullable
    Boolean flagOrNull() throws SQLException {
        boolean value = row.getBoolean(++column);
        return row.wasNull() ? null : value;
    }
}
